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
}

type cacheKey struct {
	word, other string
	prefix      bool
}

// run is some of the query's terms that follow each other.
type run struct{ first, last int }

// longestRun is how many words of a query are read as one word or one synonym.
const longestRun = 3

func newMatcher(s *settings, q query, on []string) *matcher {
	m := &matcher{s: s, q: q, on: on, cache: map[cacheKey]int{}, synonyms: map[run][][]string{}}
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
		if m.on == nil || slices.ContainsFunc(m.on, func(p string) bool { return matchPattern(p, name) || below(name, p) }) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// excluded says whether a document has something that is ruled out.
func (m *matcher) excluded(d *document) bool {
	for i := range m.q.not {
		if len(m.find(d, m.q.not[i].words, m.exactly)) > 0 {
			return true
		}
	}
	return false
}

// test says with how many typing mistakes a word of a document is word i of
// what is looked for; negative when it is not.
type test func(i int, word string, field string) int

func (m *matcher) exactly(words []string) test {
	return func(i int, word, _ string) int {
		if words[i] == "" || words[i] == word {
			return 0
		}
		return -1
	}
}

// find looks for words that follow each other.
func (m *matcher) find(d *document, words []string, how func([]string) test) []occurrence {
	var found []occurrence
	is := how(words)
	for _, name := range m.searched(d) {
		rank, _ := m.s.searches(name)
		tokens := d.words[name]
		for at := range tokens {
			typos, ok := follow(tokens[at:], len(words), name, is)
			if ok {
				found = append(found, occurrence{name, rank, tokens[at].position, len(words), typos, typos == 0})
			}
		}
	}
	return found
}

// follow says whether words stand at the start of some tokens, one right after
// the other. A stop word is no word that can be found alone.
func follow(tokens []token, n int, field string, is test) (typos int, ok bool) {
	if len(tokens) < n || n == 1 && tokens[0].stop {
		return 0, false
	}
	for i := range n {
		t := is(i, tokens[i].word, field)
		if t < 0 || tokens[i].position != tokens[0].position+i {
			return 0, false
		}
		typos += t
	}
	return typos, true
}

// occurrences finds a run of terms in a document: the words themselves, words
// that are near enough, and synonyms.
func (m *matcher) occurrences(d *document, r run) []occurrence {
	var found []occurrence
	if t := &m.q.terms[r.first]; r.first == r.last && t.phrase {
		return m.find(d, t.words, m.exactly)
	}
	words, ok := m.wordsOf(r)
	if !ok {
		return nil
	}
	for _, synonym := range m.synonyms[r] {
		for _, o := range m.find(d, synonym, m.exactly) {
			o.exact = false
			found = append(found, o)
		}
	}
	word := strings.Join(words, "")
	prefix := m.q.terms[r.last].prefix
	most := max(0, m.s.tolerance(word)-(r.last-r.first))
	near := m.find(d, []string{word}, func([]string) test {
		return func(_ int, other, field string) int { return m.near(word, other, field, prefix, most) }
	})
	for _, o := range near {
		o.exact = o.typos == 0 && r.first == r.last && m.holdsWord(d, o, word)
		o.typos += runTypos(r)
		found = append(found, o)
	}
	if r.first == r.last && most > 0 {
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

// splits finds a word that the document writes as two: one mistake.
func (m *matcher) splits(d *document, word string) []occurrence {
	var found []occurrence
	for i := range word {
		if i == 0 {
			continue
		}
		for _, o := range m.find(d, []string{word[:i], word[i:]}, m.exactly) {
			o.typos, o.exact = 1, false
			found = append(found, o)
		}
	}
	return found
}
