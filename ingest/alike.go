package ingest

import (
	"strings"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/normalise"
	"github.com/sendwatch/sendwatch/place"
	"github.com/sendwatch/sendwatch/store"
)

// How alike the texts of one job's adverts are, by shingles of four words.
const (
	// nearText is for employers. Agencies fill one template for many jobs.
	nearText, nearAgencyText = 0.75, 0.9
	// nearTeaser is how much of a teaser must be in the whole advert, which begins
	// with it and is so many times as long. A teaser breaks off in the middle of a
	// word, and its board adds a few of its own.
	nearTeaser, teaserTimes = 0.85, 2
	// otherText is how much of a text may be left when another has taken its place.
	otherText = 0.5
	// sameMiles is how far apart two ways of writing one place may be.
	sameMiles = 3.0
)

// likeness is what a comparison of two adverts came to.
type likeness struct {
	// same says that they are adverts of one job, and contained how much of the
	// shorter text is in the longer one.
	same      bool
	contained float64
	// teaser says that one is a teaser of the other.
	teaser bool
	// why says by what they are the same, or what tells them apart.
	why string
}

// compareAdverts compares two adverts of different text. They are of one job when
// they are alike and nothing they state tells two jobs apart.
func compareAdverts(a, b *sendwatch.Reading) likeness {
	out := alikeAdverts(a, b)
	if !out.same {
		return out
	}
	if apart := toldApart(a, b); apart != "" {
		return likeness{contained: out.contained, why: apart}
	}
	return out
}

// alikeAdverts compares what costs little. Adverts are alike when employer, title and
// place agree, and either the texts are nearly the same or an employer's own adverts
// close on the same day.
func alikeAdverts(a, b *sendwatch.Reading) likeness {
	wa, wb := normalise.OwnWording(a), normalise.OwnWording(b)
	jaccard, contained := wa.Alike(wb)
	out := likeness{contained: contained}
	agency := byAgency(a) || byAgency(b)
	text := nearText
	if agency {
		text = nearAgencyText
	}
	begins := contained >= nearTeaser && wa.Opening() != "" && wa.Opening() == wb.Opening()
	day := normalise.ClosingDay(a)
	byDay := day != "" && day == normalise.ClosingDay(b) && !agency
	switch {
	case a.Kind != sendwatch.KindVacancy:
		out.why = "no vacancy"
	case !sameEmployer(a, b):
		out.why = "employer"
	case !sameTitles(a, b):
		out.why = "title"
	case (jaccard >= text || begins) && sameSpot(a, b):
		out.why = "text"
		out.teaser = begins && (wa.Len() >= teaserTimes*wb.Len() || wb.Len() >= teaserTimes*wa.Len())
		out.same = true
	case byDay && clash(a.Role, b.Role):
		out.why = "role"
	case byDay && nearby(a, b):
		out.same, out.why = true, "closing date"
	case !sameSpot(a, b):
		out.why = "place"
	default:
		out.why = "text"
	}
	return out
}

// toldApart says what two adverts that are alike state of two jobs, or "". It reads
// both texts.
func toldApart(a, b *sendwatch.Reading) string {
	apart := normalise.Apart(a, b)
	if apart == "" && (byAgency(a) || byAgency(b)) {
		apart = normalise.AgencyApart(a, b)
	}
	return apart
}

// sameEmployer reports whether two adverts are of one employer, by number where
// both have one, else by name.
func sameEmployer(a, b *sendwatch.Reading) bool {
	if a.EmployerURN != "" && b.EmployerURN != "" {
		return a.EmployerURN == b.EmployerURN
	}
	name := normalise.NameKey(a.Employer)
	return name != "" && name == normalise.NameKey(b.Employer)
}

// sameTitles reports whether two titles are of one post as far as they say.
func sameTitles(a, b *sendwatch.Reading) bool {
	return normalise.TitleCore(a) == normalise.TitleCore(b)
}

// sameSpot reports whether two adverts of one text are for one place. Under one
// half of a postcode there are several towns, and a template that names them is
// for each of them.
func sameSpot(a, b *sendwatch.Reading) bool {
	x, y := normalise.Town(a), normalise.Town(b)
	return spot(a) == spot(b) && (x == "" || y == "" || x == y || whole(a.Place) && whole(b.Place))
}

// whole reports whether a place is known by a whole postcode.
func whole(p *place.Place) bool {
	if p == nil {
		return false
	}
	_, inward, _ := strings.Cut(p.Postcode, " ")
	return len(inward) == 3
}

// nearby reports whether two adverts may be for one place; one that is not said
// may be.
func nearby(a, b *sendwatch.Reading) bool {
	return !a.Place.Located() || !b.Place.Located() || place.Miles(a.Place, b.Place) <= sameMiles
}

// clash reports whether both say something, and not the same.
func clash(a, b string) bool { return a != "" && b != "" && a != b }

// parted says why a posting cannot be of the job that another one advertises any
// more, or "": an edit alone, such as a later closing date, parts nothing.
func parted(p, other *store.Posting) string {
	a, b := &p.Reading, &other.Reading
	switch {
	case normalise.NameKey(a.Employer) != "" && normalise.NameKey(b.Employer) != "" && !sameEmployer(a, b):
		return "employer"
	case a.Place.Located() && b.Place.Located() && place.Miles(a.Place, b.Place) > sameMiles:
		return "place"
	}
	switch l := compareAdverts(a, b); {
	case p.Source == other.Source && p.Open && other.Open && (!l.same || l.why != "text"):
		return "listed beside it"
	case !sameTitles(a, b) && l.contained < otherText:
		return "title and text"
	}
	return ""
}
