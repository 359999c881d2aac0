package normalise

import (
	"fmt"
	"slices"
	"strings"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/place"
	"github.com/sendwatch/sendwatch/taxonomy"
)

// Labels of lines that tell where the work is, on folded text.
var siteLabel = compile(`^(?:(?:job|work|working|school|site|main|primary|role|post) )?(?:locations?|sites?)(?: ?(?:&|and|/) ?(?:postcode|address|site))?$|^(?:school|site|work|workplace|job)(?:'s)? (?:address|postcode)$|^(?:main )?(?:place of work|workplace|work place|work base|base|based(?: at| in)?|town|borough)$`)

// otherAddress finds lines whose address is not where the work is.
var otherAddress = compile(`\b(?:head|regional|main) office\b|\bregistered\b|\bcompany (?:no|number)\b|\bappl(?:y|ying|ications?)\b|\breturned? \b|\bpost(?:ed)? to\b|\bsend\b|\binterviews?\b|\bagency\b|\bhr\b`)

const (
	// siteLength is the longest that a labelled place is; what is longer is prose.
	siteLength = 200
	// labelLength is the longest that a label on a line of its own is.
	labelLength = 30
	// sameArea is within how many miles an address of the text may be that of a
	// town, or half a postcode, that the source gives.
	sameArea = 15
	// londonMiles is how far the boroughs of London lie from its middle.
	londonMiles = 17
)

// place finds where the work is: what the source says, unless the advert's own
// text is finer. Boards list one post under every town around it, so an address
// that the text labels as the place of work goes before a town from outside it.
func (n *Normaliser) place(a *advert) *place.Place {
	p := a.posting
	at, notes := n.gazetteer.Read(place.Query{Postcode: p.Postcode, Area: p.PostcodeArea, Location: p.Location, Nation: p.Nation})
	if found, more := n.labelledPlace(a, at); finer(found, at) {
		if at.Located() && place.Miles(found, at) > sameArea {
			more = append(more, fmt.Sprintf("The source lists it under %s; the advert's text puts it at %s.", at.Label(), found.Label()))
		}
		at, notes = found, more
	}
	if found := n.ownAddress(a, at); found != nil {
		at, notes = found, nil
	}
	if found, more := n.titlePlace(p, at); found != nil {
		at, notes = found, more
	}
	for _, s := range notes {
		a.note(s)
	}
	return at
}

// finer reports whether what the advert's text says goes before what the source
// says.
func finer(text, source *place.Place) bool {
	switch {
	case text == nil:
		return false
	case source == nil, !source.Located() && text.Located():
		return true
	case wholePostcode(source):
		return lists(text, func(p *place.Place) bool { return p.Postcode == source.Postcode })
	case wholePostcode(text):
		return true
	case !text.Located() || place.Miles(text, source) > sameArea && !isLondon(source):
		return false
	case text.Precision == place.Outcode && source.Precision == place.Town:
		return true
	}
	return within(text, source) || source.Sites == nil && lists(text, func(p *place.Place) bool { return p.Name == source.Name })
}

// lists reports whether a place is several, one of which passes the test.
func lists(p *place.Place, test func(*place.Place) bool) bool {
	for i := range p.Sites {
		if test(&p.Sites[i]) {
			return true
		}
	}
	return false
}

// within reports whether a place lies in London, where that is all that the
// source says.
func within(p, london *place.Place) bool {
	return isLondon(london) && p.Located() && !isLondon(p) && place.Miles(p, london) <= londonMiles
}

// isLondon reports whether a place is the one town whose name also stands for
// all that it holds.
func isLondon(p *place.Place) bool {
	return p != nil && p.Precision == place.Town && p.Name == "London" && p.Sites == nil
}

// wholePostcode reports whether a place is known by its whole postcode.
func wholePostcode(p *place.Place) bool {
	_, inward, _ := strings.Cut(p.Postcode, " ")
	return len(inward) == 3
}

// labelledPlace reads the finest of the lines that are labelled as the place of
// work. The region that the source gives tells which town of a name they mean.
func (n *Normaliser) labelledPlace(a *advert, source *place.Place) (best *place.Place, notes []string) {
	for i := range a.passages {
		p := &a.passages[i]
		value := p.value
		if len(p.text) <= labelLength && i+1 < len(a.passages) && siteLabel.in(strings.Trim(p.low, " :*-•.\t")) {
			value = a.passages[i+1].text
		} else if p.label == "" || !siteLabel.in(p.label) {
			continue
		}
		if value == "" || len(value) > siteLength || p.part == taxonomy.PartApply {
			continue
		}
		q := place.Query{Location: value, Nation: a.posting.Nation}
		if source != nil && !source.Located() {
			q.Location += ", " + source.Name
		}
		found, more := n.gazetteer.Read(q)
		if found == nil && isLondon(source) {
			q.Location += ", " + source.Name
			found, more = n.gazetteer.Read(q)
		}
		if finer(found, best) {
			best, notes = found, more
		}
	}
	return best, notes
}

// ownAddress finds the one whole postcode that a school's advert gives, where the
// source gives none: a line that is not about applying, and that suits what the
// source says. An agency's advert gives the agency's address, so it is not asked.
func (n *Normaliser) ownAddress(a *advert, at *place.Place) *place.Place {
	if a.posting.EmployerKind != sendwatch.EmployerSchool || at != nil && wholePostcode(at) {
		return nil
	}
	var own *place.Place
	for i := range a.passages {
		p := &a.passages[i]
		if len(p.text) > siteLength || !strings.ContainsAny(p.text, "0123456789") || otherAddress.on(p) {
			continue
		}
		found := n.gazetteer.Resolve(place.Query{Location: p.text})
		if found == nil || found.Sites != nil || !wholePostcode(found) || found.Precision != place.Sector {
			continue
		}
		if own != nil && own.Postcode != found.Postcode {
			return nil
		}
		own = found
	}
	if own == nil || at != nil && !suits(own, at) {
		return nil
	}
	return own
}

// suits reports whether an address may lie in the place that the source gives.
func suits(own, at *place.Place) bool {
	reach := max(sameArea, at.Radius)
	if isLondon(at) {
		reach = londonMiles
	}
	return at.Sites == nil && place.Miles(own, at) <= reach
}

// titlePlace reads the place that a title names in a piece of its own ("SEN TA
// (Plymouth)"), where the source gives none, or no nearer one than a region or
// London.
func (n *Normaliser) titlePlace(p *sendwatch.Posting, at *place.Place) (*place.Place, []string) {
	if at.Located() && !isLondon(at) {
		return nil, nil
	}
	pieces := strings.FieldsFunc(strings.ReplaceAll(strings.ReplaceAll(clean(p.Title), " - ", "|"), " – ", "|"), func(r rune) bool {
		return strings.ContainsRune("|(),", r)
	})
	for _, piece := range slices.Backward(pieces) {
		if !n.gazetteer.IsName(piece) {
			continue
		}
		text := strings.TrimSpace(piece)
		if at != nil {
			text += ", " + at.Name
		}
		found, notes := n.gazetteer.Read(place.Query{Location: text, Nation: p.Nation})
		if found != nil && (at == nil || found.Located()) && (len(notes) == 0 || found.Sites != nil) && (at == nil || !isLondon(at) || within(found, at)) {
			return found, notes
		}
	}
	return nil, nil
}
