package meilitest

import (
	"slices"
	"strings"
)

// occurrence is a place in a document where something asked for stands.
type occurrence struct {
	field    string
	rank     int
	position int
	// length is how many words it takes up.
	length int
	typos  int
	// exact says that it is the very word of the query.
	exact bool
}

// matcher finds the terms of a query in documents.
type matcher struct {
	s *settings
	q query
	// on is attributesToSearchOn; nil for everything.
	on []string
	// cache holds how far words of documents are from words of the query.
	cache map[cacheKey]int
	// synonyms are of runs of the query's words.
	synonyms map[run][][]string
	// x is the index, and best the ways of writing words as two.
	x    *index
	best map[string][2]string
}

type cacheKey struct {
	word, other string
	prefix      bool
}

// run is some of the query's terms that follow each other.
type run struct{ first, last int }

// longestRun is how many words of a query are read as one word or one synonym.
const longestRun = 3

func newMatcher(x *index, q query, on []string) *matcher {
	s := &x.settings
	m := &matcher{s: s, q: q, on: on, cache: map[cacheKey]int{}, synonyms: map[run][][]string{}, x: x, best: map[string][2]string{}}
	for i := range q.terms {
		for j := i; j < min(i+longestRun, len(q.terms)); j++ {
			if words, ok := m.wordsOf(run{i, j}); ok {
				if found := synonymsOf(words, s); found != nil {
					m.synonyms[run{i, j}] = found
				}
			}
		}
	}
	return m
}

// wordsOf gives the words of a run that has no phrase in it and no gap.
func (m *matcher) wordsOf(r run) ([]string, bool) {
	var words []string
	for i := r.first; i <= r.last; i++ {
		t := &m.q.terms[i]
		if t.phrase || i > r.first && t.position != m.q.terms[i-1].position+1 {
			return nil, false
		}
		words = append(words, t.word())
	}
	return words, true
}

// searched lists the fields of a document that are searched.
func (m *matcher) searched(d *document) []string {
	var names []string
	for name := range d.words {
		if m.on == nil || slices.ContainsFunc(m.on, func(p string) bool { return m.s.searchedOn(p, name) }) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// excluded says whether a document has something that is ruled out.
func (m *matcher) excluded(d *document) bool {
	for i := range m.q.not {
		if len(m.findPhrase(d, m.q.not[i].words)) > 0 {
			return true
		}
	}
	return false
}

// findPhrase looks for words that follow each other. An empty word is a stop
// word: it is not looked for, and may be missing.
func (m *matcher) findPhrase(d *document, words []string) []occurrence {
	var found []occurrence
	for _, name := range m.searched(d) {
		rank, _ := m.s.searches(name)
		tokens := d.words[name]
		if m.s.proximity == "byAttribute" && len(words) > 1 {
			found = append(found, together(tokens, words, name, rank)...)
			continue
		}
		for at := range tokens {
			if n := phraseAt(tokens[at:], words); n > 0 {
				length := tokens[at+n-1].position - tokens[at].position + 1
				found = append(found, occurrence{field: name, rank: rank, position: tokens[at].position, length: length, exact: true})
			}
		}
	}
	return found
}

// together finds words that stand anywhere in one field, which is all that
// proximity by attribute knows.
func together(tokens []token, words []string, field string, rank int) []occurrence {
	if !holdsAll(tokens, []term{{words: words}}) {
		return nil
	}
	first := slices.IndexFunc(tokens, func(t token) bool { return slices.Contains(words, t.word) })
	return []occurrence{{field: field, rank: rank, position: tokens[first].position, length: len(words), exact: true}}
}

// phraseAt says how many tokens at the start of some are a phrase; zero when
// they are none.
func phraseAt(tokens []token, words []string) int {
	at, skipped, begun := 0, 0, false
	for _, word := range words {
		switch {
		case word == "":
			skipped++
			continue
		case !begun:
			if len(tokens) == 0 || tokens[0].stop || tokens[0].word != word {
				return 0
			}
			begun = true
		default:
			next := slices.IndexFunc(tokens[at+1:], func(t token) bool { return !t.stop && t.word == word })
			if next < 0 || tokens[at+1+next].position-tokens[at].position > skipped+1 {
				return 0
			}
			at += 1 + next
		}
		skipped = 0
	}
	if !begun {
		return 0
	}
	return at + 1
}

// findWord looks for a word, or for what is near enough to it.
func (m *matcher) findWord(d *document, near func(word, field string) int) []occurrence {
	var found []occurrence
	for _, name := range m.searched(d) {
		rank, _ := m.s.searches(name)
		for _, t := range d.words[name] {
			if t.stop {
				continue
			}
			if typos := near(t.word, name); typos >= 0 {
				found = append(found, occurrence{name, rank, t.position, 1, typos, false})
			}
		}
	}
	return found
}

// occurrences finds a run of terms in a document: the words themselves, words
// that are near enough, and synonyms.
func (m *matcher) occurrences(d *document, r run) []occurrence {
	var found []occurrence
	if t := &m.q.terms[r.first]; r.first == r.last && t.phrase {
		return m.findPhrase(d, t.words)
	}
	words, ok := m.wordsOf(r)
	if !ok {
		return nil
	}
	for _, synonym := range m.synonyms[r] {
		for _, o := range m.findPhrase(d, synonym) {
			o.exact, o.typos = false, runTypos(r)
			found = append(found, o)
		}
	}
	word := strings.Join(words, "")
	prefix := m.q.terms[r.last].prefix
	most := max(0, m.s.tolerance(word)-(r.last-r.first))
	near := m.findWord(d, func(other, field string) int {
		if r.first != r.last && m.s.exactField(field) {
			return -1
		}
		return m.near(word, other, field, prefix, most)
	})
	for _, o := range near {
		o.exact = o.typos == 0 && r.first == r.last && m.holdsWord(d, o, word)
		o.typos += runTypos(r)
		found = append(found, o)
	}
	if r.first == r.last {
		found = append(found, m.splits(d, word)...)
	}
	return found
}

// runTypos is what it costs to read several words as one.
func runTypos(r run) int {
	if r.first == r.last {
		return 0
	}
	return r.last - r.first + 1
}

// holdsWord says whether the word at an occurrence is the word, and not one
// that only begins with it.
func (m *matcher) holdsWord(d *document, o occurrence, word string) bool {
	return slices.ContainsFunc(d.words[o.field], func(t token) bool { return t.position == o.position && t.word == word })
}

// near says with how many mistakes a word is another, or begins it.
func (m *matcher) near(word, other, field string, prefix bool, most int) int {
	if word == other || prefix && strings.HasPrefix(other, word) {
		return 0
	}
	if most == 0 || m.s.exactField(field) {
		return -1
	}
	key := cacheKey{word, other, prefix}
	d, ok := m.cache[key]
	if !ok {
		d = distance(word, other, prefix, most)
		m.cache[key] = d
	}
	if d > most {
		return -1
	}
	return d
}

// splits finds a word that the index writes as two: one mistake, which is
// forgiven even where no mistakes are.
func (m *matcher) splits(d *document, word string) []occurrence {
	left, right := m.bestSplit(word)
	if left == "" {
		return nil
	}
	found := m.findPhrase(d, []string{left, right})
	for i := range found {
		found[i].typos, found[i].exact = 1, false
	}
	return found
}

// bestSplit is the way to write a word as two that most documents have.
func (m *matcher) bestSplit(word string) (left, right string) {
	if best, ok := m.best[word]; ok {
		return best[0], best[1]
	}
	most := 0
	for i := range word {
		if i == 0 || !m.indexed(word[:i]) || !m.indexed(word[i:]) {
			continue
		}
		n := 0
		for _, d := range m.x.docs {
			if len(m.everywhere().findPhrase(d, []string{word[:i], word[i:]})) > 0 {
				n++
			}
		}
		if n > most {
			most, left, right = n, word[:i], word[i:]
		}
	}
	m.best[word] = [2]string{left, right}
	return left, right
}

// everywhere is a matcher that looks at all fields.
func (m *matcher) everywhere() *matcher { return &matcher{s: m.s} }

// indexed says whether a word stands anywhere in the index.
func (m *matcher) indexed(word string) bool { return m.x.words.holds(m.x, word) }
