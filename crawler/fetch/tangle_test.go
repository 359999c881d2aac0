package fetch

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"pgregory.net/rapid"
)

func TestTangle(t *testing.T) {
	distinct := func(n int, format string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, format, i)
		}
		return b.String()
	}
	tests := []struct {
		name, body string
		tangled    bool
	}{
		{"left open", "<p>" + distinct(400, "<b id=%d>") + strings.Repeat("<p>x", 2000), true},
		{"closed where it does not count", "<p>" + distinct(400, "<b id=%d>") + "<object>" + strings.Repeat("</b>", 400) + "</object>" + strings.Repeat("<p>x", 2000), true},
		{"closed in a comment", "<p>" + distinct(400, "<i id=%d>") + "<!--" + strings.Repeat("</i>", 400) + "-->" + strings.Repeat("<li>x", 2000), true},
		{"closed", distinct(20000, "<p><b id=%d>x</b> y</p>"), false},
		{"closed around blocks", distinct(20000, "<font color=%d><div><p>x</p></div></font>"), false},
		{"equal ones left open", strings.Repeat("<p><strong>x", 20000), false},
		{"some left open", "<p>" + distinct(20, "<font size=%d>") + strings.Repeat("<p>x", 10000), false},
		{"attributes", "<p" + distinct(60000, " %d") + distinct(60000, "/a%d") + ">", true},
		{"attributes behind quotes", "<p" + distinct(60000, " a%d='>'b=x") + ">", true},
		{"attributes in two elements", "<p" + distinct(60000, " %d") + "><p" + distinct(60000, " %d") + ">", false},
		{"an end tag", strings.Repeat("</p >", 60000), false},
		{"many words", strings.Repeat("words and more ", 60000), false},
		{"a script of many words", "<script>" + strings.Repeat("if (a <b) 'c' ", 60000) + "</script><p>", false},
		{"a picture", `<img src="data:image/png;base64,` + strings.Repeat("iVBORw0KGgo/", 90000) + `">`, false},
		{"an ordinary page", strings.Repeat("<table><tr><td><b>Pay</b></td><td>x <i>y</i><br></td></tr></table>", 5000), false},
	}
	for _, tt := range tests {
		if err := checkTangle("text/html", []byte(tt.body)); (err != nil) != tt.tangled {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}

// TestTangleCountsNoLessThanTheParser holds the count against the elements that
// the parser made and the page does not name.
func TestTangleCountsNoLessThanTheParser(t *testing.T) {
	parts := []string{
		"<p>", "</p>", "x", "<b id=1>", "<b id=2>", "<b>", "</b>", "<i>", "</i>", "<div>", "</div>", "<object>", "</object>", "<table>", "</table>",
		"<tr>", "<td>", "</td>", "<select>", "</select>", "<font size=1>", "</font>", "<br>", "<span>", "</span>", "<li>", "<svg>", "</svg>", "<!--</b>-->",
	}
	rapid.Check(t, func(t *rapid.T) {
		body := strings.Join(rapid.SliceOfN(rapid.SampledFrom(parts), 0, 60).Draw(t, "parts"), "")
		doc, err := html.Parse(strings.NewReader(body))
		if err != nil {
			t.Skip(err)
		}
		made := -strings.Count(body, "<b") - strings.Count(body, "<i>") - strings.Count(body, "<font") + strings.Count(body, "<br>")
		for n := range doc.Descendants() {
			if n.Type == html.ElementNode && formats(n.DataAtom) {
				made++
			}
		}
		tangle := tangle{seen: map[string]int{}}
		z := html.NewTokenizer(strings.NewReader(body))
		for kind := z.Next(); kind != html.ErrorToken; kind = z.Next() {
			name, _ := z.TagName()
			tangle.token(kind, atom.Lookup(name), z.Raw())
		}
		if open := countOpen([]byte(body)); len(tangle.open) > open {
			t.Fatalf("%s: %d elements may be open, and %d are held to be", body, open, len(tangle.open))
		}
		// The adoption agency clones a formatting element for each block that it is
		// split by, at most eight for one end tag.
		clones := 8 * (strings.Count(body, "</b>") + strings.Count(body, "</i>") + strings.Count(body, "</font>"))
		if made > tangle.reopened+clones {
			t.Fatalf("%s: the parser made %d elements more than the page names, counted were %d", body, made, tangle.reopened)
		}
	})
}
