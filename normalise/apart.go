package normalise

import (
	"math"
	"regexp"
	"slices"
	"strings"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/pay"
)

// titleSpellings are the words of titles that are written in several ways.
var titleSpellings = map[string]string{
	"send": "sen", "ta": "teaching assistant", "tas": "teaching assistant", "assistants": "assistant", "lsa": "learning support assistant", "lsas": "learning support assistant",
	"hlta": "higher level teaching assistant", "yr": "year", "yrs": "year", "years": "year", "eyfs": "early years", "autism": "asd", "asc": "asd", "autistic": "asd",
}

// titleFillers say nothing of which post a title is of.
var titleFillers = wordSet(`a an and the of for in at to with or on as is are we our you your new required needed wanted urgent urgently immediate immediately start starts
	starting asap job jobs vacancy role post position opportunity ref reference recruiting hiring from per day hour week annum ph pd pa up january february march april may june
	july august september october november december jan feb mar apr jun jul aug sept sep oct nov dec`)

func wordSet(words string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		set[w] = true
	}
	return set
}

// titleWord finds the words of a title, and amounts of money as one.
var titleWord = regexp.MustCompile(`£[0-9.,k]+|1:1|[\pL\pN]+`)

// TitleCore is what of a title tells the post from the employer's others, in one
// form: its words sorted, without fillers, money, dates and references, and
// without the names of the employer and the town. Numbers of years, levels and key
// stages stay.
func TitleCore(r *sendwatch.Reading) string {
	known := map[string]bool{}
	for _, name := range []string{NameKey(r.Employer), strings.ToLower(r.Location)} {
		for _, w := range titleWord.FindAllString(name, -1) {
			known[w] = true
		}
	}
	var core, all []string
	for _, w := range titleWord.FindAllString(fold(r.Title), -1) {
		if titleFillers[w] || strings.HasPrefix(w, "£") || isReference(w) {
			continue
		}
		long := w
		if s, ok := titleSpellings[w]; ok {
			long = s
		}
		all = append(all, strings.Fields(long)...)
		if !known[w] {
			core = append(core, strings.Fields(long)...)
		}
	}
	if len(core) == 0 {
		core = all // the title is the employer's name or the town's
	}
	slices.Sort(core)
	return strings.Join(slices.Compact(core), " ")
}

// isReference tells a publisher's reference or a calendar year from the numbers
// that posts are told apart by: it has three digits or more.
func isReference(w string) bool {
	digits := 0
	for _, r := range w {
		if '0' <= r && r <= '9' {
			digits++
		}
	}
	return digits >= 3
}

// What a text may name that tells it from a like one, on folded text and as written.
var (
	yearGroups = regexp.MustCompile(`\b(?:years?|yr) (?:groups? )?([1-9][0-9]?)\b(?:(?: ?(?:-|/|,|and|or|to) ?)([1-9][0-9]?)\b)?`)
	keyStages  = regexp.MustCompile(`\b(?:ks|key stages?) ?([1-5])\b(?:(?: ?(?:-|/|,|and|or|to) ?)(?:ks ?)?([1-5])\b)?`)
	basedAt    = regexp.MustCompile(`\b(?:[Bb]ased|[Ww]ork|[Ww]orking|[Rr]ole|[Pp]osition|[Pp]ost|[Ll]ocated|[Jj]oin|[Jj]oining) (?:at |in |within )?(?:the )?((?:[A-Z][\pL'’.-]*,? (?:of |and |the |& )?){1,5}(?:School|Academy|College|Primary|Infants?|Juniors?|Nursery|PRU))\b`)
)

// mentionsOf collects what a pattern's groups find, folded.
func mentionsOf(re *regexp.Regexp, text string) []string {
	var out []string
	for _, m := range re.FindAllStringSubmatch(text, -1) {
		for _, g := range m[1:] {
			if g != "" {
				out = append(out, squash(g))
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// differ reports whether both name something, and each something that the other
// does not.
func differ(a, b []string) bool {
	within := func(a, b []string) bool {
		return !slices.ContainsFunc(a, func(s string) bool { return !slices.Contains(b, s) })
	}
	return !within(a, b) && !within(b, a)
}

// disjoint reports whether both hold something and nothing in common.
func disjoint(a, b []string) bool {
	return len(a) > 0 && len(b) > 0 && !slices.ContainsFunc(a, func(s string) bool { return slices.Contains(b, s) })
}

// Apart says what tells the jobs of two like adverts apart, as "hours", or "" when
// nothing does. What only one of them states tells nothing: teasers leave most
// out. Titles, employers and places are the caller's to compare, with the title the
// role, and with the employer the setting.
func Apart(a, b *sendwatch.Reading) string {
	switch {
	case a.Kind != b.Kind:
		return "kind"
	case disjoint(a.Phases, b.Phases):
		return "phases"
	}
	if what := offersApart(&a.Pay, &b.Pay); what != "" {
		return what
	}
	x, y := fold(a.Body), fold(b.Body)
	switch {
	case differ(mentionsOf(yearGroups, x), mentionsOf(yearGroups, y)):
		return "year groups"
	case differ(mentionsOf(keyStages, x), mentionsOf(keyStages, y)):
		return "key stages"
	case differ(mentionsOf(basedAt, a.Body), mentionsOf(basedAt, b.Body)):
		return "schools"
	}
	return ""
}

// AgencyApart says what tells an agency's jobs apart that a school's own adverts may
// differ in. A teaser says less than the whole advert, and nothing else.
func AgencyApart(a, b *sendwatch.Reading) string {
	switch {
	case differ(a.Needs, b.Needs):
		return "needs"
	case differ(a.Phases, b.Phases):
		return "phases"
	case unlike(a.Setting, b.Setting):
		return "setting"
	case unlike(a.Client, b.Client):
		return "client"
	case unlikeWords(a.Pay.Start, b.Pay.Start):
		return "start"
	}
	return ""
}

func unlike(a, b string) bool { return a != "" && b != "" && a != b }

func unlikeWords(a, b *string) bool { return a != nil && b != nil && unlike(*a, *b) }

// offersApart says what of two offers cannot be of one job.
func offersApart(a, b *pay.Offer) string {
	switch {
	case a.HoursPerWeek != nil && b.HoursPerWeek != nil && math.Abs(*a.HoursPerWeek-*b.HoursPerWeek) > 0.5:
		return "hours"
	case unlikeWords(a.Contract, b.Contract):
		return "contract"
	case unlikeWords(a.WorkingPattern, b.WorkingPattern) && *a.WorkingPattern != "either" && *b.WorkingPattern != "either":
		return "working pattern"
	case figuresApart(a.Comparable.FullTimeAnnual, b.Comparable.FullTimeAnnual), figuresApart(a.Comparable.Hourly, b.Comparable.Hourly),
		figuresApart(a.Comparable.Daily, b.Comparable.Daily):
		return "pay"
	}
	return ""
}

// figuresApart reports whether two figures that adverts state have nothing in
// common; a fiftieth more or less is a rounding or a pay award.
func figuresApart(a, b *pay.Figure) bool {
	if a == nil || b == nil || a.How != "stated" || b.How != "stated" {
		return false
	}
	low := func(f *pay.Figure) float64 {
		if f.Min == nil {
			return 0
		}
		return *f.Min
	}
	high := func(f *pay.Figure) float64 {
		if f.Max == nil {
			return math.Inf(1)
		}
		return *f.Max
	}
	return low(a) > high(b)*1.02 || low(b) > high(a)*1.02
}
