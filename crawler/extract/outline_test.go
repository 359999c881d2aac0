package extract

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// outlined checks that what is read of a page by its outline is what its elements
// say.
func outlined(t rapid.TB, html string) {
	p, err := ParsePage(address1, []byte(html))
	if err != nil {
		return
	}
	doc, err := p.Document()
	if err != nil {
		return // there are no elements to compare with
	}
	// A table may put what stands in it before itself.
	anyOrder := func(scripts []string) []string {
		return slices.Sorted(slices.Values(slices.DeleteFunc(scripts, func(s string) bool { return s == "" })))
	}
	if diff := cmp.Diff(anyOrder(outlineOfElements(doc).jsonLD), anyOrder(p.outline.jsonLD)); diff != "" {
		t.Errorf("%q: JSON-LD (-elements +outline):\n%s", html, diff)
	}
	if words := noticeIn(doc.Nodes); words != "" && !p.outline.notice {
		t.Errorf("%q: the notice %q is not expected", html, words)
	}
	quick := p.Attachments("Teaching Assistant", 9)
	p.outline.papers = true
	if diff := cmp.Diff(p.Attachments("Teaching Assistant", 9), quick); diff != "" {
		t.Errorf("%q: attachments (-elements +outline):\n%s", html, diff)
	}
}

// TestOutline draws pages of the pieces that pages trip over.
func TestOutline(t *testing.T) {
	pieces := []string{
		ld(`{"@type": "JobPosting", "title": "Assistant"}`), ld("x < y\r\nand \x00"), `<SCRIPT TYPE='application/ld+json ; a=b'>{}</SCRIPT >`,
		`<script type="text/javascript" type="application/ld+json">1</script>`, `<script type=application/ld+json/>a</script>`, `<script>"<!-- <script> ` + "`", `</script>`,
		`<script type="application/ld+json"></script>`, `<!-- `, ` -->`, `<!-->`, `<![CDATA[`, `]]>`, `<?x`, `>`, `</`, `<`, `<textarea>`, `</textarea>`, `<title>`, `</title>`, `<noscript>`,
		`</noscript>`, `<template>`, `</template>`, `<svg>`, `</svg>`, `<math>`, `<svg/>`, `</math>`, `<mi>`, `<svg><title>x</title><path d='M0'/></svg>`, `<foreignObject>`, `<desc>`, `<select>`, `</select>`, `<iframe>`, `</iframe>`, `<style>`, `</style>`, `<table>`, `</table>`, `<plaintext>`,
		`<p>`, `</p>`, `<b>`, `</b>`, `<br>`, `<h1>`, `</h1>`, `<i title="it's <script>">`, `<a title='x>y'>`, "This vacancy", " has", " closed", "&#99;losed", "\u00a0filled", " EXPIRED.", "\nno\tlonger available",
		"We are not taking applications ", "any more", "Applications closed", "<a href='/JD.pdf'>Job description</a>", `<a href="/download?id=7">Person specification</a>`,
		`<a href=/a/b%2Epdf>Job pack</a>`, `<a href="jd.DOCX" href="x">Teaching Assistant</a>`, `<a name=top href='https://x.example/f.pdf'>Form</a>`, `<area href="/x.pdf">`, `<header>`, `</header>`,
	}
	rapid.Check(t, func(t *rapid.T) {
		outlined(t, strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 1, 14).Draw(t, "pieces"), ""))
	})
}

// TestPageThatIsNoTree: a page nested deeper than any is read by its outline, and
// says so where that is not enough.
func TestPageThatIsNoTree(t *testing.T) {
	deep := strings.Repeat("<div>", 600)
	data := ld(`{"@type": "JobPosting", "title": "Assistant", "identifier": "A1"}`)
	postings, err := JobPostings(mustParse(t, data+deep))
	if err != nil || len(postings) != 1 {
		t.Errorf("%v, %v", postings, err)
	}
	if _, err := JobPostings(mustParse(t, deep)); err == nil || errors.Is(err, ErrNoPosting) {
		t.Errorf("a page that cannot be looked through: %v", err)
	}
	if _, err := Closed(mustParse(t, data+deep+"This vacancy has closed")); err == nil {
		t.Error("a page that may be closed is taken for open")
	}
}
