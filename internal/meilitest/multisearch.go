package meilitest

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
)

// federation is how the hits of several searches are made one list.
type federation struct {
	offset, limit int
	facets        map[string][]string
}

func multiSearch(c *call) (int, any, error) {
	body, err := c.json()
	if err != nil {
		return 0, nil, err
	}
	var queries, federated any
	err = decode(body, map[string]field{"queries": anyField(&queries), "federation": anyField(&federated)})
	if err != nil {
		return 0, nil, err
	}
	array, ok := queries.([]any)
	if !ok {
		return 0, nil, fail("bad_request", "Missing field `queries`.")
	}
	searches, weights, err := c.readQueries(array, federated != nil)
	if err != nil {
		return 0, nil, err
	}
	if federated != nil {
		fed, err := readFederation(federated)
		if err != nil {
			return 0, nil, err
		}
		return c.federate(searches, weights, fed)
	}
	c.s.mu.RLock()
	defer c.s.mu.RUnlock()
	replies := make([]map[string]any, 0, len(searches))
	for i, r := range searches {
		found, err := c.findIn(i, r)
		if err != nil {
			return 0, nil, err
		}
		reply := found.reply()
		reply["indexUid"] = found.uid
		replies = append(replies, reply)
	}
	return http.StatusOK, map[string]any{"results": replies}, nil
}

// readQueries reads the searches and, for a federated search, their weights.
func (c *call) readQueries(array []any, federated bool) ([]*search, []float64, error) {
	var searches []*search
	var weights []float64
	for i, e := range array {
		r := newSearch()
		fields := r.fields()
		fields["indexUid"] = optionalString("invalid_index_uid", &r.uid)
		fields["federationOptions"] = anyField(&r.federationOptions)
		at := fmt.Sprintf(" inside `.queries[%d]`", i)
		if err := decodeAs(e, fields, "bad_request", at); err != nil {
			return nil, nil, err
		}
		if r.uid == nil {
			return nil, nil, fail("missing_index_uid", "Missing field `indexUid`%s.", at)
		}
		if err := checkUID(*r.uid); err != nil {
			return nil, nil, err
		}
		if !c.key.mayIndex(*r.uid) {
			return nil, nil, errBadKey
		}
		r.federated = federated
		weight, err := r.weight(e, at)
		if err != nil {
			return nil, nil, err
		}
		searches, weights = append(searches, r), append(weights, weight)
	}
	return searches, weights, nil
}

// weight reads federationOptions, and refuses what does not go with them.
func (r *search) weight(e any, at string) (float64, error) {
	if !r.federated {
		if r.federationOptions != nil {
			return 0, fail("invalid_multi_search_federation_options", "Inside%s: federationOptions stand in a federated search only.", at)
		}
		return 1, nil
	}
	object, _ := e.(map[string]any)
	for _, name := range []string{"limit", "offset", "page", "hitsPerPage"} {
		if object[name] != nil {
			return 0, fail("invalid_multi_search_query_pagination", "Inside%s: `%s` stands in `federation` of a federated search.", at, name)
		}
	}
	if r.facets != nil {
		return 0, fail("invalid_multi_search_query_facets", "Inside%s: facets stand in `federation.facetsByIndex` of a federated search.", at)
	}
	weight := 1.0
	if r.federationOptions == nil {
		return weight, nil
	}
	err := decodeAs(r.federationOptions, map[string]field{
		"weight": {"invalid_multi_search_weight", func(v any) bool {
			f, ok := number(v)
			weight = f
			return ok && f >= 0
		}, "a number from 0"},
		"remote": absent("invalid_multi_search_remote"), "queryPosition": ignored,
	}, "invalid_multi_search_federation_options", at)
	return weight, err
}

func readFederation(v any) (*federation, error) {
	fed := &federation{limit: 20, facets: map[string][]string{}}
	err := decodeAs(v, map[string]field{
		"offset": countField("invalid_search_offset", &fed.offset), "limit": countField("invalid_search_limit", &fed.limit),
		"facetsByIndex": {"invalid_multi_search_facets_by_index", func(v any) bool {
			object, ok := v.(map[string]any)
			for uid, list := range object {
				names, good := stringList(list)
				ok = ok && (good || list == nil)
				fed.facets[uid] = names
			}
			return ok || v == nil
		}, "an object of arrays of strings"},
		"mergeFacets": absent("invalid_multi_search_merge_facets"), "distinct": absent("invalid_multi_search_distinct"),
	}, "bad_request", " inside `.federation`")
	return fed, err
}

// findIn carries out one of several searches.
func (c *call) findIn(i int, r *search) (*found, error) {
	x, ok := c.s.indexes[*r.uid]
	if !ok {
		return nil, within(i, noIndex(*r.uid))
	}
	found, err := c.s.find(x, r)
	if err != nil {
		return nil, within(i, err)
	}
	return found, nil
}

// within says in which of several searches a mistake is.
func within(i int, err error) error {
	if e, ok := err.(*apiError); ok { //nolint:errorlint // Errors of searches are never wrapped.
		return &apiError{code: e.code, message: fmt.Sprintf("Inside `.queries[%d]`: %s", i, e.message), inBatch: true}
	}
	return err
}

// federatedHit is a hit with what it is ordered by among those of others.
type federatedHit struct {
	hit    ranked
	found  *found
	query  int
	weight float64
}

func (h *federatedHit) score() float64 { return h.hit.score() * h.weight }

// federate makes one list of the hits of all searches, best first. A document
// that several find stands where it scores best.
func (c *call) federate(searches []*search, weights []float64, fed *federation) (int, any, error) {
	c.s.mu.RLock()
	defer c.s.mu.RUnlock()
	var all []federatedHit
	docs := map[string][]*document{}
	for i, r := range searches {
		f, err := c.findIn(i, r)
		if err != nil {
			return 0, nil, err
		}
		for _, h := range f.hits {
			all = append(all, federatedHit{h, f, i, weights[i]})
		}
	}
	slices.SortStableFunc(all, func(a, b federatedHit) int { return cmp.Compare(b.score(), a.score()) })
	seen := map[*document]bool{}
	all = slices.DeleteFunc(all, func(h federatedHit) bool {
		again := seen[h.hit.doc]
		seen[h.hit.doc] = true
		if !again {
			docs[h.found.uid] = append(docs[h.found.uid], h.hit.doc)
		}
		return again
	})
	reply := map[string]any{
		"processingTimeMs": 0, "offset": fed.offset, "limit": fed.limit, "estimatedTotalHits": len(all), "requestUid": uuid(len(all)),
	}
	hits := []map[string]any{}
	for _, h := range cutPage(page{fed.offset, fed.limit}, all) {
		view := h.found.view(h.hit)
		view["_federation"] = map[string]any{"indexUid": h.found.uid, "queriesPosition": h.query, "weightedRankingScore": h.score()}
		hits = append(hits, view)
	}
	reply["hits"] = hits
	if len(fed.facets) > 0 {
		byIndex, err := c.facetsByIndex(fed, docs)
		if err != nil {
			return 0, nil, err
		}
		reply["facetsByIndex"] = byIndex
	}
	return http.StatusOK, reply, nil
}

func (c *call) facetsByIndex(fed *federation, docs map[string][]*document) (map[string]any, error) {
	out := map[string]any{}
	for uid, patterns := range fed.facets {
		x, ok := c.s.indexes[uid]
		if !ok {
			return nil, noIndex(uid)
		}
		names, err := x.facetFields(patterns)
		if err != nil {
			return nil, err
		}
		counts, stats := x.facets(names, docs[uid])
		out[uid] = map[string]any{"distribution": counts, "stats": stats}
	}
	return out, nil
}
