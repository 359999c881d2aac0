package meilitest

import (
	"fmt"
	"strings"
	"testing"
)

// TestTokenise holds the tokens to those that charabia 0.9.9, the tokeniser of
// Meilisearch, was seen to make: each word with its position.
func TestTokenise(t *testing.T) {
	s := defaultSettings()
	for _, test := range []struct{ text, want string }{
		{"Hello world", "hello:0 world:1"},
		{"hello, world. Bar; baz", "hello:0 world:8 bar:16 baz:24"},
		{"hello,world", "hello:0 world:1"},
		{"It's a teacher’s job—really… ok...", "it:0 s:1 a:2 teacher:3 s:4 job:5 really:6 ...:7 ok:8"},
		{"£20 $5 20% c++ R&D", "£20:0 $5:1 20:2 c:3 r:4 d:5"},
		{"a_b a-b a\u2011b", "a:0 b:1 a:2 b:3 a\u2010b:4"},
		{"1,000 3.5mm 2024-05-01", "1:0 000:1 3:2 5mm:3 2024:4 05:5 01:6"},
		{"Œuvre Æsop Straße naïve Łódź ﬁne ²", "oeuvre:0 aesop:1 straße:2 naive:3 łodz:4 fine:5 2:6"},
		{"?x=1&z", "x=1:0 z:1"},
		{"!!!", ""},
	} {
		var words []string
		for _, tok := range newTokeniser(&s).text(test.text, 0) {
			words = append(words, fmt.Sprintf("%s:%d", tok.word, tok.position))
		}
		if got := strings.Join(words, " "); got != test.want {
			t.Errorf("%q\nis     %s\nwanted %s", test.text, got, test.want)
		}
	}
}

func TestDistance(t *testing.T) {
	for _, test := range []struct {
		word, other string
		prefix      bool
		want        int
	}{
		{"autism", "autism", false, 0},
		{"autsm", "autism", false, 1},
		{"autims", "autism", false, 1},
		{"utism", "autism", false, 2},
		{"xutism", "autism", false, 2},
		{"pupls", "pupils", false, 1},
		{"behav", "behaviour", false, 3},
		{"behav", "behaviour", true, 0},
		{"bahav", "behaviour", true, 1},
		{"mentor", "tutor", false, 3},
	} {
		if got := distance(test.word, test.other, test.prefix, 2); got != test.want && (got <= 2 || test.want <= 2) {
			t.Errorf("%s and %s are %d apart, wanted %d", test.word, test.other, got, test.want)
		}
	}
}

// FuzzTokenise cuts any text into pieces that are the text again.
func FuzzTokenise(f *testing.F) {
	f.Add("It's £20… ok", "+")
	f.Add("a. b, c\x00d\xff", ". ")
	f.Fuzz(func(t *testing.T, text, sign string) {
		s := defaultSettings()
		s.separators, s.nonSeparators, s.dictionary = []string{sign}, []string{"#"}, []string{"J. R."}
		var b strings.Builder
		for _, p := range newTokeniser(&s).pieces(text) {
			if p.text != text[p.start:p.end] {
				t.Fatalf("%q: %q stands at %d", text, p.text, p.start)
			}
			b.WriteString(p.text)
		}
		if b.String() != text {
			t.Fatalf("%q is cut into %q", text, b.String())
		}
		_ = readQuery(text, &s)
	})
}
