package place

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// ErrUnknown says that a place could not be found in the gazetteer, is too wide
// to measure from, or has a name that several bear. The error that wraps it says
// what to try instead.
var ErrUnknown = errors.New("unknown place")

// Query is everything an advert says about where the work is. Every field may
// be empty.
type Query struct {
	// Postcode is a postcode, sector or outcode; Area is the same or a name.
	Postcode string
	Area     string
	// Location is free text: "Wokingham, Berkshire, RG41 2AB", "near Leeds".
	Location string
	// Nation is the nation of the UK, where it is known apart from the text. It
	// only tells towns of one name apart.
	Nation string
}

// Resolve finds what Read finds, without its notes.
func (g *Gazetteer) Resolve(q Query) *Place {
	p, _ := g.Read(q)
	return p
}

// Read finds the finest place that q names; of equally fine ones the Postcode's
// goes first. Area and Location are read together, so that the one can tell which
// town the other means. The place is nil when nothing is known, and when a name
// may mean several towns and nothing tells which. The notes are plain sentences
// on what is doubtful or several.
func (g *Gazetteer) Read(q Query) (*Place, []string) {
	text := q.Location
	switch {
	case text == "":
		text = q.Area
	case q.Area != "":
		text = q.Area + ", " + q.Location
	}
	r := g.read(text, q.Nation)
	if len(r.sites) == 0 || !r.sites[0].Located() {
		g.respell(&r, q.Nation)
	}
	if q.Postcode != "" {
		r.put(g.read(q.Postcode, q.Nation).sites)
	}
	return r.place()
}

// put sets what the advert states apart from its text, unless the text is finer.
// Of the places that the text lists, it is the one that lies nearest.
func (r *reading) put(stated []*Place) {
	if len(stated) == 0 || len(r.sites) > 0 && rank(r.sites[0].Precision) < rank(stated[0].Precision) {
		return
	}
	p := stated[0]
	if !p.Located() && len(r.sites) > 0 {
		return // the text's own region is as wide
	}
	was := r.sites
	r.sites, r.notes = []*Place{p}, nil
	if len(was) == 1 {
		if q := was[0]; q.Precision == Town && Miles(p, q) > contradictionMiles {
			r.notes = append(r.notes, farApart(p, q))
		}
		return
	}
	nearest := -1
	for i, q := range was {
		if q.Located() && Miles(p, q) <= neighbours && (nearest < 0 || Miles(p, q) < Miles(p, was[nearest])) {
			nearest = i
		}
	}
	if nearest >= 0 && was[0].Precision == Town {
		r.sites = append(r.sites, slices.Delete(was, nearest, nearest+1)...)
	}
}

// place is what a reading comes to.
func (r *reading) place() (*Place, []string) {
	if len(r.sites) == 0 {
		return nil, r.notes
	}
	p := *r.sites[0]
	if len(r.sites) == 1 {
		return &p, r.notes
	}
	names := make([]string, len(r.sites))
	for i, q := range r.sites {
		p.Sites = append(p.Sites, *q)
		names[i] = q.Label()
	}
	return &p, append(r.notes, "The work is at several places: "+enumerate(names, "and")+". Distance is measured from the first.")
}

// Label is what people call a place: its name, else its postcode.
func (p *Place) Label() string {
	if p.Name != "" {
		return p.Name
	}
	return p.Postcode
}

// Find resolves what a person typed: a postcode, sector, outcode or town. Of
// several it takes the first. The error wraps ErrUnknown.
func (g *Gazetteer) Find(near string) (*Place, error) {
	r := g.read(near, "")
	switch {
	case len(r.sites) > 0 && r.sites[0].Located():
		return r.sites[0], nil
	case strings.TrimSpace(near) == "":
		return nil, fmt.Errorf("%w: give a postcode such as RG41 2AB, the first half of one (RG41) or a town", ErrUnknown)
	case r.open != nil:
		return nil, fmt.Errorf("%w %q: it may be %s; add the county, or give a postcode or the first half of one (RG41)", ErrUnknown, clip(near), whereabouts(r.open.towns))
	case len(r.sites) > 0:
		return nil, fmt.Errorf("%w %q: %s is too wide to measure from; try a postcode, the first half of one (RG41) or a town", ErrUnknown, clip(near), r.sites[0].Name)
	}
	hint := ""
	if g.respell(&r, ""); len(r.sites) > 0 {
		hint = "did you mean " + r.sites[0].Name + "? Else "
	}
	return nil, fmt.Errorf("%w %q: %stry a postcode such as RG41 2AB, the first half of one (RG41) or the nearest town", ErrUnknown, clip(near), hint)
}

// IsName reports whether text is nothing but names of towns or regions, and no
// ordinary words too.
func (g *Gazetteer) IsName(text string) bool {
	parts := split(text)
	for _, p := range parts {
		m, before, ok := g.wholePart(p.words)
		if !ok || len(before) > 0 || ordinary[m.key] || !p.words[0].capital {
			return false
		}
	}
	return len(parts) > 0
}

// clip keeps an error message short whatever was typed.
func clip(s string) string {
	const most = 60
	s = strings.TrimSpace(s)
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most]) + "…"
}

// rank orders precisions, finest first.
func rank(p Precision) int {
	switch p {
	case Sector:
		return 0
	case Outcode:
		return 1
	case Town:
		return 2
	}
	return 3
}

// read finds the places of a text.
func (g *Gazetteer) read(text, nation string) reading {
	if text == "" {
		return reading{}
	}
	if p, ok := g.postcode(text); ok {
		return reading{sites: []*Place{p}}
	}
	f := g.mentions(split(text))
	r := decide(f.found, nation)
	r.found, r.unread = f.found, f.unread
	return r
}
