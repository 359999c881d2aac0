package place

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxText is how much of a location is read, in bytes. Real ones are short.
const maxText = 600

// part is a piece of a location between commas and the like.
type part struct {
	words []word
	// listed says that a sign of lists, as in "Leeds/Bradford", stands before it.
	listed bool
	at     int // its number
}

// word is one word of a location.
type word struct {
	raw     string // as printed
	key     string // folded
	capital bool   // begins with a capital or a digit
}

// split cuts a location into parts and words.
func split(text string) []part {
	if len(text) > maxText {
		text = text[:maxText]
	}
	var parts []part
	for text != "" {
		end := strings.IndexFunc(text, isBreak)
		if end < 0 {
			parts = appendPiece(parts, text)
			break
		}
		parts = appendPiece(parts, text[:end])
		sign, size := utf8.DecodeRuneInString(text[end:])
		text = text[end+size:]
		if strings.ContainsRune("/;+•", sign) {
			parts = append(parts, part{listed: true})
		}
	}
	return slices.DeleteFunc(gather(parts), func(p part) bool { return len(p.words) == 0 })
}

// gather moves a sign of lists to the part that follows it.
func gather(parts []part) []part {
	listed := false
	for i := range parts {
		p := &parts[i]
		if len(p.words) == 0 {
			listed = listed || p.listed
			continue
		}
		p.listed, listed = listed, false
	}
	return parts
}

// appendPiece cuts a piece at the dashes that stand alone.
func appendPiece(parts []part, piece string) []part {
	var p part
	for _, chunk := range strings.Fields(piece) {
		if isDash(chunk) {
			parts = append(parts, p)
			p = part{}
			continue
		}
		p.words = appendWords(p.words, chunk)
	}
	return append(parts, p)
}

func isBreak(r rune) bool {
	return strings.ContainsRune(",;/|+()[]\n\r:•", r)
}

// isDash tells a dash that stands alone ("Leeds - LS1") from a hyphen.
func isDash(s string) bool { return strings.Trim(s, "-–—") == "" }

// appendWords folds one chunk without spaces; it may hold several words, as
// "Stoke-on-Trent" does.
func appendWords(words []word, chunk string) []word {
	for _, raw := range strings.FieldsFunc(chunk, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) && r != '&' && r != '\'' && r != '’' && r != '‘'
	}) {
		key := foldWord(raw)
		if key == "" {
			continue
		}
		first, _ := utf8.DecodeRuneInString(raw)
		words = append(words, word{raw: raw, key: key, capital: !unicode.IsLower(first)})
	}
	return words
}

// foldWord lowers a word and strips accents and apostrophes.
func foldWord(raw string) string {
	if raw == "&" {
		return "and"
	}
	plain := true
	for i := 0; i < len(raw); i++ {
		if c := raw[i]; c >= utf8.RuneSelf || c == '\'' || c == '&' || c >= 'A' && c <= 'Z' {
			plain = false
			break
		}
	}
	key := raw
	if !plain {
		var b strings.Builder
		for _, r := range norm.NFKD.String(raw) {
			if unicode.IsLetter(r) || unicode.IsDigit(r) {
				b.WriteRune(unicode.ToLower(r))
			}
		}
		key = b.String()
	}
	if key == "saint" {
		return "st"
	}
	return key
}

// foldName is the form under which a name is filed: "St. Helen's" and "Saint
// Helens" are both "st helens".
func foldName(s string) string {
	var words []word
	for _, chunk := range strings.Fields(strings.NewReplacer(",", " ", "(", " ", ")", " ").Replace(s)) {
		words = appendWords(words, chunk)
	}
	return join(words)
}

func join(words []word) string {
	switch len(words) {
	case 0:
		return ""
	case 1:
		return words[0].key
	}
	var b strings.Builder
	for i, w := range words {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(w.key)
	}
	return b.String()
}
