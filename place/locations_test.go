package place

import (
	"bufio"
	"os"
	"strings"
	"testing"
)

// TestLocations reads the locations of testdata, each beside what a careful
// person would note: a precision and the place, or the places of a list; "near"
// after it; "@" and an outcode within six miles, for one of several towns of the
// name; "none"; or "ambiguous".
func TestLocations(t *testing.T) {
	g := gazetteer(t)
	f, err := os.Open("testdata/locations.tsv")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	right, all := 0, 0
	for s := bufio.NewScanner(f); s.Scan(); {
		location, want, ok := strings.Cut(s.Text(), "\t")
		if !ok || strings.HasPrefix(location, "#") {
			continue
		}
		all++
		if got := summary(g, location, want); got != want {
			t.Errorf("%-50s\n got %s\nwant %s", location, got, want)
			continue
		}
		right++
	}
	if all < 150 {
		t.Errorf("%d locations, want at least 150", all)
	}
	t.Logf("%d of %d", right, all)
}

// summary writes what was read as the file of locations does.
func summary(g *Gazetteer, location, want string) string {
	p, notes := g.Read(Query{Location: location})
	if p == nil {
		if strings.Contains(strings.Join(notes, " "), "does not tell") {
			return "ambiguous"
		}
		return "none"
	}
	sites := p.Sites
	if sites == nil {
		sites = []Place{*p}
	}
	names := make([]string, len(sites))
	for i := range sites {
		names[i] = sites[i].Label()
	}
	out := string(p.Precision) + " " + strings.Join(names, " + ")
	if _, outcode, ok := strings.Cut(want, "@"); ok {
		outcode, _, _ = strings.Cut(outcode, " ")
		if Miles(p, g.Resolve(Query{Postcode: outcode})) <= 6 {
			out += "@" + outcode
		}
	}
	if p.Near {
		out += " near"
	}
	return out
}
