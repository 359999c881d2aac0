package normalise

import (
	"strings"
	"unicode"
)

// spellings are what the rules below expect text to look like: British
// spelling, straight quotes, plain dashes.
var spellings = strings.NewReplacer(
	"’", "'", "‘", "'", "`", "'", "“", `"`, "”", `"`,
	"–", "-", "—", "-", "‑", "-", "−", "-", "\u00a0", " ",
	" & ", " and ", "&", " and ",
	"behavior", "behaviour", "counselor", "counsellor", "center", "centre", //nolint:misspell // American spellings are what it maps
	"semh's", "semh", "send's", "send", "sen's", "sen", "s.e.n.d", "send", "s.e.n", "sen",
)

// oneToOne finds the ways of writing 1:1, and not the ages 11-16.
var oneToOne = compile(`\b(?:1(?: to |-to-|-2-| ?[-:] ?)1|one[- ]to[- ]one)\b`)

// fold writes text as the rules expect it: lower case, one spelling.
func fold(s string) string {
	s = spellings.Replace(strings.ToLower(s))
	return oneToOne.replace(s, "1:1")
}

// squash keeps only letters and digits, folded, so that texts that differ in
// markup, white space and punctuation alone are equal.
func squash(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || r == '£' {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// letters counts the letters of s.
func letters(s string) int {
	n := 0
	for _, r := range s {
		if unicode.IsLetter(r) {
			n++
		}
	}
	return n
}
