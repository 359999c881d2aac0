package taxonomy

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// gap describes what stands between a token and the one before it.
type gap uint16

const (
	gapBreak gap = 1 << iota // sentence end, semicolon, line end, table cell
	gapComma
	gapColon
	gapDash // a dash with spaces around it
	gapSlash
	gapOpen  // an opening bracket
	gapClose // a closing bracket
)

// apart are the gaps that no wording reaches across.
const apart = gapBreak | gapColon | gapDash | gapOpen | gapClose

// token is one word of a text, folded for comparison.
type token struct {
	word string
	// id is the word's number in the vocabulary; 0 when no wording has it. stem
	// is that of its verb, where the word is a form of one, or 0.
	id, stem   uint32
	start, end int
	before     gap
}

// tokenise splits a text into folded words. It is linear in the text and
// accepts any bytes.
func tokenise(text string, vocabulary map[string]uint32) []token {
	tokens := make([]token, 0, len(text)/5+1)
	between := gapBreak
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		if r == '&' {
			tokens = append(tokens, token{word: "and", id: vocabulary["and"], start: i, end: i + 1, before: between})
			between, i = 0, i+1
			continue
		}
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			between |= gapOf(text, i, r, size, tokens)
			i += size
			continue
		}
		end := wordEnd(text, i)
		word := foldWord(text[i:end])
		tok := token{word: word, id: vocabulary[word], start: i, end: end, before: between}
		if verb := verbStem(word); verb != word && !adjectivalAfter(tokens, word, between) {
			tok.stem = vocabulary[verb]
		}
		tokens = append(tokens, tok)
		between, i = 0, end
	}
	return tokens
}

// wordEnd finds the end of the word that starts at i: letters and digits, and
// the apostrophes between them.
func wordEnd(text string, i int) int {
	end := i
	for end < len(text) {
		r, size := utf8.DecodeRuneInString(text[end:])
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			end += size
			continue
		}
		if !isApostrophe(r) {
			break
		}
		next, _ := utf8.DecodeRuneInString(text[end+size:])
		if !unicode.IsLetter(next) {
			break
		}
		end += size
	}
	return end
}

// gapOf says what one character between words separates. Points and colons
// inside figures ("2:1", "e.g.") separate nothing.
func gapOf(text string, i int, r rune, size int, before []token) gap {
	spaced := i+size >= len(text) || isSpaceAt(text, i+size)
	switch r {
	case ';', '\n', '\r', '|', '!', '?', '•', '·':
		return gapBreak
	case '.':
		if spaced && !abbreviated(before) {
			return gapBreak
		}
	case ',':
		return gapComma
	case ':':
		if spaced || i+1 < len(text) && (text[i+1] == '*' || text[i+1] == '_') {
			return gapColon
		}
	case '/', '\\':
		return gapSlash
	case '(', '[', '{':
		return gapOpen
	case ')', ']', '}':
		return gapClose
	case '-', '–', '—':
		if r == '—' || i > 0 && isSpaceAt(text, i-1) && spaced {
			return gapDash
		}
	}
	return 0
}

// abbreviated says whether a point after these tokens belongs to an
// abbreviation such as "e.g." rather than to the end of a sentence.
func abbreviated(tokens []token) bool {
	n := len(tokens)
	if n == 0 {
		return true
	}
	switch tokens[n-1].word {
	case "eg", "ie", "incl", "inc", "etc", "approx", "no", "min":
		return true
	case "g", "e":
		return n > 1 && (tokens[n-2].word == "e" || tokens[n-2].word == "i")
	}
	return false
}

func isSpaceAt(text string, i int) bool {
	r, _ := utf8.DecodeRuneInString(text[i:])
	return unicode.IsSpace(r)
}

func isApostrophe(r rune) bool { return r == '\'' || r == '’' || r == '‘' || r == 'ʼ' }

// spellings maps American spellings to the British ones of the data.
//
//nolint:misspell // American spellings are what it maps
var spellings = map[string]string{
	"behavior": "behaviour", "behavioral": "behavioural", "behaviors": "behaviour",
	"judgmental": "judgemental", "nonjudgmental": "nonjudgemental",
	"organization": "organisation", "organizational": "organisational", "organized": "organised",
	"organizing": "organising", "organize": "organise", "prioritize": "prioritise",
	"humor": "humour", "counseling": "counselling", "license": "licence", "favor": "favour",
	"pediatric": "paediatric", "program": "programme", "programs": "programme",
	"judgment": "judgement", "center": "centre", "centered": "centred", "recognized": "recognised",
}

// foldWord brings a word to the form in which words are compared: lower case,
// no apostrophes, British, and without the s of a plural, a genitive or a
// third person.
func foldWord(s string) string {
	w := strings.ToLower(s)
	if strings.ContainsFunc(w, isApostrophe) {
		w = strings.Map(func(r rune) rune {
			if isApostrophe(r) {
				return -1
			}
			return r
		}, w)
	}
	if british, ok := spellings[w]; ok {
		w = british
	}
	n := len(w)
	if n < 4 || w[n-1] != 's' {
		return w
	}
	switch {
	case strings.HasSuffix(w, "ss"), strings.HasSuffix(w, "us"), strings.HasSuffix(w, "is"):
		return w
	case n > 4 && strings.HasSuffix(w, "ies"):
		return w[:n-3] + "y"
	case strings.HasSuffix(w, "ches"), strings.HasSuffix(w, "shes"), strings.HasSuffix(w, "sses"), strings.HasSuffix(w, "xes"):
		return w[:n-2]
	}
	return w[:n-1]
}

// verbStem takes the ending off a form of a verb, so that the forms of one verb
// have one stem: manage, managed and managing. What is left of a noun or an
// adjective matters little: both sides of a comparison lose it alike.
func verbStem(w string) string {
	stem := w
	switch {
	case strings.HasSuffix(w, "ing"):
		stem = w[:len(w)-3]
	case strings.HasSuffix(w, "ied"):
		return w[:len(w)-3] + "y"
	case strings.HasSuffix(w, "ed"):
		stem = w[:len(w)-2]
	}
	n := len(stem)
	if stem != w && n > 3 && stem[n-1] == stem[n-2] && stem[n-1] != 'l' && stem[n-1] != 's' {
		return stem[:n-1]
	}
	if n > 4 && stem[n-1] == 'e' {
		stem = stem[:n-1]
	}
	if len(stem) < shortestStem {
		return w
	}
	return stem
}

// stems gives the stems of some verbs.
func stems(verbs ...string) map[string]bool {
	out := make(map[string]bool, len(verbs))
	for _, v := range verbs {
		out[verbStem(v)] = true
	}
	return out
}

// adjectivalAfter says whether a participle after these tokens is an adjective:
// "the differentiated curriculum" does not say who differentiates it, nor does
// "carry out planned activities" say who plans them.
func adjectivalAfter(tokens []token, word string, between gap) bool {
	if len(tokens) == 0 || between&(apart|gapComma|gapSlash) != 0 || !strings.HasSuffix(word, "ed") {
		return false
	}
	last := tokens[len(tokens)-1].word
	switch last {
	case "a", "an", "the", "of", "with", "their", "our", "your", "more", "highly", "out", "in", "on", "for", "to", "deliver", "support",
		"follow", "provide", "use", "using", "implement", "under", "through", "by", "from", "well":
		return true
	}
	return false
}

// shortestStem is the fewest letters that a stem has: with fewer, "caring" would
// be a form of "car".
const shortestStem = 4
