package meilitest

import (
	"encoding/json"
	"math"
	"slices"
	"strings"
)

// views tells hits as the search wants to see them.
func (f *found) views(hits []ranked) []map[string]any {
	views := make([]map[string]any, 0, len(hits))
	for _, h := range hits {
		views = append(views, f.view(h))
	}
	return views
}

func (f *found) view(h ranked) map[string]any {
	displayed := f.x.settings.displayed
	view := pick(pick(h.doc.source, displayed), unstarred(f.r.retrieve))
	delete(view, vectorsField)
	// How far it is, is told with where it is only.
	if at, ok, err := h.doc.readGeo(); ok && err == nil && view[geoField] != nil {
		for _, k := range f.keys {
			if k.from != nil {
				view[distanceField] = int(math.Round(metres(*k.from, at)))
				break
			}
		}
	}
	if f.r.score {
		view["_rankingScore"] = h.score()
	}
	if f.r.scoreDetails {
		view["_rankingScoreDetails"] = h.details(f.x.settings.rankingRules, f.keys, displayed)
	}
	if f.r.positions {
		view["_matchesPosition"] = f.matches(pick(h.doc.source, displayed))
	}
	if f.formats() {
		view["_formatted"] = f.formatted(h.doc)
	}
	return view
}

// match is a place in a text, in bytes.
type match struct {
	Start   int   `json:"start"`
	Length  int   `json:"length"`
	Indices []int `json:"indices,omitempty"`
}

// matches finds the query's words in all fields that are shown, searched or not.
func (f *found) matches(source map[string]any) map[string][]match {
	out := map[string][]match{}
	var walk func(name string, v any, indices []int)
	walk = func(name string, v any, indices []int) {
		switch v := v.(type) {
		case map[string]any:
			for key, e := range v {
				walk(strings.TrimPrefix(name+"."+key, "."), e, indices)
			}
		case []any:
			for i, e := range v {
				walk(name, e, append(slices.Clone(indices), i))
			}
		default:
			for _, m := range f.marks(textOf(v)) {
				m.Indices = indices
				out[name] = append(out[name], m)
			}
		}
	}
	walk("", source, nil)
	return out
}

// textOf writes a plain value as it is searched.
func textOf(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	}
	return ""
}

// marks finds the query's words in a text.
func (f *found) marks(s string) []match {
	tokens := newTokeniser(&f.x.settings).text(s, 0)
	var out []match
	for i := 0; i < len(tokens); i++ {
		n, end := f.m.marked(tokens[i:])
		if n == 0 {
			continue
		}
		start := tokens[i].start
		out = append(out, match{Start: start, Length: end - start})
		i += n - 1
	}
	return out
}

// marked says how many tokens at the start of some are what was asked for, and
// where what is to be marked ends.
func (m *matcher) marked(tokens []token) (n, end int) {
	for i := range m.q.terms {
		t := &m.q.terms[i]
		if t.phrase {
			if of := phraseAt(tokens, t.words); of > n {
				n, end = of, tokens[of-1].end
			}
			continue
		}
		if n == 0 && m.near(t.word(), tokens[0].word, "", t.prefix, m.s.tolerance(t.word())) >= 0 {
			n, end = 1, tokens[0].end
			// Of a word that only begins with what was typed, that much is marked.
			if t.prefix && strings.HasPrefix(tokens[0].word, t.word()) && tokens[0].end-tokens[0].start == len(tokens[0].word) {
				end = tokens[0].start + len(t.word())
			}
		}
	}
	return n, end
}

// formats says whether anything that is shown is to be marked or cropped.
func (f *found) formats() bool {
	return slices.ContainsFunc(slices.Concat(f.r.highlight, f.r.crop), func(name string) bool {
		name, _, _ = strings.Cut(name, ":")
		shown := f.x.settings.displayed
		return name == "*" || shown == nil || slices.ContainsFunc(shown, func(s string) bool { return below(name, s) })
	})
}

// formatted copies a document with its matches marked and its texts cropped.
func (f *found) formatted(d *document) map[string]any {
	source := pick(pick(d.source, f.x.settings.displayed), f.formattedNames())
	var walk func(name string, v any) any
	walk = func(name string, v any) any {
		switch v := v.(type) {
		case map[string]any:
			out := map[string]any{}
			for key, e := range v {
				out[key] = walk(strings.TrimPrefix(name+"."+key, "."), e)
			}
			return out
		case []any:
			out := make([]any, len(v))
			for i, e := range v {
				out[i] = walk(name, e)
			}
			return out
		case string, json.Number:
			return f.format(name, textOf(v))
		}
		return v
	}
	out, _ := walk("", source).(map[string]any)
	return out
}

// formattedNames are the fields that the search retrieves and those it formats.
func (f *found) formattedNames() []string {
	names := unstarred(f.r.retrieve)
	if names == nil {
		return nil
	}
	names = slices.Concat(names, f.r.highlight)
	for _, c := range f.r.crop {
		name, _, _ := strings.Cut(c, ":")
		names = append(names, name)
	}
	return unstarred(names)
}

func (f *found) format(name, s string) string {
	highlight := slices.ContainsFunc(f.r.highlight, func(p string) bool { return p == "*" || below(name, p) })
	length := f.cropLength(name)
	marks := f.marks(s)
	from, to := 0, len(s)
	if length > 0 {
		from, to = f.excerpt(s, marks, length)
	}
	var b strings.Builder
	if from > 0 {
		b.WriteString(f.r.cropMarker)
	}
	at := from
	for _, m := range marks {
		if !highlight || m.Start < from || m.Start+m.Length > to {
			continue
		}
		b.WriteString(s[at:m.Start] + f.r.preTag + s[m.Start:m.Start+m.Length] + f.r.postTag)
		at = m.Start + m.Length
	}
	b.WriteString(s[at:to])
	if to < len(s) {
		b.WriteString(f.r.cropMarker)
	}
	return b.String()
}

// cropLength is how many words of a field are shown; zero for all.
func (f *found) cropLength(name string) int {
	for _, c := range f.r.crop {
		field, n, own := strings.Cut(c, ":")
		if field != "*" && !below(name, field) {
			continue
		}
		if length, ok := filterNumber(n); own && ok {
			return int(length)
		}
		return f.r.cropLength
	}
	return 0
}

// excerpt finds the part of a text, so many words long, around its first match.
func (f *found) excerpt(s string, marks []match, length int) (from, to int) {
	tokens := newTokeniser(&f.x.settings).text(s, 0)
	if len(tokens) <= length {
		return 0, len(s)
	}
	first := 0
	if len(marks) > 0 {
		first = slices.IndexFunc(tokens, func(t token) bool { return t.start >= marks[0].Start })
	}
	first = max(0, min(first-(length-1)/2, len(tokens)-length))
	from, to = tokens[first].start, tokens[first+length-1].end
	if first == 0 {
		from = 0
	}
	if first+length == len(tokens) {
		to = len(s)
	}
	return from, to
}
