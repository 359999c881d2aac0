package meilitest

import (
	"maps"
	"slices"
	"strings"
	"unicode"
)

// maxTerms is how many words or phrases of a query are looked at.
const maxTerms = 10

// term is a word or a phrase that a query asks for.
type term struct {
	// words is one word, or those of a phrase; a stop word in a phrase is empty
	// and stands for any word.
	words  []string
	phrase bool
	prefix bool
	// position and last are where its first and its last word stand in the query.
	position, last int
}

func (t *term) word() string { return t.words[0] }

// size is how many words the term counts for.
func (t *term) size() int {
	n := 0
	for _, w := range t.words {
		if w != "" {
			n++
		}
	}
	return n
}

// query is what is asked for and what is ruled out.
type query struct {
	terms []term
	not   []term
}

// queryReader reads a query piece by piece.
type queryReader struct {
	t        *tokeniser
	q        query
	position int
	// open is the phrase being read; negated says that it is ruled out.
	open    *term
	negated bool
	// minus says that the next word is ruled out.
	minus bool
	// prefixes says whether the last word may be the start of a longer one.
	prefixes bool
}

// readQuery reads words, "phrases" and -exclusions. The last word, when nothing
// follows it, is a prefix.
func readQuery(text string, s *settings) query {
	r := &queryReader{t: newTokeniser(s), position: -1, prefixes: s.prefixSearch != "disabled"}
	pieces := r.t.pieces(text)
	afterBlank := true
	for i, p := range pieces {
		if len(r.q.terms) >= maxTerms {
			return r.q
		}
		if p.kind == noSeparator {
			r.word(foldWord(p.text), r.t.stops(p.text), i == len(pieces)-1)
		} else {
			r.separator(p, afterBlank)
		}
		last := []rune(p.text)
		afterBlank = unicode.IsSpace(last[len(last)-1])
	}
	r.closePhrase()
	return r.q
}

func (r *queryReader) word(word string, stop, last bool) {
	if word == "" {
		return
	}
	r.position++
	switch {
	case r.open != nil:
		if r.open.size() == 0 {
			r.open.position = r.position
		}
		r.open.last = r.position
		if stop {
			word = ""
		}
		r.open.words = append(r.open.words, word)
	case r.minus:
		r.q.not = append(r.q.not, term{words: []string{word}, position: r.position, last: r.position})
		r.minus = false
	case !last && stop:
	default:
		r.q.terms = append(r.q.terms, term{words: []string{word}, prefix: last && r.prefixes, position: r.position, last: r.position})
	}
}

func (r *queryReader) separator(p piece, afterBlank bool) {
	if p.kind == hardSeparator {
		r.position += hardGap - 1
		if r.open != nil { // A sentence ends inside a phrase: it is two.
			negated := r.negated
			r.closePhrase()
			r.open, r.negated = &term{phrase: true}, negated
		}
	}
	if p.text == `"` {
		if r.open != nil {
			r.closePhrase()
		} else {
			r.open, r.negated = &term{phrase: true}, r.minus
		}
	}
	r.minus = r.open == nil && p.text == "-" && afterBlank
}

// closePhrase ends the phrase being read. One of stop words alone is none.
func (r *queryReader) closePhrase() {
	open, negated := r.open, r.negated
	r.open, r.negated = nil, false
	if open == nil || !slices.ContainsFunc(open.words, func(w string) bool { return w != "" }) {
		return
	}
	if negated {
		r.q.not = append(r.q.not, *open)
	} else {
		r.q.terms = append(r.q.terms, *open)
	}
}

// The bounds of synonyms for one word.
const (
	maxSynonyms     = 50
	maxSynonymWords = 100
)

// synonymsOf gives the phrases that stand for words which follow each other. What
// is beyond the bounds is left out. A stop word is no part of a phrase.
func synonymsOf(words []string, s *settings) [][]string {
	t := newTokeniser(s)
	key := strings.Join(words, " ")
	var found [][]string
	total := 0
	for _, from := range slices.Sorted(maps.Keys(s.synonyms)) {
		if strings.Join(t.words(from), " ") != key {
			continue
		}
		for _, to := range s.synonyms[from] {
			var phrase []string
			for _, tok := range t.text(to, 0) {
				if !tok.stop {
					phrase = append(phrase, tok.word)
				}
			}
			total += len(phrase)
			if len(phrase) > 0 && len(found) < maxSynonyms && total <= maxSynonymWords {
				found = append(found, phrase)
			}
		}
	}
	return found
}
