package meilitest

import (
	"crypto/sha256"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"
)

// The actions that a key may be given.
var actions = []string{"*", "search", "documents.*", "documents.add", "documents.get", "documents.delete", "indexes.*",
	"indexes.create", "indexes.get", "indexes.update", "indexes.delete", "indexes.swap", "tasks.*", "tasks.cancel",
	"tasks.delete", "tasks.get", "settings.*", "settings.get", "settings.update", "stats.*", "stats.get", "metrics.*",
	"metrics.get", "dumps.*", "dumps.create", "snapshots.*", "snapshots.create", "version", "keys.create", "keys.get",
	"keys.update", "keys.delete", "experimental.get", "experimental.update", "export", "network.get", "network.update",
	"chatCompletions", "chats.*", "chats.get", "chats.delete", "chatsSettings.*", "chatsSettings.get", "chatsSettings.update",
	"*.get", "webhooks.*", "webhooks.get", "webhooks.create", "webhooks.update", "webhooks.delete", "indexes.compact"}

var uuidShape = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)

// uuid makes a name of the shape of a UUID out of whatever tells it from others.
func uuid(parts ...any) string {
	sum := sha256.Sum256([]byte(fmt.Sprint(parts...)))
	sum[6], sum[8] = sum[6]&0x0f|0x40, sum[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", sum[0:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
}

// defaultKeys are those that a new server with a master key makes.
func defaultKeys(master string, now time.Time) []*apiKey {
	keys := []*apiKey{
		{name: "Default Chat API Key", description: "Chats and searches.", actions: []string{"chatCompletions", "search"}},
		{name: "Default Read-Only Admin API Key", description: "Reads everything but keys.", actions: []string{"*.get", "keys.get"}},
		{name: "Default Admin API Key", description: "Does everything. Keep it secret.", actions: []string{"*"}},
		{name: "Default Search API Key", description: "Searches. May be shown to everybody.", actions: []string{"search"}},
	}
	for i, k := range keys {
		k.uid = uuid(master, i)
		k.key = secret(master, k.uid)
		k.indexes = []string{"*"}
		k.created, k.updated = now, now
	}
	return keys
}

func keyRoutes() []route {
	return []route{
		{"GET /keys", "keys.get", reading(listKeys)},
		{"POST /keys", "keys.create", createKey},
		{"GET /keys/{key}", "keys.get", reading(func(c *call) (int, any, error) {
			k, err := c.namedKey()
			if err != nil {
				return 0, nil, err
			}
			return http.StatusOK, k.view(), nil
		})},
		{"PATCH /keys/{key}", "keys.update", updateKey},
		{"DELETE /keys/{key}", "keys.delete", deleteKey},
	}
}

// keyView is a key as it is told.
type keyView struct {
	Name        *string  `json:"name"`
	Description *string  `json:"description"`
	Key         string   `json:"key"`
	UID         string   `json:"uid"`
	Actions     []string `json:"actions"`
	Indexes     []string `json:"indexes"`
	ExpiresAt   *string  `json:"expiresAt"`
	CreatedAt   string   `json:"createdAt"`
	UpdatedAt   string   `json:"updatedAt"`
}

func (k *apiKey) view() keyView {
	v := keyView{nullable(k.name), nullable(k.description), k.key, k.uid, k.actions, k.indexes, nil, stamp(k.created), stamp(k.updated)}
	if k.expires != nil {
		v.ExpiresAt = nullable(stamp(*k.expires))
	}
	return v
}

// namedKey finds a key by its uid or by itself. The caller holds the lock.
func (c *call) namedKey() (*apiKey, error) {
	name := c.PathValue("key")
	for _, k := range c.s.keys {
		if k.uid == name || k.key == name {
			return k, nil
		}
	}
	return nil, fail("api_key_not_found", "The API key named in the path is not known.")
}

func listKeys(c *call) (int, any, error) {
	var p page
	if err := decodeQuery(c.query, pageParams(&p, "invalid_api_key_offset", "invalid_api_key_limit")); err != nil {
		return 0, nil, err
	}
	views := []keyView{}
	for _, k := range slices.Backward(c.s.keys) {
		views = append(views, k.view())
	}
	return http.StatusOK, results{cutPage(p, views), p.offset, p.limit, len(views)}, nil
}

func createKey(c *call) (int, any, error) {
	body, err := c.json()
	if err != nil {
		return 0, nil, err
	}
	now := c.s.o.Now()
	k := &apiKey{created: now, updated: now}
	err = decode(body, map[string]field{
		"name": textField("invalid_api_key_name", &k.name), "description": textField("invalid_api_key_description", &k.description),
		"uid":     {"invalid_api_key_uid", func(v any) bool { k.uid, _ = v.(string); return uuidShape.MatchString(k.uid) }, "a UUID"},
		"actions": actionsField(&k.actions), "indexes": patternsField(&k.indexes),
		"expiresAt": {"invalid_api_key_expires_at", func(v any) bool { return k.expire(v, now) }, "null or a date to come"},
	})
	if err != nil {
		return 0, nil, err
	}
	object, _ := body.(map[string]any)
	for _, f := range []struct{ name, code string }{
		{"actions", "missing_api_key_actions"}, {"indexes", "missing_api_key_indexes"}, {"expiresAt", "missing_api_key_expires_at"},
	} {
		if _, ok := object[f.name]; !ok {
			return 0, nil, fail(f.code, "Missing field `%s`.", f.name)
		}
	}
	if i := slices.IndexFunc(k.actions, global); i >= 0 && !k.everyIndex() {
		return 0, nil, fail("index_scoped_api_key_with_global_action", "A key for some indexes cannot be allowed `%s`, which is about the server.", k.actions[i])
	}
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	if k.uid == "" {
		k.uid = uuid(c.s.o.MasterKey, len(c.s.keys), now.UnixNano())
	}
	if slices.ContainsFunc(c.s.keys, func(other *apiKey) bool { return other.uid == k.uid }) {
		return 0, nil, fail("api_key_already_exists", "`uid` field value `%s` is already an existing API key.", k.uid)
	}
	k.key = secret(c.s.o.MasterKey, k.uid)
	c.s.keys = append(c.s.keys, k)
	return http.StatusCreated, k.view(), nil
}

// global says whether an action is about the server and not about indexes.
func global(action string) bool {
	switch group, _, _ := strings.Cut(action, "."); group {
	case "*", "search", "documents", "indexes", "tasks", "settings", "stats", "chatCompletions":
		return false
	}
	return true
}

// textField takes a text, or null for none.
func textField(code string, to *string) field {
	return field{code, func(v any) bool {
		s, ok := v.(string)
		*to = s
		return ok || v == nil
	}, "a string"}
}

func actionsField(to *[]string) field {
	return field{"invalid_api_key_actions", func(v any) bool {
		list, ok := stringList(v)
		*to = list
		return ok && !slices.ContainsFunc(list, func(a string) bool { return !slices.Contains(actions, a) })
	}, "an array of actions"}
}

func patternsField(to *[]string) field {
	return field{"invalid_api_key_indexes", func(v any) bool {
		list, ok := stringList(v)
		*to = list
		return ok && !slices.ContainsFunc(list, func(p string) bool {
			name := strings.TrimSuffix(p, "*")
			return p != "*" && checkUID(name) != nil
		})
	}, "an array of index uids, which may end in a star"}
}

// expire reads a date to come; null is never.
func (k *apiKey) expire(v any, now time.Time) bool {
	if v == nil {
		return true
	}
	s, _ := v.(string)
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", time.DateTime, time.DateOnly} {
		if t, err := time.Parse(layout, s); err == nil {
			k.expires = &t
			return t.After(now)
		}
	}
	return false
}

func updateKey(c *call) (int, any, error) {
	body, err := c.json()
	if err != nil {
		return 0, nil, err
	}
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	k, err := c.namedKey()
	if err != nil {
		return 0, nil, err
	}
	name, description := k.name, k.description
	err = decode(body, map[string]field{
		"name": textField("invalid_api_key_name", &name), "description": textField("invalid_api_key_description", &description),
		"uid": immutable("immutable_api_key_uid"), "key": immutable("immutable_api_key_key"), "actions": immutable("immutable_api_key_actions"),
		"indexes": immutable("immutable_api_key_indexes"), "expiresAt": immutable("immutable_api_key_expires_at"),
		"createdAt": immutable("immutable_api_key_created_at"), "updatedAt": immutable("immutable_api_key_updated_at"),
	})
	if err != nil {
		return 0, nil, err
	}
	k.name, k.description, k.updated = name, description, c.s.o.Now()
	return http.StatusOK, k.view(), nil
}

func deleteKey(c *call) (int, any, error) {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	k, err := c.namedKey()
	if err != nil {
		return 0, nil, err
	}
	c.s.keys = slices.DeleteFunc(c.s.keys, func(other *apiKey) bool { return other == k })
	return http.StatusNoContent, nil, nil
}
