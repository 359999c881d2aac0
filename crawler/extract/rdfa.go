package extract

import (
	"maps"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// rdfa returns the things of type JobPosting in a page's RDFa (RDFa Core 1.1 and
// RDFa Lite), in the same form as JSON-LD gives them. Only schema.org's terms are
// read; lists, languages and reversed relations are not.
func rdfa(p *Page) []object {
	doc := p.elements()
	if doc.Find("[typeof]").Length() == 0 {
		return nil
	}
	r := rdfaReader{things: map[string]*thing{}, left: maxElements}
	for _, root := range doc.Nodes {
		r.children(root, rdfaScope{subject: &thing{}})
	}
	r.left = maxLinked
	var found []object
	for _, t := range r.typed {
		if isJobPosting(t.properties["@type"]) && len(found) < maxPostings {
			if posting, ok := r.resolve(t, "", maxDepth).(object); ok {
				found = append(found, posting)
			}
		}
	}
	return found
}

// thing is what properties are said of. Their values are words, other things and
// links, until resolve writes them out.
type thing struct{ properties object }

func (t *thing) say(name string, value any) {
	if t.properties == nil {
		t.properties = object{}
	}
	add(t.properties, name, value)
}

// link is a value given by address: the thing on the page that goes by it, or else
// the address or the words.
type link struct{ address, words string }

// rdfaReader reads one page.
type rdfaReader struct {
	things map[string]*thing // by address
	typed  []*thing          // those with a type, in the order of the page
	left   int
}

// rdfaScope is what an element takes over from those around it.
type rdfaScope struct {
	vocab    string
	prefixes map[string]string
	subject  *thing
	// waiting are the properties of waiter that a rel has named without saying
	// which thing is meant: it is the one that the elements within are about.
	waiter  *thing
	waiting []string
}

func (r *rdfaReader) children(n *html.Node, s rdfaScope) {
	for c := range n.ChildNodes() {
		if c.Type == html.ElementNode {
			r.element(c, s)
		}
	}
}

// element reads one element and what is below it, after RDFa Core 1.1, section 7.5,
// with one difference: a link or an image that carries nothing but its address does
// not become the subject of what it surrounds. Pages link their titles.
func (r *rdfaReader) element(n *html.Node, s rdfaScope) {
	if r.left--; r.left < 0 {
		return
	}
	s = s.enter(n)
	names, hasProperty := s.terms(n, "property")
	rels := s.rels(n)
	types, hasType := s.terms(n, "typeof")
	about, hasAbout := attribute(n, "about")
	address, isResource := attribute(n, "resource")
	hasAddress := isResource
	for _, key := range [...]string{"href", "src"} {
		if !hasAddress {
			address, hasAddress = attribute(n, key)
		}
	}
	_, isLiteral := attribute(n, "content")
	if _, ok := attribute(n, "datatype"); ok {
		isLiteral = true
	}

	subject := s.subject
	var inner *thing // what the elements within are about, when not this subject
	switch {
	case hasAbout:
		subject = r.named(about)
	case len(rels) > 0 || hasProperty && !isLiteral:
	case isResource || hasAddress && hasType:
		subject = r.named(address)
	case hasType:
		subject = &thing{}
	}
	switch {
	case len(rels) > 0 && hasAddress, hasProperty && !isLiteral && hasType && !hasAbout && hasAddress:
		inner = r.named(address)
	case hasType && !hasAbout && (len(rels) > 0 || hasProperty && !isLiteral):
		inner = &thing{}
	}
	if hasType {
		r.is(of(subject, inner, hasAbout), types)
	}
	for _, name := range rels {
		if inner != nil {
			subject.say(name, inner)
		}
	}
	for _, name := range names {
		switch {
		case isLiteral:
			subject.say(name, valueOf(n, name))
		case inner != nil && len(rels) == 0:
			subject.say(name, inner)
		case hasAddress && len(rels) == 0:
			subject.say(name, link{address, textOf(n)})
		default:
			subject.say(name, valueOf(n, name))
		}
	}
	s.settle(subject, inner)
	if len(rels) > 0 && inner == nil {
		s.waiter, s.waiting = subject, rels
	}
	if s.subject = subject; inner != nil {
		s.subject = inner
	}
	r.children(n, s)
}

// of is the thing whose type an element gives.
func of(subject, inner *thing, hasAbout bool) *thing {
	if inner == nil || hasAbout {
		return subject
	}
	return inner
}

// is gives a thing its types.
func (r *rdfaReader) is(t *thing, types []string) {
	for _, kind := range types {
		t.say("@type", kind)
	}
	if !slices.Contains(r.typed, t) && len(r.typed) < maxLinked/maxDepth {
		r.typed = append(r.typed, t)
	}
}

// named is the thing that goes by an address.
func (r *rdfaReader) named(address string) *thing {
	address = strings.TrimSpace(address)
	if r.things[address] == nil {
		r.things[address] = &thing{}
	}
	return r.things[address]
}

// settle gives a rel further out the thing that it waits for.
func (s *rdfaScope) settle(subject, inner *thing) {
	if s.waiter == nil {
		return
	}
	if subject == s.waiter || subject == s.subject {
		subject = inner
	}
	if subject == nil {
		return
	}
	for _, name := range s.waiting {
		s.waiter.say(name, subject)
	}
	s.waiter, s.waiting = nil, nil
}

// enter takes over an element's vocabulary and prefixes.
func (s rdfaScope) enter(n *html.Node) rdfaScope {
	if vocab, ok := attribute(n, "vocab"); ok {
		s.vocab = strings.TrimSpace(vocab)
	}
	declared, _ := attribute(n, "prefix")
	fields := strings.Fields(declared)
	for i := 0; i+1 < len(fields); i += 2 {
		s = s.prefix(strings.TrimSuffix(fields[i], ":"), fields[i+1])
	}
	for _, a := range n.Attr {
		if name, ok := strings.CutPrefix(a.Key, "xmlns:"); ok {
			s = s.prefix(name, a.Val)
		}
	}
	return s
}

func (s rdfaScope) prefix(name, address string) rdfaScope {
	if s.prefixes = maps.Clone(s.prefixes); s.prefixes == nil {
		s.prefixes = map[string]string{}
	}
	s.prefixes[strings.ToLower(name)] = address
	return s
}

// terms are schema.org's terms in an attribute, and whether the attribute says
// anything at all.
func (s rdfaScope) terms(n *html.Node, key string) (names []string, ok bool) {
	value, _ := attribute(n, key)
	for token := range strings.FieldsSeq(value) {
		ok = true
		if name := s.term(token); name != "" {
			names = append(names, name)
		}
	}
	return names, ok
}

// rels are the properties that a rel attribute names, among the kinds of link that
// HTML has.
func (s rdfaScope) rels(n *html.Node) (names []string) {
	value, _ := attribute(n, "rel")
	for token := range strings.FieldsSeq(value) {
		if !strings.Contains(token, ":") && (s.vocab == "" || properties[strings.ToLower(token)] == "") {
			continue
		}
		if name := s.term(token); name != "" {
			names = append(names, name)
		}
	}
	return names
}

// term is a token's name in schema.org, empty when it is another vocabulary's. A
// bare name where no vocabulary is set is taken for schema.org's.
func (s rdfaScope) term(token string) string {
	address := token
	switch prefix, rest, compact := strings.Cut(token, ":"); {
	case compact && !strings.HasPrefix(rest, "//"):
		space, ok := s.prefixes[strings.ToLower(prefix)]
		if !ok && strings.EqualFold(prefix, "schema") {
			space = schemaOrg // RDFa's initial context knows it
		}
		address = space + rest
	case !compact && s.vocab != "":
		address = s.vocab + token
	case !compact:
		return property(token)
	}
	_, host, ok := strings.Cut(strings.ToLower(address), "://")
	if !ok || !strings.HasPrefix(strings.TrimPrefix(host, "www."), "schema.org/") {
		return ""
	}
	return property(address)
}

// schemaOrg is where schema.org's terms live.
const schemaOrg = "http://schema.org/"

// resolve writes a value out as JSON-LD has it.
func (r *rdfaReader) resolve(v any, name string, depth int) any {
	if r.left--; depth == 0 || r.left < 0 {
		return nil
	}
	switch v := v.(type) {
	case []any:
		list := make([]any, 0, len(v))
		for _, e := range v {
			if e = r.resolve(e, name, depth-1); e != nil {
				list = append(list, e)
			}
		}
		return list
	case *thing:
		out := object{}
		for _, key := range slices.Sorted(maps.Keys(v.properties)) {
			out[key] = r.resolve(v.properties[key], key, depth-1)
		}
		return out
	case link:
		if t := r.things[strings.TrimSpace(v.address)]; t != nil && len(t.properties) > 0 && !isAddress[name] {
			return r.resolve(t, name, depth)
		}
		if isAddress[name] || strings.TrimSpace(v.words) == "" {
			return v.address
		}
		return v.words
	}
	return v
}
