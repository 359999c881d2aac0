package configs

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestEveryBuiltInSourceFileIsSound(t *testing.T) {
	files, err := filepath.Glob("sources/*.yaml")
	names := BuiltInSources()
	if err != nil || len(files) == 0 || len(files) != len(names) {
		t.Fatalf("files %v, built in %v, error %v", files, names, err)
	}
	seen := map[string]string{}
	for i, name := range names {
		c, err := Load(write(t, `source_files: ["`+name+`"]`), none)
		if err != nil || len(c.Sources) == 0 {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for _, s := range c.Sources {
			if before, ok := seen[s.ID]; ok {
				t.Errorf("%s: %s stands in %s too", files[i], s.ID, before)
			}
			seen[s.ID] = files[i]
			if len(strings.Fields(s.Terms)) < 8 {
				t.Errorf("%s: %s does not say on what terms it may be read", files[i], s.ID)
			}
			if s.Notice == "" && s.Kind != KindTeachingVacancies {
				t.Errorf("%s: %s says no notice that travels with its records", files[i], s.ID)
			}
		}
	}
	if c, err := Load("", func(key string) string {
		if key == "SENDWATCH_SOURCE_FILES" {
			return `["` + strings.Join(names, `", "`) + `"]`
		}
		return ""
	}); err != nil || len(c.Sources) != len(seen) {
		t.Errorf("all together: %v", err)
	}
}

func TestSourceFiles(t *testing.T) {
	path := write(t, "source_files: [\"more/*.yaml\"]\nsources: [{id: own, kind: teaching-vacancies, url: \"https://own.example\"}]\n")
	more := filepath.Join(filepath.Dir(path), "more")
	if err := os.Mkdir(more, 0o700); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"b.yaml": "sources: [{id: b, kind: fusion, url: \"https://b.example\", discover: {feed: /f}}]",
		"a.yaml": "sources: [{id: a, kind: ventrus, url: \"https://a.example\", discover: {feed: /f}}]",
	} {
		if err := os.WriteFile(filepath.Join(more, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	c, err := Load(path, none)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range c.Sources {
		got = append(got, s.ID)
	}
	if diff := cmp.Diff([]string{"own", "a", "b"}, got); diff != "" {
		t.Errorf("sources (-want +got):\n%s", diff)
	}

	if err := os.WriteFile(filepath.Join(more, "c.yaml"), []byte("sources:\n  - {id: c, kind: fusion, url: \"https://c.example\", feed: /f}\nsmtp: {}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = Load(path, none)
	for _, want := range []string{"c.yaml:2: sources[0].feed: unknown key", "c.yaml:3: smtp: unknown key", "needs its feed"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q is missing from %v", want, err)
		}
	}
	_, err = Load(write(t, `source_files: [nowhere.yaml, "built-in:nothing", "[", "built-in:../sendwatch"]`), none)
	for _, want := range []string{"nowhere.yaml", `"built-in:nothing" is none of built-in:agency-board`, "syntax error", `"built-in:../sendwatch" is none of`} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q is missing from %v", want, err)
		}
	}
}

func TestOneDefinitionForManySites(t *testing.T) {
	c, err := Load(write(t, `
sources:
  - id: schools
    kind: html
    every: 6h
    employer_kind: school
    notice: Ours.
    discover: {listing: /jobs, item: a.job, next: a.next}
    fields: {title: h1, body: main, employer: .who}
    sites:
      - {id: oak, url: "https://oak.example", employer: "St Mary's School", urn: "900001"}
      - {id: elm, url: "https://elm.example/school/", path: "vacancies?p={page}", location: Fernbridge, postcode: "ZZ1 1AA", notice: Theirs., disabled: true}
`), none)
	if err != nil {
		t.Fatal(err)
	}
	common := Source{Kind: "html", Every: "6h", EmployerKind: "school", Discover: Discover{Item: "a.job", Next: "a.next"}}
	oak, elm := common, common
	oak.ID, oak.URL, oak.Notice, oak.Discover.Listing = "schools-oak", "https://oak.example", "Ours.", "/jobs"
	oak.Fields = map[string]string{"title": "h1", "body": "main", "employer": "'St Mary's School'", "urn": "'900001'"}
	elm.ID, elm.URL, elm.Notice, elm.Discover.Listing, elm.Disabled = "schools-elm", "https://elm.example/school/", "Theirs.", "vacancies?p={page}", true
	elm.Fields = map[string]string{"title": "h1", "body": "main", "employer": ".who", "location": "'Fernbridge'", "postcode": "'ZZ1 1AA'"}
	if diff := cmp.Diff([]Source{oak, elm}, c.Sources); diff != "" {
		t.Errorf("sources (-want +got):\n%s", diff)
	}

	_, err = Load(write(t, `
sources:
  - id: schools
    kind: html
    url: https://all.example
    discover: {listing: /jobs, item: a}
    fields: {title: h1, body: main}
    sites: [{url: "https://oak.example"}, {id: elm}, {id: elm, url: "https://elm.example"}, {id: x, url: "https://x.example", colour: red}]
`), none)
	for _, want := range []string{"sites[0]: an id is wanted", "url: each of its sites has one", `url "" is not`, "the id stands twice", "sites[3].colour: unknown key"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q is missing from %v", want, err)
		}
	}
}

func TestAddressesWithKeys(t *testing.T) {
	const key = "hush-hush-key"
	secret := func(text string) string {
		path := filepath.Join(t.TempDir(), "address")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	source := func(more string) string { return write(t, "sources: [{id: a, kind: fusion, "+more+"}]\n") }
	c, err := Load(source(`url_file: "`+secret("https://ats.example:8443/feeds/"+key+".json?k=1\n")+`", max_bytes: 1000000`), none)
	if err != nil || c.Sources[0].URL != "https://ats.example:8443" || c.Sources[0].Discover.Feed != "/feeds/"+key+".json?k=1" || c.Sources[0].MaxBytes != 1_000_000 {
		t.Errorf("%v", err)
	}
	if _, err := Load(source(`url_file: /nowhere, disabled: true`), none); err != nil {
		t.Errorf("a disabled source: %v", err)
	}
	for more, want := range map[string]string{
		`url_file: /nowhere`: "no such file",
		`url_file: "` + secret("ftp://ats.example/"+key) + `"`:                          "holds no http",
		`url_file: "` + secret("%zz"+key) + `"`:                                         "holds no http",
		`url_file: "` + secret("https://me:"+key+"@ats.example/") + `"`:                 "user's name",
		`url_file: "` + secret(key) + `", url: "https://ats.example"`:                   "in one",
		`url_file: "` + secret("https://ats.example/"+key) + `", discover: {feed: /x}`:  "in one",
		`url_file: "` + secret("https://ats.example/"+key) + `", max_bytes: 2000000000`: "max_bytes",
		`url_file: "` + secret("https://ats.example/"+key) + `", every: never`:          "never",
	} {
		if _, err := Load(source(more), none); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), key) {
			t.Errorf("%s: %v, want %q", more, err, want)
		}
	}
}
