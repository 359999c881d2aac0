package configs

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestMeilisearchNodes(t *testing.T) {
	for _, tc := range []struct {
		in   string
		want []string
	}{
		{"", nil},
		{" , ", nil},
		{"http://127.0.0.1:7700", []string{"http://127.0.0.1:7700"}},
		{"HTTP://Node-A:7700/,https://node-b/", []string{"http://node-a:7700", "https://node-b"}},
		{"http://a:80 https://b:443\n\thttps://c:80", []string{"http://a", "https://b", "https://c:80"}},
		{"https://search.school.uk/meili/", []string{"https://search.school.uk/meili"}},
		{"http://[::1]:7700,http://[FE80::1]", []string{"http://[::1]:7700", "http://[fe80::1]"}},
	} {
		nodes, faults := parseNodes(tc.in)
		if !slices.Equal(nodes, tc.want) || len(faults) > 0 {
			t.Errorf("parseNodes(%q) = %q, %v, want %q", tc.in, nodes, faults, tc.want)
		}
		if got := (Search{MeilisearchURL: tc.in}).Meilisearch(); !slices.Equal(got, tc.want) {
			t.Errorf("Meilisearch of %q = %q, want %q", tc.in, got, tc.want)
		}
	}
}

func TestMeilisearchNodesThatAreRefused(t *testing.T) {
	for in, want := range map[string]string{
		"127.0.0.1:7700":                  "node 1 is not an http or https address",
		"http://":                         "node 1 is not",
		"ftp://a":                         "node 1 is not",
		"http://a:7700,http://%zz":        "node 2 is not",
		"http://u:hushhush@a":             "node 1 holds a user or password",
		"http://hushhush@a":               "node 1 holds a user or password",
		"http://a?key=hushhush":           "node 1 holds a query",
		"http://a?":                       "node 1 holds a query",
		"http://a#hushhush":               "node 1 holds a query or a fragment",
		"http://a:0":                      "not between 1 and 65535",
		"http://a:70000":                  "not between 1 and 65535",
		"http://a:7700 http://A:7700/":    "http://a:7700 stands twice",
		"https://a,https://a:443":         "https://a stands twice",
		"http://u:hushhush@a%zz, http://": "node 2 is not",
	} {
		_, faults := parseNodes(in)
		var said []string
		for _, f := range faults {
			said = append(said, f.Error())
		}
		if all := strings.Join(said, "\n"); !strings.Contains(all, want) || strings.Contains(all, "hushhush") {
			t.Errorf("parseNodes(%q) says %q, want %q and no secret", in, all, want)
		}
	}
}

// What is normalised stays as it is, is sound, and names no node twice.
func TestMeilisearchNodesProperty(t *testing.T) {
	part := rapid.SampledFrom([]string{"http://", "https://", "a", "B", ":", "80", "443", "7700", "/", "//", "?", "#", "@", ",", " ", "%41", "%zz", "[::1]", "é"})
	rapid.Check(t, func(t *rapid.T) {
		in := strings.Join(rapid.SliceOfN(part, 0, 12).Draw(t, "in"), "")
		nodes, _ := parseNodes(in)
		again, faults := parseNodes(strings.Join(nodes, ","))
		if !slices.Equal(again, nodes) || len(faults) > 0 {
			t.Fatalf("parseNodes(%q) = %q, which reads as %q, %v", in, nodes, again, faults)
		}
		if n := len(slices.Compact(slices.Sorted(slices.Values(nodes)))); n != len(nodes) {
			t.Fatalf("parseNodes(%q) = %q names a node twice", in, nodes)
		}
	})
}

func TestDatabaseURL(t *testing.T) {
	for _, good := range []string{
		"postgres://sendwatch:hushhush@127.0.0.1:5432/sendwatch?sslmode=disable",
		"postgresql:///sendwatch?host=/run/postgresql",
		"postgres://u@h1:5432,h2:5432/db?target_session_attrs=read-write",
		"postgres://u@h?dbname=sendwatch",
	} {
		if err := checkDatabaseURL(good); err != nil {
			t.Errorf("checkDatabaseURL(%q): %v", good, err)
		}
	}
	for bad, want := range map[string]string{
		"":                            "must begin with postgres://",
		"mysql://u:hushhush@h/db":     "must begin with postgres://",
		"host=h password=hushhush":    "must begin with postgres://",
		"postgres://u:hush%hush@h/db": "write special characters",
		"postgres://u:hush#hush@h/db": "write special characters",
		"postgres://u:hushhush@h":     "names no database",
		"postgres://u:hushhush@h/":    "names no database",
	} {
		if err := checkDatabaseURL(bad); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "hush") {
			t.Errorf("checkDatabaseURL(%q) = %v, want %q and no secret", bad, err, want)
		}
	}
}

func TestDatabaseAddress(t *testing.T) {
	const address = "postgres://u:hushhush@h/db"
	for _, tc := range []struct {
		name, url, file, want, fault string
	}{
		{name: "none"},
		{name: "in the configuration", url: address, want: address},
		{name: "in a file", file: write(t, address+"\n"), want: address},
		{name: "in a file that is not there", file: "nowhere", fault: "database_url_file: secret nowhere: there is no such file"},
		{name: "in an empty file", file: write(t, "\n"), fault: "the file is empty"},
		{name: "without a database", file: write(t, "postgres://u:hushhush@h\n"), fault: "database_url_file: names no database"},
	} {
		got, err := (&Config{DatabaseURL: tc.url, DatabaseURLFile: tc.file}).DatabaseAddress()
		if got != tc.want || (err != nil) != (tc.fault != "") {
			t.Errorf("%s: DatabaseAddress = %q, %v", tc.name, got, err)
		}
		if err != nil && (!strings.Contains(err.Error(), tc.fault) || strings.Contains(err.Error(), "hush")) {
			t.Errorf("%s: the error %q lacks %q or repeats a secret", tc.name, err, tc.fault)
		}
	}
}

func TestSecret(t *testing.T) {
	if got, err := Secret(""); got != "" || err != nil {
		t.Errorf("Secret(\"\") = %q, %v", got, err)
	}
	for _, text := range []string{"s3cret", "s3cret\n", "s3cret\r\n"} {
		if got, err := Secret(write(t, text)); got != "s3cret" || err != nil {
			t.Errorf("Secret of %q = %q, %v", text, got, err)
		}
	}
	if got, err := Secret(write(t, " s3cret \n")); got != " s3cret " || err != nil {
		t.Errorf("spaces of a secret belong to it: %q, %v", got, err)
	}
	folder := t.TempDir()
	for path, want := range map[string]string{
		filepath.Join(folder, "nowhere"): "there is no such file",
		folder:                           "is a folder, not a file",
		write(t, ""):                     "the file is empty",
		write(t, " \n"):                  "the file is empty",
		write(t, "hush\nhush\n"):         "more than one line",
		write(t, "hush\x00"):             "control characters",
		write(t, strings.Repeat("hush", maxSecret/4)+"!"): "more than the 65536 bytes",
	} {
		if got, err := Secret(path); got != "" || err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "hush") {
			t.Errorf("Secret = %q, %v, want %q", got, err, want)
		}
	}
	locked := write(t, "hush")
	if err := os.Chmod(locked, 0); err != nil {
		t.Fatal(err)
	}
	if os.Getuid() != 0 { // who may read everything
		if _, err := Secret(locked); err == nil || !strings.Contains(err.Error(), "permission denied") {
			t.Errorf("a secret that may not be read: %v", err)
		}
	}
}

func FuzzEngines(f *testing.F) {
	f.Add("http://a:7700, https://u:p@b/c?d#e")
	f.Add("postgres://u:p%40@[::1]:5432/db?host=/x&dbname=y")
	f.Fuzz(func(t *testing.T, text string) {
		_ = checkDatabaseURL(text)
		nodes, _ := parseNodes(text)
		if again, faults := parseNodes(strings.Join(nodes, " ")); !slices.Equal(again, nodes) || len(faults) > 0 {
			t.Errorf("parseNodes(%q) = %q, which reads as %q, %v", text, nodes, again, faults)
		}
	})
}
