package normalise_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/normalise"
	"github.com/sendwatch/sendwatch/taxonomy"
)

// TestDivided reads invented adverts of many layouts. Each line of a file begins
// with what a careful reader says of it: E where it asks for something essential,
// D for something desirable, neither where it asks nothing.
func TestDivided(t *testing.T) {
	n := normaliser(t)
	names, err := filepath.Glob("testdata/divided/*")
	if err != nil || len(names) == 0 {
		t.Fatalf("no adverts: %v", err)
	}
	for _, name := range names {
		t.Run(filepath.Base(name), func(t *testing.T) {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			want := strings.Split(strings.TrimRight(string(data), "\n"), "\n")
			lines := make([]string, len(want))
			for i, line := range want {
				_, lines[i], _ = strings.Cut(line, "|")
			}
			p := sendwatch.Posting{Title: "Teaching Assistant"}
			body := strings.Join(lines, "\n")
			switch filepath.Ext(name) {
			case ".html":
				p.BodyHTML = body
			case ".md":
				p.BodyMarkdown = body
			default:
				p.BodyText = body
			}
			if diff := cmp.Diff(want, asked(lines, n.Explain(&p).Lines)); diff != "" {
				t.Errorf("read otherwise (-want +got):\n%s", diff)
			}
		})
	}
}

// asked says of each source line what the passages made of it ask.
func asked(lines []string, read []normalise.Line) []string {
	plain := make([]string, len(lines))
	out := make([]string, len(lines))
	for i, line := range lines {
		plain[i] = letters(tags.ReplaceAllString(line, " "))
		out[i] = "  |" + line
	}
	for _, r := range read {
		if len(r.Requirements) == 0 {
			continue
		}
		said := letters(r.Text)
		for i := range plain {
			if plain[i] != "" && (strings.Contains(plain[i], said) || strings.HasPrefix(said, plain[i])) {
				out[i] = level(r.Requirements) + " |" + lines[i]
			}
		}
	}
	return out
}

// level is E where anything is essential, else D.
func level(found []taxonomy.Requirement) string {
	for _, r := range found {
		if r.Level == taxonomy.Essential {
			return "E"
		}
	}
	return "D"
}

var tags = regexp.MustCompile(`<[^>]*>`)

// letters leaves of a text what no layout changes.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}
