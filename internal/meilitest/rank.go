package meilitest

import (
	"math"
	"slices"
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
	// removal is the order in which terms may be dropped, last first; the terms
	// that are never dropped are not in it.
	removal []int
	// deepest is the greatest rank of a searchable attribute.
	deepest int
}

func newRanker(m *matcher, removal []int) *ranker {
	return &ranker{m: m, rules: m.s.rankingRules, removal: removal, deepest: max(0, len(m.s.searchable)-1)}
}

// removalOrder says which terms a strategy drops, first to be dropped first.
func removalOrder(strategy string, q query, frequency func(term) int) []int {
	var order []int
	for i := range q.terms {
		if !q.terms[i].phrase {
			order = append(order, i)
		}
	}
	slices.Reverse(order)
	switch strategy {
	case "all":
		return nil
	case "frequency":
		slices.SortStableFunc(order, func(a, b int) int { return frequency(q.terms[b]) - frequency(q.terms[a]) })
	}
	// Something must be found: one term stays whatever happens.
	if len(order) == len(q.terms) && len(order) > 0 {
		order = order[:len(order)-1]
	}
	return order
}

// rank reads a query against a document. It is false when the document does
// not hold enough of it.
func (r *ranker) rank(d *document) (ranked, bool) {
	if r.m.excluded(d) {
		return ranked{}, false
	}
	n := len(r.m.q.terms)
	if n == 0 {
		return ranked{doc: d, costs: r.costs(d, nil, 0)}, true
	}
	places := map[run][]occurrence{}
	for dropped := 0; dropped <= len(r.removal); dropped++ {
		var kept []int
		for i := range n {
			if !slices.Contains(r.removal[:dropped], i) {
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
			one := ranked{doc: d, costs: r.costs(d, path, len(kept)), segments: slices.Clone(path)}
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

// costs applies the ranking rules one after the other. Each looks only at the
// places that the rules before it have left.
func (r *ranker) costs(d *document, path []segment, kept int) []cost {
	segments := slices.Clone(path)
	var out []cost
	for _, rule := range r.rules {
		switch rule {
		case "words":
			n := len(r.m.q.terms)
			out = append(out, cost{rule, n - kept, n})
		case "typo":
			out = append(out, r.typo(segments))
		case "proximity":
			out = append(out, r.proximity(segments))
		case "attributeRank":
			out = append(out, r.attributeRank(segments))
		case "wordPosition":
			out = append(out, r.wordPosition(segments))
		case "attribute":
			out = append(out, r.attributeRank(segments), r.wordPosition(segments))
		case "exactness":
			out = append(out, r.exactAttribute(d, kept), exactWords(segments))
		default:
			out = append(out, cost{rule: rule}) // The sort of documents sees to it.
		}
	}
	return out
}

// keep leaves the places whose cost is the least, and gives it.
func (s *segment) keep(of func(occurrence) int) int {
	least := math.MaxInt
	for _, o := range s.places {
		least = min(least, of(o))
	}
	var left []occurrence
	for _, o := range s.places {
		if of(o) == least {
			left = append(left, o)
		}
	}
	s.places = left
	return least
}

func (r *ranker) typo(segments []segment) cost {
	c := cost{rule: "typo"}
	for i := range segments {
		c.cost += segments[i].keep(func(o occurrence) int { return o.typos })
		for j := segments[i].run.first; j <= segments[i].run.last; j++ {
			if t := &r.m.q.terms[j]; !t.phrase {
				c.most += r.m.s.tolerance(t.word())
			}
		}
	}
	c.most = max(c.most, c.cost)
	return c
}

// proximity adds up how far the words that follow each other in the query are
// from each other in the document.
func (r *ranker) proximity(segments []segment) cost {
	c := cost{rule: "proximity"}
	for i := 1; i < len(segments); i++ {
		left, right := &segments[i-1], &segments[i]
		if r.m.q.terms[left.run.last].end()+1 != r.m.q.terms[right.run.first].position {
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

func (r *ranker) attributeRank(segments []segment) cost {
	c := cost{rule: "attributeRank"}
	for i := range segments {
		n := segments[i].run.last - segments[i].run.first + 1
		c.cost += n * segments[i].keep(func(o occurrence) int { return o.rank })
		c.most += n * r.deepest
	}
	return c
}

func (r *ranker) wordPosition(segments []segment) cost {
	c := cost{rule: "wordPosition"}
	for i := range segments {
		asked := r.m.q.terms[segments[i].run.first].position
		c.cost += segments[i].keep(func(o occurrence) int { return positionCost(max(o.position-asked, asked-o.position)) })
		c.most += 10 * (segments[i].run.last - segments[i].run.first + 1)
	}
	return c
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

// exactAttribute says whether a field is the query, or begins with it.
func (r *ranker) exactAttribute(d *document, kept int) cost {
	c := cost{"exactness", noExactMatch, noExactMatch}
	if kept < len(r.m.q.terms) || kept == 0 {
		return c
	}
	var asked []string
	for i := range r.m.q.terms {
		asked = append(asked, r.m.q.terms[i].words...)
	}
	is := r.m.exactly(asked)
	for _, name := range r.m.searched(d) {
		tokens := d.words[name]
		if len(tokens) == 0 || tokens[0].position != 0 {
			continue
		}
		if _, ok := follow(tokens, len(asked), name, is); !ok {
			continue
		}
		c.cost = min(c.cost, matchesStart)
		if len(tokens) == len(asked) {
			c.cost = exactMatch
		}
	}
	return c
}

// exactWords counts the terms that stand in the document as they were written.
func exactWords(segments []segment) cost {
	c := cost{rule: "exactWords"}
	for i := range segments {
		n := segments[i].run.last - segments[i].run.first + 1
		c.most += n
		if !slices.ContainsFunc(segments[i].places, func(o occurrence) bool { return o.exact }) {
			c.cost += n
		}
	}
	return c
}
