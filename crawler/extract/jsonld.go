package extract

import (
	"maps"
	"slices"
	"strings"
)

// Bounds on structured data: deeper or longer than any honest page.
const (
	maxDepth    = 12
	maxPostings = 200
)

// jsonLD returns the JobPosting objects of a page's JSON-LD scripts, in the order
// of the page. What one script says of a node that another only refers to by its
// @id is put in the reference's place.
func jsonLD(p *Page) []object {
	var values []any
	for _, script := range p.outline.jsonLD {
		values = append(values, decodeJSON(script)...)
	}
	return linkedPostings(values)
}

// linkedPostings finds the JobPosting objects in decoded JSON-LD and writes them
// out in schema.org's own names, references resolved.
func linkedPostings(values []any) []object {
	linked := linker{nodes: map[string]object{}, left: maxLinked}
	for i, v := range values {
		values[i] = linked.rename(v, aliases{}, maxDepth)
	}
	var found []object
	for _, v := range values {
		found = postingsIn(v, maxDepth, found)
	}
	for i, o := range found {
		if resolved, ok := linked.resolve(o, "", maxDepth).(object); ok {
			found[i] = resolved
		}
	}
	return found
}

// postingsIn collects the JobPosting objects in v, without looking inside one.
func postingsIn(v any, depth int, found []object) []object {
	if depth == 0 || len(found) >= maxPostings {
		return found
	}
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			found = postingsIn(e, depth-1, found)
		}
	case object:
		if isJobPosting(v["@type"]) {
			return append(found, v)
		}
		// In a fixed order, so that a page always reads alike.
		for _, key := range slices.Sorted(maps.Keys(v)) {
			found = postingsIn(v[key], depth-1, found)
		}
	}
	return found
}

// isJobPosting understands a type given as a name, an address or a list.
func isJobPosting(t any) bool {
	switch t := t.(type) {
	case string:
		return slices.ContainsFunc(strings.Fields(t), func(name string) bool { return strings.EqualFold(localName(name), "JobPosting") })
	case []any:
		return slices.ContainsFunc(t, isJobPosting)
	}
	return false
}

// maxLinked bounds how many values are written out for one page, since nodes that
// refer to each other can unfold without end.
const maxLinked = 100_000

// linker puts the nodes of a page's JSON-LD together.
type linker struct {
	nodes map[string]object // by @id, those that say something
	left  int
}

// aliases are the names that a @context gives to terms of its own.
type aliases map[string]string

// maxAliases is how many of them are looked at.
const maxAliases = 100

// rename writes a value's keys as schema.org does, unwraps @value, @list and @set,
// and enters every object that has an @id and says something.
func (l *linker) rename(v any, names aliases, depth int) any {
	if depth == 0 {
		return nil
	}
	switch v := v.(type) {
	case []any:
		list := make([]any, 0, len(v))
		for _, e := range v {
			list = append(list, l.rename(e, names, depth-1))
		}
		return list
	case object:
		return l.renameObject(v, names, depth)
	}
	return v
}

func (l *linker) renameObject(v object, names aliases, depth int) any {
	names = names.with(v["@context"])
	out := object{}
	for _, key := range slices.Sorted(maps.Keys(v)) {
		switch name := names.term(key, v); name {
		case "@value", "@list", "@set":
			return l.rename(v[key], names, depth-1)
		case "@context":
		default:
			add(out, name, l.rename(v[key], names, depth-1))
		}
	}
	if id, ok := out["@id"].(string); ok && len(out) > 1 && l.nodes[id] == nil {
		l.nodes[id] = out
	}
	return out
}

// with adds what a context says. Contexts that are fetched from elsewhere are not.
func (a aliases) with(context any) aliases {
	switch c := context.(type) {
	case []any:
		for _, e := range c[:min(len(c), maxDepth)] {
			a = a.with(e)
		}
	case object:
		a = maps.Clone(a)
		for _, name := range slices.Sorted(maps.Keys(c)) {
			to := c[name]
			if len(a) >= maxAliases {
				break
			}
			if o, ok := to.(object); ok {
				to = o["@id"]
			}
			if iri, ok := to.(string); ok && !strings.HasPrefix(name, "@") && !strings.HasSuffix(iri, "/") && !strings.HasSuffix(iri, "#") {
				a[name] = iri
			}
		}
	}
	return a
}

// term is a key's name in schema.org, or its keyword. "type" and "id" are taken
// for the keywords that they stand for in many contexts, unless those are there.
func (a aliases) term(key string, in object) string {
	if to, ok := a[key]; ok {
		key = to
	}
	if strings.HasPrefix(key, "@") {
		return strings.ToLower(key)
	}
	if key == "type" || key == "id" {
		if _, ok := in["@"+key]; !ok {
			return "@" + key
		}
	}
	return property(key)
}

// resolve writes a value out with what is known of the nodes that it refers to. A
// reference to a node that the page does not have is its address where an address
// or a token is wanted, and nothing elsewhere.
func (l *linker) resolve(v any, name string, depth int) any {
	if l.left--; depth == 0 || l.left < 0 {
		return nil
	}
	switch v := v.(type) {
	case []any:
		list := make([]any, 0, len(v))
		for _, e := range v {
			if e = l.resolve(e, name, depth-1); e != nil {
				list = append(list, e)
			}
		}
		return list
	case object:
		if id, ok := v["@id"].(string); ok && len(v) == 1 {
			node := l.nodes[id]
			switch {
			case node != nil:
				return l.resolve(node, name, depth-1)
			case isAddress[name] || isToken[name]:
				return id
			}
			return nil
		}
		out := make(object, len(v))
		for _, key := range slices.Sorted(maps.Keys(v)) {
			out[key] = l.resolve(v[key], key, depth-1)
		}
		return out
	}
	return v
}
