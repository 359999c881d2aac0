package meilitest

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
	"strings"
)

// segment is a run of terms with the places where it stands.
type segment struct {
	run    run
	places []occurrence
}

// cost is what one ranking rule finds of a document: less is better, and most
// is the worst that there could be.
type cost struct {
	rule       string
	cost, most int
}

// ranked is a document with all that it is ordered by.
type ranked struct {
	doc *document
	// costs are in the order of the ranking rules. Where the rules sort by a
	// field there is a cost too, which sort fills in.
	costs []cost
	// segments are the reading of the query that the costs come from.
	segments []segment
}

// maxWordDistance is from where on two words are as far apart as can be.
const maxWordDistance = 4

// ranker ranks documents for one search.
type ranker struct {
	m     *matcher
	rules []string
	// removal holds groups of terms in the order in which they may be dropped.
	// Those that are never dropped are not in it.
	removal [][]int
	// strict says that no term is ever dropped.
	strict bool
	// deepest is the greatest rank of a searchable attribute.
	deepest int
}

func newRanker(m *matcher, removal [][]int) *ranker {
	return &ranker{m: m, rules: m.s.rankingRules, removal: removal, deepest: max(0, len(m.s.searchable)-1)}
}

// removalOrder says which terms a strategy drops, first to be dropped first.
// The most frequent ones are dropped together with those as frequent, and what
// stands nowhere goes before all.
func removalOrder(strategy string, q query, frequency func(term) int) [][]int {
	if strategy == "all" {
		return nil
	}
	var order []int
	often := map[int]int{}
	for i := range slices.Backward(q.terms) {
		if q.terms[i].phrase {
			continue
		}
		order = append(order, i)
		often[i] = i
		if strategy == "frequency" {
			if often[i] = frequency(q.terms[i]); often[i] == 0 {
				often[i] = math.MaxInt
			}
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(often[b], often[a]) })
	var groups [][]int
	for _, i := range order {
		if n := len(groups); n > 0 && often[groups[n-1][0]] == often[i] {
			groups[n-1] = append(groups[n-1], i)
			continue
		}
		groups = append(groups, []int{i})
	}
	// Something must be found: what would go last stays whatever happens.
	if len(order) == len(q.terms) && len(groups) > 0 {
		groups = groups[:len(groups)-1]
	}
	return groups
}

// rank reads a query against a document. It is false when the document does
// not hold enough of it.
func (r *ranker) rank(d *document) (ranked, bool) {
	if r.m.excluded(d) {
		return ranked{}, false
	}
	n := len(r.m.q.terms)
	if n == 0 {
		return ranked{doc: d, costs: r.costs(d, nil)}, true
	}
	places := map[run][]occurrence{}
	for dropped := 0; dropped <= len(r.removal); dropped++ {
		var kept []int
		for i := range n {
			if !slices.ContainsFunc(r.removal[:dropped], func(group []int) bool { return slices.Contains(group, i) }) {
				kept = append(kept, i)
			}
		}
		best, ok := r.best(d, kept, places)
		if ok {
			return best, true
		}
	}
	return ranked{}, false
}

// best finds the best reading of the terms that are kept.
func (r *ranker) best(d *document, kept []int, places map[run][]occurrence) (best ranked, found bool) {
	var path []segment
	var read func(i int)
	read = func(i int) {
		if i == len(kept) {
			one := ranked{doc: d, costs: r.costs(d, path), segments: slices.Clone(path)}
			if !found || compareCosts(one.costs, best.costs) < 0 {
				best, found = one, true
			}
			return
		}
		for j := i; j < min(i+longestRun, len(kept)) && kept[j] == kept[i]+j-i; j++ {
			key := run{kept[i], kept[j]}
			at, ok := places[key]
			if !ok {
				at = r.m.occurrences(d, key)
				places[key] = at
			}
			if len(at) > 0 {
				path = append(path, segment{key, at})
				read(j + 1)
				path = path[:len(path)-1]
			}
		}
	}
	read(0)
	return best, found
}

func compareCosts(a, b []cost) int {
	for i := range a {
		if c := a[i].cost - b[i].cost; c != 0 {
			return c
		}
	}
	return 0
}

// costs applies the ranking rules one after the other. The rule of typos leaves
// only the places with the fewest to those after it; the others leave all.
func (r *ranker) costs(d *document, path []segment) []cost {
	segments := slices.Clone(path)
	var out []cost
	for _, rule := range r.rules {
		switch rule {
		case "words":
			out = append(out, r.words(segments))
		case "typo":
			out = append(out, r.typo(segments))
		case "proximity":
			out = append(out, r.proximity(segments))
		case "attributeRank":
			out = append(out, r.attributeRank(d, segments))
		case "wordPosition":
			out = append(out, r.wordPosition(d, segments))
		case "attribute":
			out = append(out, r.attributeRank(d, segments), r.wordPosition(d, segments))
		case "exactness":
			out = append(out, r.exactAttribute(d, segments), exactWords(segments))
		default:
			out = append(out, cost{rule: rule}) // The sort of documents sees to it.
		}
	}
	return out
}

// words counts the words that are not found; a phrase counts as its words. When
// none may be missing there is nothing to count.
func (r *ranker) words(segments []segment) cost {
	c := cost{rule: "words"}
	if r.strict {
		c.most = 1
		return c
	}
	for i := range r.m.q.terms {
		c.most += r.m.q.terms[i].size()
	}
	c.cost = c.most
	for _, s := range segments {
		for i := s.run.first; i <= s.run.last; i++ {
			c.cost -= r.m.q.terms[i].size()
		}
	}
	return c
}

// least is the least cost of any place.
func (s *segment) least(of func(occurrence) int) int {
	least := math.MaxInt
	for _, o := range s.places {
		least = min(least, of(o))
	}
	return least
}

// size is how many terms a segment stands for.
func (s *segment) size() int { return s.run.last - s.run.first + 1 }

// typo adds up the typing mistakes.
func (r *ranker) typo(segments []segment) cost {
	c := cost{rule: "typo"}
	var kept []int
	for i := range segments {
		s := &segments[i]
		least := s.least(func(o occurrence) int { return o.typos })
		s.places = slices.DeleteFunc(slices.Clone(s.places), func(o occurrence) bool { return o.typos > least })
		c.cost += least
		c.most += r.runMost(s.run)
		for j := s.run.first; j <= s.run.last; j++ {
			kept = append(kept, j)
		}
	}
	if r.strict {
		c.most = r.mostTypos(kept)
	}
	c.most = max(c.most, c.cost)
	return c
}

// mostTypos is how many mistakes some terms may have in all, read in whatever
// way makes that the most. Where terms may be dropped, only the way counts in
// which the query was read.
func (r *ranker) mostTypos(kept []int) int {
	best := make([]int, len(kept)+1)
	for i := len(kept) - 1; i >= 0; i-- {
		for j := i; j < min(i+longestRun, len(kept)) && kept[j] == kept[i]+j-i; j++ {
			of := run{kept[i], kept[j]}
			if _, ok := r.m.wordsOf(of); ok || i == j {
				best[i] = max(best[i], r.runMost(of)+best[j+1])
			}
		}
	}
	return best[0]
}

// runMost is how many mistakes a run of terms may have. Even a word that may
// have none may be written as two.
func (r *ranker) runMost(of run) int {
	words, ok := r.m.wordsOf(of)
	if !ok {
		return 0
	}
	joined := r.m.s.tolerance(strings.Join(words, "")) - (of.last - of.first)
	return runTypos(of) + max(1, joined)
}

// proximity adds up how far the words that follow each other in the query are
// from each other in the document. Words read as one are a word apart.
func (r *ranker) proximity(segments []segment) cost {
	c := cost{rule: "proximity"}
	for i := range segments {
		c.cost += segments[i].size() - 1
		c.most += segments[i].size() - 1
		if i == 0 {
			continue
		}
		left, right := &segments[i-1], &segments[i]
		if r.m.q.terms[left.run.last].last+1 != r.m.q.terms[right.run.first].position {
			continue
		}
		c.most += maxWordDistance - 1
		nearest := maxWordDistance
		for _, a := range left.places {
			for _, b := range right.places {
				nearest = min(nearest, apart(a, b))
			}
		}
		if r.m.s.proximity == "byAttribute" && nearest < maxWordDistance {
			nearest = 1
		}
		c.cost += nearest - 1
	}
	return c
}

// apart is how far a place is before another; the wrong order costs one more.
func apart(a, b occurrence) int {
	if a.field != b.field {
		return maxWordDistance
	}
	end := a.position + a.length - 1
	if b.position > end {
		return min(b.position-end, maxWordDistance)
	}
	return min(max(a.position-b.position-b.length+1, 1)+1, maxWordDistance)
}

func (r *ranker) attributeRank(d *document, segments []segment) cost {
	c := cost{rule: "attributeRank"}
	for i := range segments {
		s := r.spread(d, segments[i])
		c.cost += s.size() * s.least(func(o occurrence) int { return o.rank })
		c.most += s.size() * r.deepest
	}
	return c
}

// spread loosens a phrase: its attribute may be any that holds its words.
func (r *ranker) spread(d *document, s segment) segment {
	t := &r.m.q.terms[s.run.first]
	if !t.phrase {
		return s
	}
	for _, name := range r.m.searched(d) {
		if rank, _ := r.m.s.searches(name); holdsAll(d.words[name], []term{*t}) {
			s.places = append(s.places, occurrence{field: name, rank: rank, position: s.places[0].position})
		}
	}
	return s
}

// starts loosens a phrase: it may begin wherever its first word stands.
func (r *ranker) starts(d *document, s segment) segment {
	t := &r.m.q.terms[s.run.first]
	if !t.phrase {
		return s
	}
	first := t.words[slices.IndexFunc(t.words, func(w string) bool { return w != "" })]
	s.places = r.m.findWord(d, func(word, _ string) int {
		if word == first {
			return 0
		}
		return -1
	})
	return s
}

func (r *ranker) wordPosition(d *document, segments []segment) cost {
	c := cost{rule: "wordPosition"}
	for i := range segments {
		s := r.starts(d, segments[i])
		asked := r.m.q.terms[s.run.first].position
		c.cost += s.least(func(o occurrence) int {
			total, at := 0, bucketed(o.position)
			for n := range s.size() {
				total += positionCost(max(at-asked, asked-at) + n)
			}
			return total
		})
		c.most += 10 * s.size()
	}
	return c
}

// bucketed is a position as it is remembered: the further in, the coarser.
func bucketed(position int) int {
	switch {
	case position < 16:
		return position
	case position < 24:
		return 24
	}
	return 1 << bits.Len(uint(position-1))
}

// positionCost is coarser the further a word is from where it was asked for.
func positionCost(distance int) int {
	for c, most := range []int{0, 1, 4, 7, 11, 16, 24, 64, 256, 1024} {
		if distance <= most {
			return c
		}
	}
	return 10
}

// The match types of exactness.
const (
	exactMatch = iota
	matchesStart
	noExactMatch
)

// exactAttribute says whether a field is the query, or begins with it, as far as
// the query's words are words of the index at all: each of them where it was
// asked for, in any field, and all of them in one.
func (r *ranker) exactAttribute(d *document, segments []segment) cost {
	c := cost{"exactness", noExactMatch, noExactMatch}
	asked := r.exactTerms(segments)
	if asked == nil {
		return c
	}
	length := 0
	for _, t := range asked {
		length += len(t.words)
		for i, word := range t.words {
			if word != "" && !r.standsAt(d, word, bucketed(t.position+i)) {
				return c
			}
		}
	}
	for _, name := range r.m.searched(d) {
		tokens := slices.DeleteFunc(slices.Clone(d.words[name]), func(t token) bool { return t.stop })
		if !holdsAll(tokens, asked) {
			continue
		}
		c.cost = min(c.cost, matchesStart)
		if len(tokens) == length {
			c.cost = exactMatch
		}
	}
	return c
}

// exactTerms gives the terms, from the first on without a gap, that are in the
// index as they were typed.
func (r *ranker) exactTerms(segments []segment) []term {
	var asked []term
	for _, s := range segments {
		t := r.m.q.terms[s.run.first]
		if s.size() > 1 || !t.phrase && (!r.m.indexed(t.word()) || s.least(func(o occurrence) int { return o.typos }) > 0) {
			continue
		}
		if s.run.first != len(asked) {
			return nil
		}
		asked = append(asked, t)
	}
	return asked
}

// standsAt says whether a word stands at a position of any field.
func (r *ranker) standsAt(d *document, word string, position int) bool {
	return slices.ContainsFunc(r.m.searched(d), func(name string) bool {
		return slices.ContainsFunc(d.words[name], func(t token) bool {
			return !t.stop && t.word == word && bucketed(t.position) == position
		})
	})
}

func holdsAll(tokens []token, terms []term) bool {
	for _, t := range terms {
		for _, word := range t.words {
			if word != "" && !slices.ContainsFunc(tokens, func(tok token) bool { return tok.word == word }) {
				return false
			}
		}
	}
	return true
}

// exactWords counts the terms that stand in the document as they were written.
func exactWords(segments []segment) cost {
	c := cost{rule: "exactWords"}
	for i := range segments {
		n := segments[i].size()
		c.most += n
		if !slices.ContainsFunc(segments[i].places, func(o occurrence) bool { return o.exact }) {
			c.cost += n
		}
	}
	return c
}
