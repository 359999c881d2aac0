package configs

import (
	"cmp"
	"errors"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// DatabaseAddress is the address of the PostgreSQL database, from database_url or
// from the file that database_url_file names. Empty means SQLite in the data
// folder. The address may hold a password, which no error repeats.
func (c *Config) DatabaseAddress() (string, error) {
	if c.DatabaseURLFile == "" {
		return c.DatabaseURL, nil
	}
	address, err := Secret(c.DatabaseURLFile)
	if err == nil {
		err = checkDatabaseURL(address)
	}
	if err != nil {
		return "", fmt.Errorf("database_url_file: %w", err)
	}
	return address, nil
}

// checkDatabaseURL says what is wrong with a PostgreSQL address without repeating
// any of it.
func checkDatabaseURL(s string) error {
	if !strings.HasPrefix(s, "postgres://") && !strings.HasPrefix(s, "postgresql://") {
		return errors.New("must begin with postgres:// or be empty")
	}
	u, err := url.Parse(s)
	if err != nil {
		return errors.New("is not an address such as postgres://user:password@host:5432/database; write special characters of the password as %XX")
	}
	q := u.Query()
	if strings.Trim(u.Path, "/") == "" && q.Get("dbname") == "" && q.Get("database") == "" {
		return errors.New("names no database; it ends with /sendwatch, for example")
	}
	return nil
}

// Meilisearch gives the base addresses of the Meilisearch nodes in the order in
// which they were written: lower case, without a port that goes without saying,
// without a trailing slash. None means the embedded index.
func (s Search) Meilisearch() []string {
	nodes, _ := parseNodes(s.MeilisearchURL) // Load has reported what is wrong
	return nodes
}

// parseNodes reads addresses separated by commas or spaces, and says what is wrong
// with the others.
func parseNodes(list string) (nodes []string, faults []error) {
	for i, text := range strings.FieldsFunc(list, func(r rune) bool { return r == ',' || unicode.IsSpace(r) }) {
		node, err := parseNode(text)
		switch {
		case err != nil: // by position: the text may hold a password
			faults = append(faults, fmt.Errorf("node %d %w", i+1, err))
		case slices.Contains(nodes, node):
			faults = append(faults, fmt.Errorf("%s stands twice; every node is an index of its own", node))
		default:
			nodes = append(nodes, node)
		}
	}
	return nodes, faults
}

// parseNode reads one base address.
func parseNode(text string) (string, error) {
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "":
		return "", errors.New("is not an http or https address such as http://127.0.0.1:7700")
	case u.User != nil:
		return "", errors.New("holds a user or password; the key belongs in the file that search.meilisearch_key_file names")
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return "", errors.New("holds a query or a fragment; a base address ends before them")
	}
	host, port := strings.ToLower(u.Hostname()), u.Port()
	if n, err := strconv.ParseUint(cmp.Or(port, "1"), 10, 16); err != nil || n == 0 {
		return "", errors.New("names a port that is not between 1 and 65535")
	}
	if port == map[string]string{"http": "80", "https": "443"}[u.Scheme] {
		port = ""
	}
	switch {
	case port != "":
		host = net.JoinHostPort(host, port)
	case strings.Contains(host, ":"):
		host = "[" + host + "]"
	}
	return u.Scheme + "://" + host + strings.TrimRight(u.EscapedPath(), "/"), nil
}
