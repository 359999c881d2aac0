package meilitest

import (
	"bytes"
	"cmp"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// facetCount is one value of a field and how many documents have it.
type facetCount struct {
	value string
	count int
	// text and number are what the value is ordered by.
	text   string
	number float64
}

// distribution is the values of a field in their order, which is kept in JSON.
type distribution []facetCount

// MarshalJSON writes an object whose keys stay in order.
func (d distribution) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, f := range d {
		if i > 0 {
			b.WriteByte(',')
		}
		key, err := json.Marshal(f.value)
		if err != nil {
			return nil, err
		}
		b.Write(key)
		b.WriteByte(':')
		b.WriteString(strconv.Itoa(f.count))
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// facetStats are the bounds of the numbers of a field.
type facetStats struct {
	Min float64 `json:"min"`
	Max float64 `json:"max"`
}

// facetFields finds the fields that patterns mean. A pattern that nothing
// filterable fits is refused.
func (x *index) facetFields(patterns []string) ([]string, error) {
	for _, p := range patterns {
		if !slices.ContainsFunc(x.settings.filterable, func(r filterRule) bool { return r.features.filterable() && r.meets(p) }) {
			return nil, fail("invalid_search_facets", "Invalid facet distribution: Pattern `%s` is not filterable. Filterable are: %s.",
				p, quoted(x.settings.filterablePatterns()))
		}
	}
	var names []string
	for _, name := range x.fields {
		a, ok := x.settings.filtering(name)
		if ok && a.filterable() && slices.ContainsFunc(patterns, func(p string) bool {
			return matchPattern(p, name) || below(name, p) && x.known[p] && x.settings.filters(p)
		}) {
			names = append(names, name)
		}
	}
	return names, nil
}

// meets says whether a rule and a pattern may mean the same field. A rule that
// is a name is met by names only: a star does not reach it.
func (r *filterRule) meets(pattern string) bool {
	if r.patterns == nil {
		return below(r.name, pattern) || below(pattern, r.name)
	}
	return slices.ContainsFunc(r.patterns, func(p string) bool {
		return matchPattern(p, pattern) || matchPattern(pattern, p) || below(p, pattern) || below(pattern, p)
	})
}

// facets counts the values of fields over documents.
func (x *index) facets(names []string, docs []*document) (map[string]distribution, map[string]facetStats) {
	all, stats := map[string]distribution{}, map[string]facetStats{}
	for _, name := range names {
		order, ok := x.settings.facetOrder[name]
		if !ok {
			order = x.settings.facetOrder["*"]
		}
		counts := countValues(name, docs)
		counts.sort(order)
		all[name] = counts[:min(len(counts), x.settings.maxValuesPerFacet)]
		if st, ok := numberStats(name, docs); ok {
			stats[name] = st
		}
	}
	return all, stats
}

// countValues counts documents for each number, then for each text.
func countValues(name string, docs []*document) distribution {
	numbers, texts := map[float64]*facetCount{}, map[string]*facetCount{}
	for _, d := range docs {
		v := d.values[name]
		if v == nil {
			continue
		}
		for _, n := range v.numbers {
			if numbers[n] == nil {
				written := strconv.FormatFloat(n, 'f', -1, 64)
				numbers[n] = &facetCount{value: written, number: n}
			}
			numbers[n].count++
		}
		for t, written := range v.texts {
			if texts[t] == nil {
				texts[t] = &facetCount{value: written, text: t}
			}
			texts[t].count++
		}
	}
	var out distribution
	for _, f := range numbers {
		out = append(out, *f)
	}
	for _, f := range texts {
		out = append(out, *f)
	}
	return out
}

// sort puts numbers before texts. By count, the most frequent come first among
// each, and of equally frequent ones the greatest; by alphabet, numbers stand as
// they are written, 10 before 9.
func (d distribution) sort(order string) {
	slices.SortFunc(d, func(a, b facetCount) int {
		if (a.text == "") != (b.text == "") {
			if a.text == "" {
				return -1
			}
			return 1
		}
		if order == "count" && a.count != b.count {
			return b.count - a.count
		}
		if order == "count" {
			return cmp.Or(cmp.Compare(b.number, a.number), strings.Compare(b.text, a.text))
		}
		if a.text == "" {
			return strings.Compare(a.value, b.value)
		}
		return strings.Compare(a.text, b.text)
	})
}

func numberStats(name string, docs []*document) (facetStats, bool) {
	var st facetStats
	found := false
	for _, d := range docs {
		v := d.values[name]
		if v == nil {
			continue
		}
		for _, n := range v.numbers {
			if !found {
				st, found = facetStats{n, n}, true
			}
			st.Min, st.Max = min(st.Min, n), max(st.Max, n)
		}
	}
	return st, found
}
