package pay

import (
	"html"
	"regexp"
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
		"`", "'", "**", "", "__", " ",
	)
	fraction = regexp.MustCompile(`(\d)[ ]?([¼½¾])`)
	proRata  = regexp.MustCompile(`(?i)\bpro[\s-]*rat(?:a|e|ed)\b(?:'?d\b)?`)
	spaces   = regexp.MustCompile(`[ \t\f\v]+`)
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
	s = spaces.ReplaceAllString(s, " ")
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

func fold(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range norm.NFKD.String(s) {
		switch {
		case r == '£', r == '\uff04':
			b.WriteRune('£')
		case r == '\n' || r == '\r' || r == '\u2028' || r == '\u2029':
			b.WriteByte('\n')
		case r >= ' ' && r < 0x7f:
			b.WriteByte(byte(r))
		case r == '\u2018' || r == '\u2019':
			b.WriteByte('\'')
		case unicode.Is(unicode.Pd, r) || r == '\u2212':
			b.WriteByte('-')
		case r == '\u2022' || r == '\u00b7':
			b.WriteByte('|')
		case r == '\u2044':
			b.WriteByte('/')
		case unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Cf, r):
		default:
			b.WriteByte(' ')
		}
	}
	return b.String()
}
