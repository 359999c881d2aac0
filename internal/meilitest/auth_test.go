package meilitest_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/meilisearch/meilisearch-go"

	"github.com/sendwatch/sendwatch/internal/meilitest"
)

// makeKey makes a key and gives it.
func makeKey(t *testing.T, s *meilitest.Server, body string) string {
	t.Helper()
	res, err := send(t, s, http.MethodPost, "/keys", s.Key(), body)
	if err != nil {
		t.Fatal(err)
	}
	var k struct{ Key, Message string }
	if err := json.Unmarshal(res.body, &k); err != nil || res.status != http.StatusCreated {
		t.Fatalf("%d %s: %v", res.status, k.Message, err)
	}
	return k.Key
}

func TestKeys(t *testing.T) {
	now := time.Date(2026, 9, 1, 8, 0, 0, 0, time.UTC)
	s := meilitest.Start(t, meilitest.Options{Now: func() time.Time { return now }})
	enqueue(t, s, http.MethodPost, "/indexes/jobs/documents", `[{"id": 1}]`)
	if err := s.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	searcher := makeKey(t, s, `{"actions": ["search"], "indexes": ["jobs*"], "expiresAt": "2026-09-02"}`)
	writer := makeKey(t, s, `{"actions": ["documents.*", "tasks.get"], "indexes": ["*"], "expiresAt": null}`)
	reader := makeKey(t, s, `{"actions": ["*.get"], "indexes": ["jobs"], "expiresAt": null}`)
	for _, test := range []struct {
		name, method, path, key, body string
		status                        int
		code                          string
	}{
		{"health needs none", http.MethodGet, "/health", "", "", 200, ""},
		{"none", http.MethodGet, "/version", "", "", 401, "missing_authorization_header"},
		{"a wrong one", http.MethodGet, "/version", "nonsense", "", 403, "invalid_api_key"},
		{"the master's", http.MethodGet, "/version", s.Key(), "", 200, ""},
		{"a search", http.MethodPost, "/indexes/jobs/search", searcher, `{}`, 200, ""},
		{"a search of an index like it", http.MethodPost, "/indexes/jobs-2/search", searcher, `{}`, 404, "index_not_found"},
		{"a search elsewhere", http.MethodPost, "/indexes/other/search", searcher, `{}`, 403, "invalid_api_key"},
		{"several searches elsewhere", http.MethodPost, "/multi-search", searcher, `{"queries": [{"indexUid": "other"}]}`, 403, "invalid_api_key"},
		{"a write by a searcher", http.MethodPost, "/indexes/jobs/documents", searcher, `[{"id": 2}]`, 403, "invalid_api_key"},
		{"keys by a searcher", http.MethodGet, "/keys", searcher, "", 403, "invalid_api_key"},
		{"a write", http.MethodPost, "/indexes/jobs/documents", writer, `[{"id": 2}]`, 202, ""},
		{"settings by a writer", http.MethodPatch, "/indexes/jobs/settings", writer, `{}`, 403, "invalid_api_key"},
		{"a read", http.MethodGet, "/indexes/jobs/documents", reader, "", 200, ""},
		{"keys by a reader", http.MethodGet, "/keys", reader, "", 403, "invalid_api_key"},
		{"a key that is too wide", http.MethodPost, "/keys", s.Key(), `{"actions": ["version"], "indexes": ["jobs"], "expiresAt": null}`, 400, "index_scoped_api_key_with_global_action"},
	} {
		t.Run(test.name, func(t *testing.T) {
			res, err := send(t, s, test.method, test.path, test.key, test.body)
			if status, code := code(t, res, err); status != test.status || code != test.code {
				t.Errorf("%d %s, wanted %d %s", status, code, test.status, test.code)
			}
		})
	}

	// Who may not create indexes writes to those that are there only.
	res, err := send(t, s, http.MethodPost, "/indexes/new/documents", writer, `[{"id": 1}]`)
	if status, _ := code(t, res, err); status != http.StatusAccepted {
		t.Fatalf("status %d", status)
	}
	if err := s.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := s.Documents("new"); n != -1 {
		t.Errorf("the index was made, with %d documents", n)
	}

	now = now.AddDate(0, 0, 2)
	res, err = send(t, s, http.MethodPost, "/indexes/jobs/search", searcher, `{}`)
	if status, code := code(t, res, err); status != http.StatusForbidden || code != "invalid_api_key" {
		t.Errorf("an expired key: %d %s", status, code)
	}
}

// TestDefaultKeys lists, changes and deletes the keys of a new server.
func TestDefaultKeys(t *testing.T) {
	s := meilitest.Start(t, meilitest.Options{MasterKey: "a-master-key-of-my-own"})
	client := meilisearch.New(s.URL(), meilisearch.WithAPIKey(s.Key()))
	defer client.Close()
	keys, err := client.GetKeys(nil)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(keys.Results, func(k meilisearch.Key) bool { return k.Name == "Default Search API Key" })
	if len(keys.Results) != 4 || i < 0 {
		t.Fatalf("keys %+v", keys.Results)
	}
	k, err := client.UpdateKey(keys.Results[i].UID, &meilisearch.Key{Name: "mine"})
	if err != nil || k.Name != "mine" || !slices.Equal(k.Actions, []string{"search"}) {
		t.Errorf("%+v, %v", k, err)
	}
	if ok, err := client.DeleteKey(k.Key); !ok || err != nil {
		t.Errorf("not deleted: %v", err)
	}
	res, err := get(t, s, "/keys/"+k.UID)
	if status, code := code(t, res, err); status != http.StatusNotFound || code != "api_key_not_found" {
		t.Errorf("%d %s", status, code)
	}
}

// TestOpen asks for no key and has none.
func TestOpen(t *testing.T) {
	s := meilitest.Start(t, meilitest.Options{Open: true})
	res, err := get(t, s, "/version")
	if status, _ := code(t, res, err); status != http.StatusOK || s.Key() != "" {
		t.Errorf("%d, key %q", status, s.Key())
	}
	res, err = get(t, s, "/keys")
	if status, code := code(t, res, err); status != http.StatusUnauthorized || code != "missing_master_key" {
		t.Errorf("%d %s", status, code)
	}
}
