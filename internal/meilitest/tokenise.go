package meilitest

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// token is one word of a text.
type token struct {
	word string
	// stop says that it is a stop word, which is not searched for.
	stop bool
	// position counts words within a field: one more for each word, hardGap more
	// after the end of a sentence and for each further value of the field.
	position int
	// start and end are where it stands in its text, in bytes.
	start, end int
}

const (
	hardGap = 8
	// maxPosition is where the indexing of a field ends.
	maxPosition = 65_535
	// maxWord is how long a word may be, in bytes.
	maxWord = 250
)

// separator says what stands between two words.
type separator int

const (
	noSeparator separator = iota
	softSeparator
	hardSeparator
)

// hardSigns end a sentence. A full stop and a comma do so before a blank only.
var hardSigns = []string{". ", ", ", "!", ";", "?", "¡", "§", "¶", "¿", "\x00"}

// tokeniser cuts texts of Latin script into words.
type tokeniser struct {
	stop          map[string]bool
	extra, joined []string
	dictionary    []string
}

func newTokeniser(s *settings) *tokeniser {
	t := &tokeniser{stop: map[string]bool{}, extra: s.separators, joined: s.nonSeparators, dictionary: s.dictionary}
	for _, w := range s.stopWords {
		t.stop[norm.NFKD.String(w)] = true
	}
	return t
}

// foldWord makes a word comparable: no case, no accents, ligatures taken apart.
func foldWord(s string) string {
	folded := strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Cc, r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFKD.String(s))
	return strings.NewReplacer("æ", "ae", "œ", "oe").Replace(folded)
}

// stops says whether a word, as it is written, is a stop word. Its case matters:
// "The" is searched for where only "the" is a stop word.
func (t *tokeniser) stops(written string) bool { return t.stop[norm.NFKD.String(written)] }

// separatorAt says whether a separator stands at the start of a text, and how
// long it is.
func (t *tokeniser) separatorAt(s string) (separator, int) {
	for _, sign := range t.joined {
		if sign != "" && strings.HasPrefix(s, sign) {
			return noSeparator, len(sign)
		}
	}
	for _, sign := range hardSigns {
		if strings.HasPrefix(s, sign) {
			return hardSeparator, len(sign)
		}
	}
	for _, sign := range t.extra {
		if sign != "" && strings.HasPrefix(s, sign) {
			return softSeparator, len(sign)
		}
	}
	r, size := utf8.DecodeRuneInString(s)
	if separates(r) {
		return softSeparator, size
	}
	return noSeparator, size
}

// separates says whether a rune stands between words: punctuation, blanks and
// the signs of arithmetic that are not ASCII comparisons.
func separates(r rune) bool {
	switch r {
	case '<', '=', '>', '|', '~', '¬', '⁄', '\u2011':
		return false
	case '`', '\t', '\n', '\r', '\u200c':
		return true
	}
	return unicode.Is(unicode.P, r) || unicode.Is(unicode.Sm, r) || unicode.Is(unicode.Z, r)
}

// piece is a word or a separator, in order of the text.
type piece struct {
	text       string
	kind       separator
	start, end int
}

// pieces cuts a text into words and separators.
func (t *tokeniser) pieces(s string) []piece {
	var out []piece
	start := 0
	word := func(end int) {
		if end > start {
			out = append(out, piece{text: s[start:end], start: start, end: end})
		}
	}
	for i := 0; i < len(s); {
		if n := t.entryAt(s[i:]); n > 0 {
			word(i)
			out = append(out, piece{text: s[i : i+n], start: i, end: i + n})
			i += n
			start = i
			continue
		}
		kind, size := t.separatorAt(s[i:])
		if kind == noSeparator {
			i += size
			continue
		}
		word(i)
		out = append(out, piece{s[i : i+size], t.composed(s[i:i+size], kind), i, i + size})
		i += size
		start = i
	}
	word(len(s))
	return out
}

// composed says what a separator is once it is taken apart: a wide full stop is a
// full stop, but an ellipsis is three of them, which is no separator and thus a
// word of its own.
func (t *tokeniser) composed(sign string, kind separator) separator {
	apart := norm.NFKD.String(sign)
	if apart == sign {
		return kind
	}
	kind, size := t.separatorAt(apart)
	if size != len(apart) {
		return noSeparator
	}
	return kind
}

// entryAt gives the length of the longest entry of the dictionary that a text
// starts with.
func (t *tokeniser) entryAt(s string) int {
	n := 0
	for _, entry := range t.dictionary {
		if len(entry) > n && strings.HasPrefix(s, entry) {
			n = len(entry)
		}
	}
	return n
}

// text cuts a text into its words, the first at a position.
func (t *tokeniser) text(s string, position int) []token {
	var tokens []token
	gap := noSeparator
	for _, p := range t.pieces(s) {
		if p.kind != noSeparator {
			gap = max(gap, p.kind)
			continue
		}
		word := foldWord(p.text)
		if word == "" {
			continue
		}
		switch {
		case len(tokens) == 0:
		case gap == hardSeparator:
			position += hardGap
		default:
			position++
		}
		gap = noSeparator
		tokens = append(tokens, token{word, t.stops(p.text), position, p.start, p.end})
	}
	return tokens
}

// words gives the words of a text alone.
func (t *tokeniser) words(s string) []string {
	var words []string
	for _, tok := range t.text(s, 0) {
		words = append(words, tok.word)
	}
	return words
}

// document cuts all searchable fields of a document into words.
func (t *tokeniser) document(source map[string]any, s *settings) map[string][]token {
	fields := map[string][]token{}
	var walk func(name string, v any)
	add := func(name, text string) {
		if _, ok := s.searches(name); !ok {
			return
		}
		position := 0
		if before, ok := fields[name]; ok {
			if n := len(before); n > 0 {
				position = before[n-1].position
			}
			position += hardGap
		}
		tokens := slices.DeleteFunc(t.text(text, position), func(tok token) bool {
			return tok.position >= maxPosition || len(tok.word) > maxWord
		})
		fields[name] = append(fields[name], tokens...)
	}
	walk = func(name string, v any) {
		switch v := v.(type) {
		case string:
			add(name, v)
		case json.Number:
			add(name, v.String())
		case bool:
			add(name, strconv.FormatBool(v))
		case []any:
			for _, e := range v {
				walk(name, e)
			}
		case map[string]any:
			for _, key := range slices.Sorted(maps.Keys(v)) {
				walk(name+"."+key, v[key])
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(source)) {
		if name != geoField && name != vectorsField {
			walk(name, source[name])
		}
	}
	return fields
}

// searches says whether a field is searched, and how far down the list it
// stands. When everything is searched all fields are equal.
func (s *settings) searches(name string) (rank int, ok bool) {
	if s.searchable == nil {
		return 0, true
	}
	for i, searchable := range s.searchable {
		if below(name, searchable) {
			return i, true
		}
	}
	return 0, false
}

// searchedOn says whether a name of attributesToSearchOn means a field: a
// searchable attribute stands for what is below it; when everything is searched
// only the very name does, or a pattern.
func (s *settings) searchedOn(name, field string) bool {
	return matchPattern(name, field) || s.searchable != nil && below(field, name)
}
