package document_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/sendwatch/sendwatch/document"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// TestGolden reads every advert of testdata and compares its blocks with the
// file beside it.
func TestGolden(t *testing.T) {
	names, err := filepath.Glob("testdata/*")
	if err != nil {
		t.Fatal(err)
	}
	read := 0
	for _, name := range names {
		if strings.HasSuffix(name, ".blocks") {
			continue
		}
		read++
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
			got := dump(d)
			golden := name + ".blocks"
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("blocks differ (-want +got):\n%s", diff)
			}
		})
	}
	if read == 0 {
		t.Error("no adverts in testdata")
	}
}

// dump writes blocks as golden files have them: kind, level, text.
func dump(d document.Document) string {
	var b strings.Builder
	for _, block := range d.Blocks {
		text := block.Text
		if block.Kind == document.Row {
			text = fmt.Sprintf("%q", block.Cells)
		}
		fmt.Fprintf(&b, "%s %d %s\n", block.Kind, block.Level, text)
	}
	return b.String()
}

func TestLimits(t *testing.T) {
	if testing.Short() {
		t.Skip("long inputs")
	}
	tests := []struct {
		name string
		read func(string) document.Document
		in   string
	}{
		{"deep elements", document.FromHTML, strings.Repeat("<div><ul><li>", 200_000) + "end"},
		{"deep tables", document.FromHTML, strings.Repeat("<table><tr><td>a<td>", 100_000) + "end"},
		{"unclosed rows", document.FromHTML, strings.Repeat("<tr><td>a</td><td>b</td>", 100_000)},
		{"unclosed tags", document.FromHTML, strings.Repeat("<a <b", 500_000)},
		{"many items", document.FromHTML, strings.Repeat("<li>a", 500_000)},
		{"many lines", document.FromText, strings.Repeat("a\n", 1<<20)},
		{"many markers", document.FromText, strings.Repeat("1.\n", 1<<20)},
		{"one line", document.FromText, strings.Repeat("word ", 2<<20)},
		{"many tabs", document.FromText, strings.Repeat("a\t", 1<<20)},
		{"pasted tags", document.FromText, strings.Repeat("</p>", 1<<20)},
		{"brackets", document.FromMarkdown, strings.Repeat("[![", 1<<20)},
		{"stars", document.FromMarkdown, strings.Repeat("*a _b ", 1<<19)},
		{"pipes", document.FromMarkdown, strings.Repeat("|", 1<<20)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			// What is quadratic in these lengths does not end within the test's own time.
			d := tt.read(tt.in)
			if got := len(d.Blocks); got > document.MaxBlocks {
				t.Errorf("%d blocks, want at most %d", got, document.MaxBlocks)
			}
		})
	}
}

func TestTextJoinsBlocks(t *testing.T) {
	d := document.FromHTML("<h2>Pay</h2><p>Scale 3</p><ul><li>term time</ul>")
	if got, want := d.Text(), "Pay\nScale 3\nterm time"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestMarkdownRoundTrip(t *testing.T) {
	d := document.FromText("JOB DESCRIPTION\n\nPay\tScale 3 * 4\n\n· To <help> & [care] for 1_000 pupils | all\n\nWe are a small school, and we like it.\n")
	if diff := cmp.Diff(d, document.FromMarkdown(d.Markdown())); diff != "" {
		t.Errorf("read again (-first +second):\n%s", diff)
	}
}
