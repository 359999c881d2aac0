package terms

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

const (
	// maxText is how much of one text is read, in bytes; the longest real
	// adverts have some 40,000.
	maxText = 1 << 20
	// maxToken is where an endless word is cut, in bytes.
	maxToken = 48
)

// fold lowers a text and decomposes its accents, which tokens then leaves out.
func fold(s string) string {
	if len(s) > maxText {
		s = s[:maxText]
	}
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return strings.ToLower(norm.NFKD.String(strings.ToValidUTF8(s, " ")))
		}
	}
	return strings.ToLower(s)
}

// tokens cuts a folded text into tokens. The bytes given to each are good only
// during the call.
func tokens(folded string, each func(token []byte)) {
	var (
		buf [maxToken]byte
		t   = buf[:0]
		// single: the token is nothing but single letters, or single digits,
		// with marks left out or joined between. run counts the characters
		// since the last of those.
		single = true
		run    = 0
	)
	for i := 0; i < len(folded); {
		r, n := rune(folded[i]), 1
		if r >= utf8.RuneSelf {
			r, n = utf8.DecodeRuneInString(folded[i:])
		}
		rest := folded[i+n:]
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			run++
			single = single && run == 1
			if len(t)+n <= maxToken {
				t = append(t, folded[i:i+n]...)
			}
		case unicode.IsMark(r), r == softHyphen, r == zeroWidthSpace:
		case isApostrophe(r) && len(t) > 0 && startsWithLetter(rest): // "pupil's"
		case r == '.' && single && run == 1 && isASCIILetter(t[len(t)-1]) && isASCIILetter(lone(rest)): // "T.A."
			run = 0
		case single && run == 1 && isRatio(t, r, lone(rest)): // "1:1"
			t = append(t, ':')
			run = 0
		default:
			if len(t) > 0 {
				each(t)
			}
			if r == '&' {
				each([]byte("and"))
			}
			t, single, run = t[:0], true, 0
		}
		i += n
	}
	if len(t) > 0 {
		each(t)
	}
}

const (
	softHyphen     = '\u00ad'
	zeroWidthSpace = '\u200b'
)

// isRatio reports whether the mark r between the token so far and a lone next
// character makes a ratio, as in "1:1" or "1-2-1". Other hyphens between digits
// are ranges: "2-3" is two tokens.
func isRatio(token []byte, r rune, next byte) bool {
	if len(token) >= 6 || !isASCIIDigit(token[len(token)-1]) || !isASCIIDigit(next) {
		return false
	}
	switch r {
	case ':':
		return true
	case '-', '–':
		last := token[len(token)-1]
		return last == '1' && next == '1' || last == '1' && next == '2' && len(token) == 1 || last == '2' && next == '1' && len(token) == 3
	}
	return false
}

// lone is the first byte of s when it is a word of one ASCII character, else 0.
func lone(s string) byte {
	if s == "" || len(s) > 1 && isWord(s[1]) {
		return 0
	}
	return s[0]
}

func startsWithLetter(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsLetter(r)
}

func isApostrophe(r rune) bool {
	switch r {
	case '\'', '’', '‘', 'ʼ', '`':
		return true
	}
	return false
}

func isWord(c byte) bool        { return c >= utf8.RuneSelf || isASCIILetter(c) || isASCIIDigit(c) }
func isASCIILetter(c byte) bool { return c >= 'a' && c <= 'z' }
func isASCIIDigit(c byte) bool  { return c >= '0' && c <= '9' }
