package meilitest

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"strings"
	"time"
)

var errBadKey = fail("invalid_api_key", "The provided API key is invalid.")

// apiKey is a key and what it allows.
type apiKey struct {
	uid, name, description string
	key                    string
	actions, indexes       []string
	expires                *time.Time
	created, updated       time.Time
}

// secret derives a key from the master key and the key's uid, as documented.
func secret(master, uid string) string {
	mac := hmac.New(sha256.New, []byte(master))
	mac.Write([]byte(uid))
	return hex.EncodeToString(mac.Sum(nil))
}

// may says whether a key allows an action. The nil key is the master key.
func (k *apiKey) may(action string) bool {
	if k == nil {
		return true
	}
	group, verb, _ := strings.Cut(action, ".")
	for _, a := range k.actions {
		switch a {
		case action, "*", group + ".*":
			return true
		case "*.get":
			if verb == "get" && group != "keys" {
				return true
			}
		}
	}
	return false
}

// mayIndex says whether a key allows an index at all.
func (k *apiKey) mayIndex(uid string) bool {
	if k == nil {
		return true
	}
	for _, pattern := range k.indexes {
		prefix, star := strings.CutSuffix(pattern, "*")
		if pattern == uid || star && strings.HasPrefix(uid, prefix) {
			return true
		}
	}
	return false
}

func (k *apiKey) everyIndex() bool { return k.mayIndex("*") }

// authorise finds whose request it is and whether it is allowed. An empty
// action is open to everybody.
func (c *call) authorise(action string) error {
	if action == "" {
		return nil
	}
	if c.s.o.Open {
		if strings.HasPrefix(action, "keys.") {
			return fail("missing_master_key", "Without a master key there are no keys. Start the server with one.")
		}
		return nil
	}
	given, ok := c.token()
	if !ok {
		return fail("missing_authorization_header", "The Authorization header is missing. It must use the bearer authorization method.")
	}
	if subtle.ConstantTimeCompare([]byte(given), []byte(c.s.o.MasterKey)) == 1 {
		return nil
	}
	c.s.mu.RLock()
	defer c.s.mu.RUnlock()
	for _, k := range c.s.keys {
		if k.key != given || k.expires != nil && !k.expires.After(c.s.o.Now()) || !k.may(action) {
			continue
		}
		c.key = k
		return nil
	}
	return errBadKey
}

// token reads the bearer token.
func (c *call) token() (string, bool) {
	header := c.Header.Get("Authorization")
	scheme, token, ok := strings.Cut(header, " ")
	if !ok || !strings.EqualFold(scheme, "Bearer") || token == "" {
		return "", false
	}
	return strings.TrimSpace(token), true
}
