package document

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// bullets are the runes that begin an item when something follows them. The
// last are what Symbol and Wingdings bullets become when a word processor's
// text is copied.
const bullets = "·•‣◦▪▫●○∙⁃■□➢➤►▶✓✔✅☑→*–—-\uf0b7\uf0a7\uf0d8\uf0fc"

// ticked reports whether a text is a tick or a cross, which are bullets only where
// something follows.
func ticked(text string) bool {
	switch text {
	case "✓", "✔", "✅", "☑", "☒", "✗", "✘", "*", "•", "●", "■", "√":
		return true
	}
	return false
}

// bulleted takes the bullet off an item of plain text.
func bulleted(text string) (rest string, ok bool) {
	r, n := utf8.DecodeRuneInString(text)
	if n == 0 || !strings.ContainsRune(bullets, r) {
		return text, false
	}
	rest = strings.TrimLeft(text[n:], " ")
	switch {
	case rest == "":
		return text, false
	case strings.ContainsRune("*-–—", r) && len(rest) == len(text)-n:
		// "-based" and "*terms apply" are text; an item leaves a space.
		return text, false
	}
	return rest, true
}

// marker is a number, a letter or a Roman numeral that counts an item.
var (
	marker     = regexp.MustCompile(`^\(?(?:\d{1,2}(?:\.\d{1,2}){0,2}|[a-z]|[ivx]{1,5}|[IVX]{1,5}|[A-Z])[.)]$`)
	leadMarker = regexp.MustCompile(`^\(?(?:\d{1,2}(?:\.\d{1,2}){0,2}|[a-z]|[ivx]{1,5}|[IVX]{1,5}|[A-Z])[.)] +`)
)

// onlyMarker reports whether text is nothing but the marker of an item.
func onlyMarker(text string) bool {
	if text == "" || len(text) > 12 {
		return false
	}
	if r, n := utf8.DecodeRuneInString(text); n == len(text) {
		return strings.ContainsRune(bullets, r)
	}
	return marker.MatchString(text)
}

// numbered gives the length of the number that begins an item, or 0.
func numbered(text string) int {
	head := text
	if len(head) > 16 {
		head = head[:16]
	}
	n := len(leadMarker.FindString(head))
	if n == len(text) {
		return 0
	}
	return n
}
