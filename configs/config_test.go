package configs

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

func none(string) string { return "" }

func write(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "sendwatch.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestDefaultsLoad(t *testing.T) {
	c, err := Load("", none)
	if err != nil {
		t.Fatal(err)
	}
	if c.DataDir != "./data" || c.Crawl.Delay != time.Second || c.Site.Listen != "127.0.0.1:8080" {
		t.Errorf("defaults are %+v", c)
	}
	if got := c.Placeholder(); len(got) != 3 {
		t.Errorf("placeholders = %v, want three", got)
	}
}

func TestFileAndEnvironmentOverDefaults(t *testing.T) {
	path := write(t, `
crawl: {delay: 3s}
smtp: {host: relay.school.uk, from: "Jobs <jobs@school.uk>"}
sources:
  - id: board
    kind: html
    url: https://board.school.uk
    every: "30 6 * * 1-5"
    discover: {listing: /jobs, item: "a.job"}
    fields: {title: h1, body: .body}
    delay: 0s
`)
	env := map[string]string{"SENDWATCH_SMTP_PORT": "587", "SENDWATCH_SMTP_TLS": "starttls", "SENDWATCH_CRAWL_CONTACT": "https://jobs.school.uk/bot"}
	c, err := Load(path, func(k string) string { return env[k] })
	if err != nil {
		t.Fatal(err)
	}
	if c.Crawl.Delay != 3*time.Second || c.SMTP.Port != 587 || c.SMTP.TLS != "starttls" || c.Crawl.Concurrency != 8 {
		t.Errorf("got %+v %+v", c.Crawl, c.SMTP)
	}
	if len(c.Sources) != 1 || c.Sources[0].Delay == nil || *c.Sources[0].Delay != 0 {
		t.Errorf("sources = %+v", c.Sources)
	}
	if got := c.Placeholder(); len(got) != 1 || got[0] != "site.base_url" {
		t.Errorf("placeholders = %v, want only site.base_url", got)
	}
}

func TestEveryMistakeIsReportedAtOnce(t *testing.T) {
	path := write(t, `data_dir: ""
smtp: {host: localhost, prot: 25}
search: {meilisearch_url: "http://a:7700, nowhere http://A:7700/"}
database_url: postgres://u:hushhush@h
database_url_file: /run/secrets/database_url
crawl:
  delay: soon
sources:
  - id: Bad Id
    kind: magic
    url: ftp://x
    every: 01 1 * * *
  - id: two
    kind: html
    url: http://x.example
    discover: {listing: /a}
    fields: {title: h1, colour: .red}
`)
	_, err := Load(path, func(k string) string {
		if k == "SENDWATCH_SMTP_PORT" {
			return "many"
		}
		return ""
	})
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{
		"sendwatch.yaml:2: smtp.prot: unknown key",
		"sendwatch.yaml:7: crawl.delay:",
		"SENDWATCH_SMTP_PORT",
		"data_dir: must name a folder",
		`id "Bad Id"`, `kind "magic"`, `url "ftp://x"`, "between 01:00 and 02:00",
		"search.meilisearch_url: node 2 is not an http", "search.meilisearch_url: http://a:7700 stands twice",
		"database_url: names no database", "database_url_file: database_url is set as well",
		"discover.item", "at least title and body", "fields.colour",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("the report lacks %q:\n%v", want, err)
		}
	}
	if strings.Contains(err.Error(), "hushhush") {
		t.Error("the report repeats a password")
	}
}

func TestVariables(t *testing.T) {
	all := Variables()
	for _, want := range []string{"SENDWATCH_DATA_DIR", "SENDWATCH_DATABASE_URL_FILE", "SENDWATCH_SEARCH_MEILISEARCH_KEY_FILE", "SENDWATCH_SMTP_PASSWORD_FILE", "SENDWATCH_SIGNING_KEY_FILE", "SENDWATCH_SOURCES"} {
		if !slices.Contains(all, want) {
			t.Errorf("%s is not among %v", want, all)
		}
	}
	// Each is asked for by Load, and nothing else is.
	var asked []string
	if _, err := Load("", func(name string) string { asked = append(asked, name); return "" }); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(asked, all) {
		t.Errorf("Load asks for %v, Variables names %v", asked, all)
	}
}

func TestSyntaxErrorsNameTheLine(t *testing.T) {
	_, err := Load(write(t, "data_dir: ./x\nsmtp: {host: [}\n"), none)
	if err == nil || !strings.Contains(err.Error(), "[2:") {
		t.Errorf("err = %v, want one that names line 2", err)
	}
}

func TestKeyTwiceIsAMistake(t *testing.T) {
	_, err := Load(write(t, "data_dir: ./x\ndata_dir: ./y\n"), none)
	if err == nil {
		t.Error("a key that stands twice was accepted")
	}
}

func TestMissingFileIsNamed(t *testing.T) {
	_, err := Load("nowhere.yaml", none)
	if err == nil || !strings.Contains(err.Error(), "nowhere.yaml") {
		t.Errorf("err = %v", err)
	}
}

func TestEvery(t *testing.T) {
	at := time.Date(2026, 3, 27, 12, 0, 0, 0, time.UTC) // two days before the clocks go forward
	for _, tc := range []struct {
		every string
		want  time.Time
	}{
		{"", at.Add(time.Hour)},
		{"90m", at.Add(90 * time.Minute)},
		{"30 6 * * *", time.Date(2026, 3, 28, 6, 30, 0, 0, time.UTC)},
		{"30 6 30 3 *", time.Date(2026, 3, 30, 5, 30, 0, 0, time.UTC)}, // 06:30 BST
	} {
		s, err := ParseEvery(tc.every)
		if err != nil {
			t.Errorf("ParseEvery(%q): %v", tc.every, err)
			continue
		}
		if got := s.Next(at); !got.Equal(tc.want) {
			t.Errorf("ParseEvery(%q).Next = %v, want %v", tc.every, got.UTC(), tc.want)
		}
	}
	for _, bad := range []string{"soon", "0s", "-1h", "* *", "30 1 * * *"} {
		if _, err := ParseEvery(bad); err == nil {
			t.Errorf("ParseEvery(%q) was accepted", bad)
		}
	}
}

func FuzzLoad(f *testing.F) {
	f.Add(string(Default))
	f.Add("sources: [{id: a, kind: html}]")
	f.Add("? [a]: b\n&x : *x")
	f.Fuzz(func(t *testing.T, text string) {
		c := new(Config)
		if read(reflect.ValueOf(c).Elem(), "fuzz", []byte(text)) == nil {
			_ = c.expandSites()
			_ = c.validate()
		}
	})
}

func TestOperatorEmail(t *testing.T) {
	for _, tc := range []struct{ contact, email, want string }{
		{"mailto:operator@example.org", "", ""},
		{"mailto:kim@school.uk", "", "kim@school.uk"},
		{"https://school.uk/bot", "", ""},
		{"https://school.uk/bot", "Kim <kim@school.uk>", "kim@school.uk"},
		{"mailto:kim@school.uk", "ops@trust.uk", "ops@trust.uk"},
		{"mailto:kim@school.uk", "ops@example.com", ""},
	} {
		c := Config{Crawl: Crawl{Contact: tc.contact}, Operator: Operator{Email: tc.email}}
		if got := c.OperatorEmail(); got != tc.want {
			t.Errorf("contact %q and email %q give %q, want %q", tc.contact, tc.email, got, tc.want)
		}
	}
	if _, err := Load(write(t, "operator: {email: nobody}\n"), none); err == nil || !strings.Contains(err.Error(), "operator.email") {
		t.Errorf("an address that is none: %v", err)
	}
}
