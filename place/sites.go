package place

import (
	"fmt"
	"slices"
	"strings"
)

// told is a mention with what it was settled to be.
type told struct {
	*mention
	town    *town // nil unless the mention's name is settled
	verdict verdict
	// listed says that it is one of several places that the text lists.
	listed bool
}

// place is what a told mention stands for; nil when it is not settled.
func (t *told) place() *Place {
	switch {
	case t.code != nil:
		p := *t.code
		p.Near = t.near
		return &p
	case t.town != nil:
		return &Place{Name: t.town.name, Lat: t.town.at.lat, Lon: t.town.at.lon, Precision: Town, Near: t.near}
	case t.region != nil:
		r := t.region
		return &Place{Name: r.name, Lat: r.at.lat, Lon: r.at.lon, Precision: Region, Radius: r.radius}
	}
	return nil
}

// reading is what a text came to.
type reading struct {
	sites []*Place // none when nothing is known
	notes []string
	// open is the name that stays ambiguous, if one does and nothing finer is
	// known.
	open *mention

	found  []mention
	unread []part // the parts that mention nothing
}

// decide makes the places that the mentions speak of: all postcodes, else the
// towns of a list, else the first town that nothing contradicts, else the regions.
func decide(found []mention, nation string) reading {
	all := make([]told, len(found))
	for i := range found {
		all[i].mention = &found[i]
		if found[i].towns != nil {
			all[i].town, all[i].verdict = settle(found, i, nation)
		}
	}
	markListed(all)
	if codes := distinctCodes(all); len(codes) > 0 {
		return coded(codes, all)
	}
	return uncoded(all)
}

// coded reads a text that has postcodes. A town that it lists beside them is a
// place of its own, unless a postcode next to it says where in the town.
func coded(codes []*told, all []told) reading {
	var r reading
	for _, c := range codes {
		r.sites = append(r.sites, c.place())
	}
	for i := range all {
		t := &all[i]
		if t.town == nil || t.coded(all, i-1) || t.coded(all, i+1) {
			continue
		}
		p := t.place()
		switch {
		case t.listed:
			r.sites = append(r.sites, p)
		case t.certainty == whole && len(codes) == 1 && Miles(p, r.sites[0]) > contradictionMiles:
			r.notes = append(r.notes, farApart(r.sites[0], p))
		}
	}
	finestFirst(r.sites)
	return r
}

// coded reports whether the mention at i is a postcode in or about the town t.
// In a list it stands after the town, or with nothing between.
func (t *told) coded(all []told, i int) bool {
	if i < 0 || i >= len(all) || all[i].code == nil || t.listed && all[i].part < t.part {
		return false
	}
	return Miles(t.place(), all[i].code) <= neighbours
}

// contradictionMiles is how far a postcode must lie from the town beside it
// for that to be worth a note: post towns reach far in the country.
const contradictionMiles = 30

func farApart(code, town *Place) string {
	return fmt.Sprintf("The postcode %s is %.0f miles from %s.", code.Label(), Miles(code, town), town.Name)
}

// distinctCodes leaves out the postcode that a fuller one repeats.
func distinctCodes(all []told) []*told {
	var codes []*told
	for i := range all {
		t := &all[i]
		if t.code == nil {
			continue
		}
		said := false
		for j := range all {
			o := &all[j]
			said = said || o.code != nil && o.mention != t.mention && repeats(t.code, o.code) && (t.code.Postcode != o.code.Postcode || j < i)
		}
		if !said {
			codes = append(codes, t)
		}
	}
	return codes
}

// repeats reports whether a postcode is the beginning of another, or the same.
func repeats(short, long *Place) bool {
	return short.Postcode == long.Postcode || strings.HasPrefix(long.Postcode, short.Postcode+" ") ||
		strings.Contains(short.Postcode, " ") && strings.HasPrefix(long.Postcode, short.Postcode)
}

// uncoded reads a text without postcodes.
func uncoded(all []told) reading {
	var r reading
	for i := range all {
		t := &all[i]
		if p := t.place(); p != nil && t.listed && t.certainty != named && !t.holder(all) {
			r.add(p)
		}
	}
	if t := only(all); len(r.sites) == 0 && t != nil {
		r.add(t.place())
		if t.certainty == named {
			r.notes = append(r.notes, "The place is only read from the name “"+t.text+"”.")
		}
	}
	for i := range all {
		r.doubt(&all[i], all)
	}
	if len(r.sites) == 0 {
		if t := narrowest(all); t != nil {
			r.add(t.place())
		}
	}
	return r
}

// add takes a site, unless it is one already.
func (r *reading) add(p *Place) {
	for _, q := range r.sites {
		if q.Name == p.Name && q.Precision == p.Precision || p.Located() && q.Located() && Miles(p, q) < 1 {
			return
		}
	}
	r.sites = append(r.sites, p)
}

// only picks the one town of a text that is no list: the first that stood
// best, or a narrower one within it.
func only(all []told) *told {
	var best *told
	for i := range all {
		t := &all[i]
		switch {
		case t.town == nil:
		case best == nil || t.certainty < best.certainty:
			best = t
		case t.certainty == best.certainty && narrower(t, best):
			best = t
		}
	}
	return best
}

// narrower reports whether a town lies in another that is named beside it.
func narrower(t, in *told) bool {
	if in.town.wide {
		return !t.town.wide && t.key != london && t.town.at.miles(in.town.at) <= compactMiles
	}
	return t.key != in.key && ofCouncil(t.town, in.key) && !ofCouncil(in.town, t.key)
}

// london is the one town whose name also stands for all that it holds.
const london = "london"

// holder reports whether a place is only named as the one that others of the
// list belong to: London in "London: Hackney and Camden".
func (t *told) holder(all []told) bool {
	return !t.joined && slices.ContainsFunc(all, func(o told) bool {
		return o.town != nil && o.listed && o.key != t.key && o.part > t.part && ofCouncil(o.town, t.key)
	})
}

// doubt notes why a name is not what the text came to.
func (r *reading) doubt(t *told, all []told) {
	switch {
	case t.towns == nil || t.town != nil || t.certainty == named:
	case t.verdict == ambiguous && (len(r.sites) == 0 || t.listed):
		r.notes = append(r.notes, fmt.Sprintf("“%s” may be %s; the text does not tell.", t.text, whereabouts(t.towns)))
		if r.open == nil {
			r.open = t.mention
		}
	case t.verdict == contradicted && len(r.sites) == 0:
		r.notes = append(r.notes, fmt.Sprintf("“%s” does not lie in %s.", t.text, regionBeside(all)))
	}
}

// whereabouts tells towns of one name apart: "in Kent or in Surrey".
func whereabouts(towns []town) string {
	var in []string
	for i := range towns {
		t := &towns[i]
		name := t.name
		if t.authority != "" {
			name += " (" + titled(t.authority) + ")"
		}
		if len(in) < 4 && !slices.Contains(in, name) {
			in = append(in, name)
		}
	}
	return enumerate(in, "or")
}

// titled gives a folded name its capitals back.
func titled(s string) string {
	words := strings.Fields(s)
	for i, w := range words {
		switch w {
		case "and", "of", "upon", "on", "the", "with":
		default:
			words[i] = strings.ToUpper(w[:1]) + w[1:]
		}
	}
	return strings.Join(words, " ")
}

func regionBeside(all []told) string {
	for i := range all {
		if all[i].region != nil {
			return all[i].region.name
		}
	}
	return "what is named beside it"
}

// narrowest picks the first region, or a narrower one within it.
func narrowest(all []told) *told {
	var best *told
	for i := range all {
		t := &all[i]
		if t.region != nil && (best == nil || t.region.radius < best.region.radius && best.region.holds(t.region.at, 0)) {
			best = t
		}
	}
	return best
}

// finestFirst puts the finest place first, and else keeps the order.
func finestFirst(sites []*Place) {
	slices.SortStableFunc(sites, func(a, b *Place) int { return rank(a.Precision) - rank(b.Precision) })
}

// markListed finds the places of a list: those that a word or sign joins, what
// commas put before them, and three or more towns between commas of which none
// belongs to another.
func markListed(all []told) {
	for i := range all {
		if i > 0 && all[i].joined && !asideOf(&all[i-1], &all[i]) {
			all[i-1].listed, all[i].listed = true, true
		}
	}
	for i := len(all) - 2; i >= 0; i-- {
		if t := &all[i]; all[i+1].listed && all[i+1].part == t.part+1 && all[i+1].region == nil && t.town != nil && t.certainty != named && t.ends {
			t.listed = true
		}
	}
	if slices.ContainsFunc(all, func(t told) bool { return t.listed }) {
		return
	}
	var apart []*told
	for i := range all {
		if t := &all[i]; t.enumerable() {
			apart = append(apart, t)
		}
	}
	if !areApart(apart) {
		return
	}
	for _, t := range apart {
		t.listed = true
	}
}

// enumerable reports whether a mention may be one of a list between commas.
func (t *told) enumerable() bool { return t.town != nil && t.certainty == whole }

// asideOf reports whether a joint joins nothing: "Leeds and Leeds city centre".
func asideOf(a, b *told) bool { return a.key == b.key && a.code == nil }

// areApart reports whether towns between commas are several places, rather than
// the parts of one address.
func areApart(towns []*told) bool {
	for i, t := range towns {
		for _, o := range towns[:i] {
			if ofCouncil(t.town, o.key) || ofCouncil(o.town, t.key) {
				return false
			}
			if len(towns) == 2 && t.town.at.miles(o.town.at) <= neighbours {
				return false
			}
		}
	}
	return len(towns) > 1
}

// enumerate writes names as a sentence does: "Leeds, Bradford and Wakefield".
func enumerate(names []string, joint string) string {
	last := len(names) - 1
	if last < 1 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:last], ", ") + " " + joint + " " + names[last]
}
