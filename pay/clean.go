package pay

import (
	"html"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxRunes is how much of each text is read; the rest is cut off.
const maxRunes = 20_000

// text is a cleaned text. Apart from the pound sign it is ASCII, so plain and
// lower have the same byte offsets.
type text struct{ plain, lower string }

var (
	// mojibake undoes UTF-8 that was read as Windows-1252 somewhere on its way.
	mojibake = strings.NewReplacer(
		"Â£", "£", "Â ", " ", "â€“", "-", "â€”", "-", "â€™", "'", "â€˜", "'", "Â½", ".5", "Â¼", ".25",
		"`", "'", "**", "", "_", " ",
	)
	fraction = compile(`(\d)[ ]?([¼½¾])`)
	proRata  = compile(`(?i)\bpro[\s-]*rat(?:a|e|ed)\b(?:'?d\b)?`)
)

// clean makes any bytes readable: cut, repaired, folded to ASCII and "£", every
// kind of dash and space made one.
func clean(s string) text {
	s = repairBytes(cut(s))
	s = html.UnescapeString(s)
	s = mojibake.Replace(s)
	s = fraction.ReplaceAllStringFunc(s, func(m string) string {
		return strings.NewReplacer(" ", "", "¼", ".25", "½", ".5", "¾", ".75").Replace(m)
	})
	s = fold(s)
	s = proRata.ReplaceAllString(s, "pro rata")
	return text{plain: s, lower: strings.ToLower(s)}
}

func cut(s string) string {
	if len(s) <= maxRunes {
		return s
	}
	n := 0
	for i := range s {
		if n == maxRunes {
			return s[:i]
		}
		n++
	}
	return s
}

// repairBytes reads bytes that are not UTF-8 as Windows-1252 where they matter:
// 0xA3 is the pound sign, 0x96 and 0x97 are dashes.
func repairBytes(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	var b strings.Builder
	for i, r := range s {
		if r != utf8.RuneError {
			b.WriteRune(r)
			continue
		}
		switch s[i] {
		case 0xa3:
			b.WriteRune('£')
		case 0x96, 0x97:
			b.WriteByte('-')
		default:
			b.WriteByte(' ')
		}
	}
	return b.String()
}

// fold writes a text in ASCII, "£" and newlines, with single spaces.
func fold(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	space := false
	for _, r := range norm.NFKD.String(s) {
		r = folded(r)
		if r < 0 || r == ' ' && space {
			continue
		}
		space = r == ' '
		b.WriteRune(r)
	}
	return b.String()
}

// folded is a character of ASCII, or "£", for any other; -1 for one that is
// written away.
func folded(r rune) rune {
	switch {
	case r == '\n' || r == '\r' || r == '\u2028' || r == '\u2029':
		return '\n'
	case r >= ' ' && r < 0x7f, r == '£':
		return r
	case r < 0x7f:
		return ' '
	case r == '\uff04':
		return '£'
	case r == '\u2018' || r == '\u2019':
		return '\''
	case unicode.Is(unicode.Pd, r) || r == '\u2212':
		return '-'
	case r == '\u2022' || r == '\u00b7':
		return '|'
	case r == '\u2044':
		return '/'
	case unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Cf, r):
		return -1
	}
	return ' '
}
