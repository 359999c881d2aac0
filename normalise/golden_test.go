package normalise_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/document"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// TestAdverts reads every posting of testdata/adverts and compares its reading
// with the golden file beside it.
func TestAdverts(t *testing.T) {
	n := normaliser(t)
	names, err := filepath.Glob("testdata/adverts/*.posting.json")
	if err != nil || len(names) == 0 {
		t.Fatalf("no adverts: %v", err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".posting.json"), func(t *testing.T) {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			var p sendwatch.Posting
			if err := json.Unmarshal(data, &p); err != nil {
				t.Fatal(err)
			}
			compare(t, strings.TrimSuffix(name, ".posting.json")+".reading.json", n.Read(&p))
		})
	}
}

// TestSeeds sends the documents that the project began with through the whole
// chain: file, blocks, postings, readings.
func TestSeeds(t *testing.T) {
	n := normaliser(t)
	names, err := filepath.Glob("testdata/seeds/*.txt")
	if err != nil || len(names) == 0 {
		t.Fatalf("no seeds: %v", err)
	}
	for _, name := range names {
		t.Run(filepath.Base(name), func(t *testing.T) {
			f, err := os.Open(name)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close() //nolint:errcheck // read only
			d, err := document.Open(name, f, 1<<20)
			if err != nil {
				t.Fatal(err)
			}
			readings := []sendwatch.Reading{}
			for _, p := range n.Split(filepath.Base(name), d) {
				readings = append(readings, n.Read(&p))
			}
			compare(t, strings.TrimSuffix(name, ".txt")+".json", readings)
		})
	}
}

// compare holds what was read against a golden file.
func compare(t *testing.T, golden string, read any) {
	t.Helper()
	var got bytes.Buffer
	enc := json.NewEncoder(&got)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	if err := enc.Encode(read); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(golden, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("%s differs (-want +got):\n%s", golden, diff)
	}
}
