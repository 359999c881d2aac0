package searchtest

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"unicode"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/matcher"
)

// inquirer draws what people might ask of vacancies from the vacancies
// themselves, so that most of it finds something.
type inquirer struct {
	kit       Kit
	vacancies []*sendwatch.Vacancy
	rng       *rand.Rand
}

// newInquirer asks about those vacancies that some search finds.
func newInquirer(p *plain, k Kit, seed uint64) *inquirer {
	q := &inquirer{kit: k, rng: rand.New(rand.NewPCG(seed, 2))}
	for _, id := range p.accepted(&matcher.Filter{}) {
		q.vacancies = append(q.vacancies, p.vacancies[id])
	}
	return q
}

// criteria draws a few conditions that all fit one vacancy, with others beside them
// in the lists, and at times one that need not.
func (q *inquirer) criteria() (sendwatch.Criteria, []matcher.Circle) {
	var c sendwatch.Criteria
	v := pick(q.rng, q.vacancies)
	if q.one(4, 5) {
		c.Words = q.words(v)
	}
	for range q.rng.IntN(3) {
		q.condition(&c, v)
	}
	if q.one(1, 4) {
		q.condition(&c, pick(q.rng, q.vacancies))
	}
	var homes []matcher.Circle
	for range max(0, q.rng.IntN(5)-2) {
		if home, ok := q.home(v); ok {
			homes = append(homes, home)
		}
		v = pick(q.rng, q.vacancies)
	}
	return c, homes
}

// one is true so many times out of so many.
func (q *inquirer) one(times, of int) bool { return q.rng.IntN(of) < times }

// condition adds one filter that fits a vacancy, if it states what that is about.
func (q *inquirer) condition(c *sendwatch.Criteria, v *sendwatch.Vacancy) {
	other := pick(q.rng, q.vacancies)
	switch q.rng.IntN(17) {
	case 0:
		c.Roles = listed(v.Role, other.Role)
	case 1:
		c.Roles = listed(q.kit.Taxonomy.Ancestors(v.Role)...)
	case 2:
		c.Needs = listed(append(slices.Clone(v.Needs), other.Needs...)...)
	case 3:
		c.Settings = listed(v.Setting, other.Setting)
	case 4:
		c.Phases = listed(v.Phases...)
	case 5:
		c.Contracts = listed(value(v.Pay.Contract), value(other.Pay.Contract))
	case 6:
		c.Patterns = listed(value(v.Pay.WorkingPattern))
	case 7:
		c.MinHourly = 10 + float64(q.rng.IntN(40))/4
	case 8:
		c.MinActual = 12_000 + 500*float64(q.rng.IntN(40))
	case 9:
		c.StatedPayOnly = true
	case 10:
		least, most := 2.5*float64(q.rng.IntN(8)), 25+2.5*float64(q.rng.IntN(6))
		c.Hours = sendwatch.Range{Min: &least, Max: &most}
	case 11:
		c.Refuses = append(listed(strs(other.Duties)...), "agency")
	case 12:
		c.Support = listed(strs(append(slices.Clone(v.Support), other.Support...))...)
	case 13:
		c.Entry = listed(string(v.Entry), string(other.Entry))
	case 14:
		c.Driver = listed(string(v.Driver))
	case 15:
		c.PaidBy = listed(string(v.PaidBy), string(other.PaidBy))
	case 16:
		c.Kinds = listed(string(v.Kind))
	}
}

// listed keeps what is a value, each once.
func listed(values ...string) []string {
	out := stated(values)
	slices.Sort(out)
	return slices.Compact(out)
}

func value(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// home draws a circle round a place, about or exactly.
func (q *inquirer) home(v *sendwatch.Vacancy) (matcher.Circle, bool) {
	if !v.Place.Located() {
		return matcher.Circle{}, false
	}
	home := matcher.Circle{Lat: v.Place.Lat, Lon: v.Place.Lon, Miles: []float64{0.5, 5, 15, 40, 150}[q.rng.IntN(5)]}
	if q.one(1, 2) {
		home.Lat += q.rng.NormFloat64() / 10
		home.Lon += q.rng.NormFloat64() / 10
		home.Lat = math.Max(-89, math.Min(89, home.Lat))
	}
	return home, true
}

// words draws what somebody who looks for a vacancy types: some of its words,
// mistyped at times, some of its phrases, and at times what it must not say.
func (q *inquirer) words(v *sendwatch.Vacancy) string {
	var parts []string
	for range 1 + q.rng.IntN(3) {
		said := q.said(v)
		switch {
		case len(said) == 0:
		case q.one(1, 3):
			n := min(len(said), 2+q.rng.IntN(3))
			at := q.rng.IntN(len(said) - n + 1)
			parts = append(parts, `"`+strings.Join(said[at:at+n], " ")+`"`)
		case q.one(1, 6):
			parts = append(parts, q.mistyped(pick(q.rng, said)))
		default:
			parts = append(parts, pick(q.rng, said))
		}
	}
	if said := q.said(pick(q.rng, q.vacancies)); len(said) > 1 && q.one(1, 4) {
		at := q.rng.IntN(len(said) - 1)
		if q.one(1, 2) {
			parts = append(parts, "-"+said[at])
		} else {
			parts = append(parts, `-"`+said[at]+" "+said[at+1]+`"`)
		}
	}
	return strings.Join(parts, " ")
}

// said draws one line of a vacancy, as words without quotes.
func (q *inquirer) said(v *sendwatch.Vacancy) []string {
	lines := append([]string{v.Title, v.Employer, v.Client, v.Location}, strings.Split(v.Body, "\n")...)
	line := pick(q.rng, lines)
	if q.one(1, 3) {
		line = v.Title
	}
	return strings.FieldsFunc(line, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(`"“”„«»`, r) })
}

// mistyped swaps, drops or doubles a letter.
func (q *inquirer) mistyped(word string) string {
	r := []rune(word)
	if len(r) < 5 {
		return word
	}
	i := 1 + q.rng.IntN(len(r)-3)
	switch q.rng.IntN(3) {
	case 0:
		r[i], r[i+1] = r[i+1], r[i]
	case 1:
		r = slices.Delete(r, i, i+1)
	case 2:
		r = slices.Insert(r, i, r[i])
	}
	return string(r)
}
