package meilitest

import (
	"cmp"
	"math"
	"net/http"
	"slices"
	"strings"
)

func searchRoutes() []route {
	return []route{
		{"POST /indexes/{uid}/search", "search", searchByBody},
		{"GET /indexes/{uid}/search", "search", searchByQuery},
		{"POST /indexes/{uid}/facet-search", "search", facetSearch},
		{"POST /multi-search", "search", multiSearch},
	}
}

func searchByBody(c *call) (int, any, error) {
	body, err := c.json()
	if err != nil {
		return 0, nil, err
	}
	r := newSearch()
	if err := decode(body, r.fields()); err != nil {
		return 0, nil, err
	}
	return c.search(r)
}

func searchByQuery(c *call) (int, any, error) {
	r := newSearch()
	if err := queryOfSearch(c, r); err != nil {
		return 0, nil, err
	}
	return c.search(r)
}

func (c *call) search(r *search) (int, any, error) {
	c.s.mu.RLock()
	defer c.s.mu.RUnlock()
	x, err := c.index()
	if err != nil {
		return 0, nil, err
	}
	found, err := c.s.find(x, r)
	if err != nil {
		return 0, nil, err
	}
	return http.StatusOK, found.reply(), nil
}

// found is all that a search finds, in order, before it is cut into pages.
type found struct {
	x      *index
	r      *search
	keys   []sortKey
	hits   []ranked
	facets []string
	m      *matcher
	uid    string
	// most is how many hits are counted.
	most int
}

// find carries out a search. The caller holds the lock.
func (s *Server) find(x *index, r *search) (*found, error) {
	f, err := s.filterFor(x, r.filter)
	if err != nil {
		return nil, err
	}
	keys, err := searchSort(r.sort, &x.settings)
	if err != nil {
		return nil, err
	}
	names, err := x.facetFields(r.facets)
	if err != nil {
		return nil, err
	}
	distinct, err := x.distinctBy(r)
	if err != nil {
		return nil, err
	}
	if err := x.checkSearchOn(r.on); err != nil {
		return nil, err
	}
	on := r.on
	if slices.Contains(on, "*") {
		on = nil
	}
	m := newMatcher(x, readQuery(text(r.q), &x.settings), on)
	out := &found{x: x, r: r, keys: keys, facets: names, m: m, uid: x.uid, most: math.MaxInt}
	if s.features[legacySearch] {
		out.most = x.settings.maxTotalHits
	}
	out.hits = x.rankAll(m, f, r, keys)
	if r.threshold != nil {
		out.hits = slices.DeleteFunc(out.hits, func(h ranked) bool { return h.score() < *r.threshold })
	}
	if distinct != "" {
		out.hits = distinctHits(out.hits, distinct, out.reach(), out.alike())
	}
	return out, nil
}

// searchSort reads what to sort by. The ranking rules must have a place for it.
func searchSort(texts []string, s *settings) ([]sortKey, error) {
	if len(texts) > 0 && !slices.Contains(s.rankingRules, "sort") {
		return nil, fail("invalid_search_sort", "You must specify where `sort` is listed in the rankingRules setting to use the sort parameter at search time.")
	}
	return readSort(texts, s, "invalid_search_sort")
}

func (x *index) distinctBy(r *search) (string, error) {
	if r.distinct == nil {
		return text(x.settings.distinct), nil
	}
	if a, ok := x.settings.filtering(*r.distinct); !ok || !a.filterable() {
		return "", fail("invalid_search_distinct", "Attribute `%s` is not filterable and thus, cannot be used as distinct attribute. Filterable are: %s.",
			*r.distinct, quoted(x.settings.filterablePatterns()))
	}
	return *r.distinct, nil
}

// checkSearchOn refuses attributes that are not searched. When everything is, a
// name that nothing has is no mistake.
func (x *index) checkSearchOn(on []string) error {
	for _, name := range on {
		if _, ok := x.settings.searches(name); !ok && !strings.Contains(name, "*") {
			return fail("invalid_search_attributes_to_search_on", "Index `%s`: Attribute `%s` is not searchable. Searchable are: %s.",
				x.uid, name, quoted(everything(x.settings.searchable)))
		}
	}
	return nil
}

// rankAll finds the documents of a search and puts them in their order.
func (x *index) rankAll(m *matcher, f node, r *search, keys []sortKey) []ranked {
	docs := slices.DeleteFunc(x.ordered(), func(d *document) bool { return !f.accepts(x, d) })
	rk := newRanker(m, removalOrder(r.strategy, m.q, func(t term) int { return m.frequency(docs, t) }))
	rk.strict = r.strategy == "all"
	var hits []ranked
	for _, d := range docs {
		if hit, ok := rk.rank(d); ok {
			hits = append(hits, hit)
		}
	}
	order := orderOf(x.settings.rankingRules, keys)
	slices.SortStableFunc(hits, func(a, b ranked) int {
		return cmp.Or(order(a, b), a.doc.number-b.doc.number)
	})
	return hits
}

// orderOf compares documents by all rules, in their order: the costs that were
// found, what the search sorts by, and the fields that the settings sort by.
func orderOf(rules []string, keys []sortKey) func(a, b ranked) int {
	return func(a, b ranked) int {
		i := 0
		for _, rule := range rules {
			c := 0
			switch {
			case rule == "sort":
				c = compareAll(keys, a.doc, b.doc)
			case customRule(rule):
				if key, err := readSortKey(rule, ""); err == nil {
					c = key.compare(a.doc, b.doc)
				}
			case rule == "attribute", rule == "exactness": // Two costs each.
				c = cmp.Or(a.costs[i].cost-b.costs[i].cost, a.costs[i+1].cost-b.costs[i+1].cost)
				i++
			default:
				c = a.costs[i].cost - b.costs[i].cost
			}
			if c != 0 {
				return c
			}
			i++
		}
		return 0
	}
}

// frequency counts the documents in which a term stands.
func (m *matcher) frequency(docs []*document, t term) int {
	n := 0
	for _, d := range docs {
		if len(m.findWord(d, func(other, field string) int {
			return m.near(t.word(), other, field, t.prefix, m.s.tolerance(t.word()))
		})) > 0 {
			n++
		}
	}
	return n
}

// distinctHits keeps the first document of each value of a field. A document
// without it is like no other. Only the documents that are looked at rule out
// others, which makes the count of a search that is not paged an estimate: those
// that it reaches, and those alike to the last of them.
func distinctHits(hits []ranked, name string, reach int, alike func(a, b ranked) bool) []ranked {
	seen := map[any]bool{}
	kept := 0
	var last ranked
	return slices.DeleteFunc(hits, func(h ranked) bool {
		mine := h.doc.distinctValues(name)
		if slices.ContainsFunc(mine, func(e any) bool { return seen[e] }) {
			return true
		}
		if kept++; kept <= reach {
			last = h
		}
		if kept <= reach || last.doc != nil && alike(last, h) {
			for _, e := range mine {
				seen[e] = true
			}
		}
		return false
	})
}

// alike says whether two documents are equal by all rules. Without any rule
// each document is looked at alone.
func (f *found) alike() func(a, b ranked) bool {
	rules := f.x.settings.rankingRules
	if len(f.m.q.terms) == 0 && len(f.keys) == 0 && !slices.ContainsFunc(rules, customRule) {
		return func(ranked, ranked) bool { return false }
	}
	order := orderOf(rules, f.keys)
	return func(a, b ranked) bool { return order(a, b) == 0 }
}

func (d *document) distinctValues(name string) []any {
	v := d.values[name]
	if v == nil {
		return nil
	}
	var all []any
	for _, n := range v.numbers {
		all = append(all, n)
	}
	for t := range v.texts {
		all = append(all, t)
	}
	return all
}

func (f *found) docs() []*document {
	docs := make([]*document, len(f.hits))
	for i, h := range f.hits {
		docs[i] = h.doc
	}
	return docs
}

// window is the part of the hits that is asked for. No search sees beyond
// maxTotalHits, though since 1.47 it counts what is there.
func (f *found) window() page {
	p := page{f.r.offset, f.r.limit}
	if f.r.paged() {
		p = page{0, 0}
		if n := deref(f.r.page, 1); n > 0 {
			p = page{(n - 1) * f.perPage(), f.perPage()}
		}
	}
	p.offset = min(p.offset, f.x.settings.maxTotalHits)
	p.limit = min(p.limit, f.x.settings.maxTotalHits-p.offset)
	return p
}

// reach is how many hits are looked at.
func (f *found) reach() int {
	if f.r.paged() {
		return len(f.hits)
	}
	return f.window().offset + f.window().limit
}

func (r *search) paged() bool { return r.page != nil || r.hitsPerPage != nil }

func deref(n *int, otherwise int) int {
	if n == nil {
		return otherwise
	}
	return *n
}

func (f *found) perPage() int { return deref(f.r.hitsPerPage, 20) }

// reply tells a search.
func (f *found) reply() map[string]any {
	out := map[string]any{
		"hits": f.views(cutPage(f.window(), f.hits)), "query": text(f.r.q), "processingTimeMs": 0,
		"requestUid": uuid(f.x.uid, text(f.r.q), len(f.hits)),
	}
	total := min(len(f.hits), f.most)
	if f.r.paged() {
		out["page"], out["hitsPerPage"] = deref(f.r.page, 1), f.perPage()
		out["totalHits"], out["totalPages"] = total, 0
		if n := f.perPage(); n > 0 {
			out["totalPages"] = (total + n - 1) / n
		}
	} else {
		out["offset"], out["limit"], out["estimatedTotalHits"] = f.r.offset, f.r.limit, total
	}
	if len(f.r.facets) > 0 {
		out["facetDistribution"], out["facetStats"] = f.x.facets(f.facets, f.docs())
	}
	if f.r.performance {
		out["performanceDetails"] = map[string]string{}
	}
	return out
}
