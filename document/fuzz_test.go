package document_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/sendwatch/sendwatch/document"
)

// sound fails the test when d breaks what Block promises.
func sound(t *testing.T, d document.Document) {
	t.Helper()
	for i, b := range d.Blocks {
		if b.Kind < document.Heading || b.Kind > document.Row {
			t.Fatalf("block %d: kind %v", i, b.Kind)
		}
		if b.Text == "" || !utf8.ValidString(b.Text) || strings.ContainsAny(b.Text, "\n\r\t\x00") || strings.Contains(b.Text, "  ") {
			t.Fatalf("block %d: text %q", i, b.Text)
		}
		if (b.Kind == document.Row) != (b.Cells != nil) {
			t.Fatalf("block %d: %v with cells %q", i, b.Kind, b.Cells)
		}
	}
}

func FuzzFromHTML(f *testing.F) {
	for _, s := range []string{
		"<h1>Learning Mentor</h1><p><b>Essential</b><br>- patience<br>- GCSE English</p>",
		"<table><tr><th>Pay<td><ul><li>Scale 3<li>NJC<tr><td>one</table>", "<ul><li><p>a<ul><li>b", "<svg><p>", "<pre>a\n1.\nb", "&nbsp;&#0;\xff",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) { sound(t, document.FromHTML(s)) })
}

func FuzzFromMarkdown(f *testing.F) {
	for _, s := range []string{"# A\n\n**Essential:**\n\n- b\n  - c\n1. d", "|a|b|\n|---|---|\n|c||", "A\n===\n```\n# b\n```", "[x](y) ![z](w) \\* <br> &amp;", "***"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) { sound(t, document.FromMarkdown(s)) })
}

func FuzzFromText(f *testing.F) {
	for _, s := range []string{"JOB DESCRIPTION\n\n\t1.\n\tMAIN PURPOSE\n· a\n\ti.\n\tb", "Pay\tScale 3\nHours\t", "You will:\n- a\n  b\n• c", "x\ry</p>\r\n\u00a0\u200b", "a very long line of words that goes on and on\nand on", "\x00\t\x00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) { sound(t, document.FromText(s)) })
}
