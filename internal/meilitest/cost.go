package meilitest

import (
	"math"
	"math/bits"
	"slices"
	"strings"
)

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
