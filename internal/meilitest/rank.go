package meilitest

import (
	"cmp"
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
