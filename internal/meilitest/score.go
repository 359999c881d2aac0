package meilitest

import (
	"fmt"
	"slices"
)

// rankOf makes a place among places of a cost: the best is most+1 of most+1.
func rankOf(c cost) (place, places int) {
	if c.rule == "words" {
		return c.most - c.cost, c.most
	}
	return c.most + 1 - c.cost, c.most + 1
}

// combined is the score of several rules: each divides the room between two
// places of the rule before it.
func combined(costs []cost) float64 {
	place, places := 1, 1
	for _, c := range costs {
		p, of := rankOf(c)
		if of == 0 {
			continue
		}
		place, places = max(place-1, 0)*of+p, places*of
	}
	return float64(place) / float64(places)
}

// scored leaves out the costs that are no part of a score: sorts, and, without
// words to find, everything.
func scored(r ranked) []cost {
	var out []cost
	for _, c := range r.costs {
		switch c.rule {
		case "words", "typo", "proximity", "attributeRank", "wordPosition", "exactness", "exactWords":
			if r.segments != nil {
				out = append(out, c)
			}
		}
	}
	return out
}

func (r ranked) score() float64 { return combined(scored(r)) }

var matchTypes = [...]string{exactMatch: "exactMatch", matchesStart: "matchesStart", noExactMatch: "noExactMatch"}

// details tells the score rule by rule.
func (r ranked) details(rules []string, keys []sortKey, displayed []string) map[string]any {
	out := map[string]any{}
	order, i := 0, 0
	next := func() cost { c := r.costs[i]; i++; return c }
	put := func(name string, fields map[string]any) {
		fields["order"] = order
		out[name] = fields
		order++
	}
	for _, rule := range rules {
		c := next()
		if r.segments == nil && rule != "sort" && !customRule(rule) {
			if rule == "attribute" || rule == "exactness" {
				next()
			}
			continue
		}
		score := combined([]cost{c})
		switch rule {
		case "words":
			put(rule, map[string]any{"matchingWords": c.most - c.cost, "maxMatchingWords": c.most, "score": score})
		case "typo":
			put(rule, map[string]any{"typoCount": c.cost, "maxTypoCount": c.most, "score": score})
		case "attribute":
			position := next()
			put(rule, map[string]any{
				"attributeRankingOrderScore": score, "queryWordDistanceScore": combined([]cost{position}), "score": combined([]cost{c, position}),
			})
		case "exactness":
			words := next()
			fields := map[string]any{"matchType": matchTypes[c.cost], "score": score}
			if c.cost == noExactMatch {
				fields["matchingWords"], fields["maxMatchingWords"] = words.most-words.cost, words.most
				fields["score"] = combined([]cost{c, words})
			}
			put(rule, fields)
		case "sort":
			for _, k := range keys {
				if k.from == nil && displayed != nil && !slices.Contains(displayed, k.field) {
					put(fmt.Sprintf("<hidden-rule-%d>", order), map[string]any{"value": "<hidden>"})
					continue
				}
				put(k.detail(), k.details(r.doc))
			}
		default:
			if key, err := readSortKey(rule, ""); err == nil {
				put(rule, key.details(r.doc))
				continue
			}
			put(rule, map[string]any{"score": score})
		}
	}
	return out
}

// detail names a sort as score details do.
func (k sortKey) detail() string {
	way := "asc"
	if k.descending {
		way = "desc"
	}
	if k.from != nil {
		return fmt.Sprintf("_geoPoint(%v, %v):%s", k.from.lat, k.from.lng, way)
	}
	return k.field + ":" + way
}

func (k sortKey) details(d *document) map[string]any {
	if k.from == nil {
		return map[string]any{"value": k.of(d).value()}
	}
	if d.at == nil {
		return map[string]any{"value": nil, "distance": nil}
	}
	return map[string]any{"value": map[string]float64{"lat": d.at.lat, "lng": d.at.lng}, "distance": metres(*k.from, *d.at)}
}
