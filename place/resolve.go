package place

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"unicode/utf8"
)

// ErrUnknown says that a place could not be found in the gazetteer, or is too
// wide to measure from. The error that wraps it says what to try instead.
var ErrUnknown = errors.New("unknown place")

// Query is everything an advert says about where the work is. Every field may
// be empty.
type Query struct {
	// Postcode is a postcode, sector or outcode; Area is the same or a name.
	Postcode string
	Area     string
	// Location is free text: "Wokingham, Berkshire, RG41 2AB", "near Leeds".
	Location string
}

// Resolve finds the finest place that q names; of equally fine ones the
// Postcode's goes first. Area and Location are read together, so that the one can
// tell which town the other means. It is nil when nothing is known.
func (g *Gazetteer) Resolve(q Query) *Place {
	text := q.Location
	switch {
	case text == "":
		text = q.Area
	case q.Area != "":
		text = q.Area + ", " + q.Location
	}
	stated, told := g.read(q.Postcode), g.read(text)
	if stated == nil || told != nil && rank(told.Precision) < rank(stated.Precision) {
		return told
	}
	return stated
}

// Find resolves what a person typed: a postcode, sector, outcode or town. The
// error wraps ErrUnknown.
func (g *Gazetteer) Find(near string) (*Place, error) {
	p := g.read(near)
	switch {
	case p == nil && strings.TrimSpace(near) == "":
		return nil, fmt.Errorf("%w: give a postcode such as RG41 2AB, the first half of one (RG41) or a town", ErrUnknown)
	case p == nil:
		return nil, fmt.Errorf("%w %q: try a postcode such as RG41 2AB, the first half of one (RG41) or the nearest town", ErrUnknown, clip(near))
	case !p.Located():
		return nil, fmt.Errorf("%w %q: %s is too wide to measure from; try a postcode, the first half of one (RG41) or a town", ErrUnknown, clip(near), p.Name)
	}
	return p, nil
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

func (g *Gazetteer) read(text string) *Place {
	if text == "" {
		return nil
	}
	if p, ok := g.postcode(text); ok {
		return p
	}
	parts := split(text)
	if p := g.findPostcode(parts); p != nil {
		return p
	}
	return g.choose(g.mentions(parts))
}

// choose picks the place that the mentions speak of: the first town that the
// other mentions do not contradict, else the first region.
func (g *Gazetteer) choose(found []mention) *Place {
	for _, least := range [...]certainty{whole, within, named} {
		for i := range found {
			m := &found[i]
			if len(m.towns) == 0 || m.certainty != least {
				continue
			}
			if t := pick(m.towns, found, i); t != nil {
				return &Place{Name: t.name, Lat: t.at.lat, Lon: t.at.lon, Precision: Town}
			}
		}
	}
	for i := range found {
		if found[i].region != nil {
			return &Place{Name: found[i].region.name, Precision: Region}
		}
	}
	return nil
}

// contradictionMiles is how far a town may lie from the middle of a region
// named beside it before the two cannot belong together. It leaves room for
// the longest counties.
const contradictionMiles = 120

// pick chooses among towns of one name by what else is mentioned. It is nil
// when the other mentions rule every one out.
func pick(towns []town, found []mention, self int) *town {
	var best *town
	least := math.Inf(1)
	for i := range towns {
		t := &towns[i]
		cost := cost(t, found, self)
		if cost < least {
			best, least = t, cost
		}
	}
	return best
}

// cost measures in miles how badly t suits the other mentions: nothing when its
// council is among them, else the distance to the nearest. +Inf rules it out.
func cost(t *town, found []mention, self int) float64 {
	nearest, told := math.Inf(1), false
	for i := range found {
		m := &found[i]
		switch {
		case i == self:
			continue
		case m.region != nil && m.region.nation != "":
			if t.nation != "" && t.nation != m.region.nation {
				return math.Inf(1)
			}
			continue
		case t.authority != "" && (t.authority == m.key || hasWord(t.authority, m.key)):
			nearest, told = 0, true
			continue
		case m.region != nil:
			if d := t.at.miles(m.region.at); d <= contradictionMiles {
				nearest = min(nearest, d)
			}
			told = true
		default:
			// Several towns may be listed, so another town far off proves
			// nothing; a near one tells which of two is meant.
			for j := range m.towns {
				nearest = min(nearest, contradictionMiles+t.at.miles(m.towns[j].at))
			}
			told = told || len(found) > 1 && !math.IsInf(nearest, 1)
		}
	}
	if !told {
		return 0
	}
	return nearest
}

// hasWord reports whether phrase stands in s between spaces or ends:
// "london" in "greater london", "berkshire" in "west berkshire".
func hasWord(s, phrase string) bool {
	i := strings.Index(s, phrase)
	return i >= 0 && (i == 0 || s[i-1] == ' ') && (i+len(phrase) == len(s) || s[i+len(phrase)] == ' ')
}
