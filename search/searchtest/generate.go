package searchtest

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/place"
)

// The values that generated vacancies and criteria draw on. They are few, so
// that criteria find something.
var (
	genRoles     = []string{"ta", "semh-ta", "sen-ta", "hlta", "learning-mentor", "cover-supervisor", "elsa-role", ""}
	genNeeds     = []string{"send", "semh", "asd", "adhd", "slcn", "pmld"}
	genSettings  = []string{"mainstream", "special-school", "ap-pru", "nursery", ""}
	genPhases    = []string{"early-years", "primary", "secondary", "post-16"}
	genContracts = []string{"permanent", "fixed-term", "temporary", "casual", ""}
	genPatterns  = []string{"full-time", "part-time", "either", ""}
	genKinds     = []sendwatch.EmployerKind{
		sendwatch.EmployerSchool, sendwatch.EmployerTrust, sendwatch.EmployerCouncil, sendwatch.EmployerAgency, sendwatch.EmployerUnknown,
	}
	genDuties = []sendwatch.Duty{
		sendwatch.DutyPersonalCare, sendwatch.DutyPhysicalIntervention, sendwatch.DutyOneToOne, sendwatch.DutyDriving,
	}
	genSupport   = sendwatch.Supports()
	genEntries   = []sendwatch.Entry{"", "", sendwatch.EntryOpen, sendwatch.EntryApprenticeship}
	genDrivers   = []sendwatch.Driver{"", "", sendwatch.DriverNeeded, sendwatch.DriverPreferred}
	genClients   = []string{"", "", "Quillfeather Academy", "Elmbrook School"}
	genEmployers = []string{"Elmbrook School", "Elmbrook Learning Trust", "Elmbrook Primary", "Elmbrook Communication and Language Centre"}
	genTowns     = []string{"Leeds", "Bath", "Harrogate", "York", "Bristol"}
	genTitles    = []string{"Teaching Assistant", "SEN Teaching Assistant", "Higher Level Teaching Assistant", "Learning Mentor", "SEMH Support Assistant"}
	genWords     = strings.Fields(`autism behaviour pupils support small groups mentor school trauma phonics
		reading therapy sensory communication speech language primary secondary careful patient team training
		experience level qualification safeguarding assistant teaching learning needs emotional social`)
)

// Generator makes vacancies out of a seed: the same seed makes the same ones.
type Generator struct {
	kit Kit
	rng *rand.Rand
	// tell draws the facts, so that a seed's texts stay what they were before there
	// were any.
	tell *rand.Rand
	// filler are words that make long texts and a large vocabulary.
	filler []string
	// stock are sentences that adverts share, as real ones share most of theirs.
	stock []string
	towns []*place.Place
}

// NewGenerator makes a Generator whose texts draw on a vocabulary of so many
// words beside the common ones.
func NewGenerator(k Kit, seed uint64, vocabulary int) (*Generator, error) {
	g := &Generator{kit: k, rng: rand.New(rand.NewPCG(seed, 1)), tell: rand.New(rand.NewPCG(seed, 3))}
	for i := range vocabulary {
		g.filler = append(g.filler, fmt.Sprintf("%s%s", syllables(i), pick(g.rng, genWords)))
	}
	for range 40 + vocabulary/3 {
		g.stock = append(g.stock, g.sentence())
	}
	for _, name := range genTowns {
		p, err := k.Gazetteer.Find(name)
		if err != nil {
			return nil, fmt.Errorf("find %q: %w", name, err)
		}
		g.towns = append(g.towns, p)
	}
	return g, nil
}

// syllables names a number.
func syllables(i int) string {
	const consonants, vowels = "bdfgklmnprstvz", "aeiou"
	var b strings.Builder
	for {
		b.WriteByte(consonants[i%len(consonants)])
		i /= len(consonants)
		b.WriteByte(vowels[i%len(vowels)])
		if i /= len(vowels); i == 0 {
			return b.String()
		}
	}
}

// Vacancy makes the vacancy of an id with a text of about so many words. Most
// are open, in scope and placed near one of a few towns; some of each are not.
func (g *Generator) Vacancy(id string, length int) *sendwatch.Vacancy {
	r := g.rng
	return g.kit.vacancy(id,
		titled(pick(r, genTitles)), named(pick(r, genEmployers)), inRole(pick(r, genRoles)), employed(pick(r, genKinds)),
		seen(r.IntN(60)),
		bodied(g.text(length)),
		func(v *sendwatch.Vacancy) {
			v.Needs, v.Phases, v.Duties = some(r, genNeeds), some(r, genPhases), some(r, genDuties)
			v.Setting = pick(r, genSettings)
			set(&v.Pay.Contract, pick(r, genContracts))
			set(&v.Pay.WorkingPattern, pick(r, genPatterns))
			switch r.IntN(20) {
			case 0:
				v.Scope = sendwatch.ScopeAdjacent
			case 1:
				v.Scope = sendwatch.ScopeOut
			case 2:
				v.State = sendwatch.VacancyClosed
			case 3:
				v.Kind = sendwatch.KindRoleDescription
			case 4:
				v.Kind = sendwatch.KindPool
			}
			g.paying(v)
			g.placed(v)
			g.facts(v)
		})
}

func (g *Generator) facts(v *sendwatch.Vacancy) {
	r := g.tell
	v.Support, v.Entry, v.Driver = some(r, genSupport), pick(r, genEntries), pick(r, genDrivers)
	if v.PaidBy = pick(r, genKinds); v.PaidBy == sendwatch.EmployerAgency {
		v.Client = pick(r, genClients)
	}
}

func (g *Generator) paying(v *sendwatch.Vacancy) {
	r := g.rng
	if r.IntN(3) > 0 {
		hours(float64(r.IntN(8)) * 5)(v)
	}
	if r.IntN(2) > 0 {
		closing(r.IntN(40))(v)
	}
	low := 11 + float64(r.IntN(12))/2
	switch r.IntN(5) {
	case 0:
		paid(nil, nil)(v)
	case 1:
		paid(from(low), from(low*1200))(v)
	case 2:
		paid(between(low, low+1), nil)(v)
	case 3:
		paid(nil, between(low*1200, low*1200+500))(v)
	case 4:
		paid(between(low, low), between(low*1200, low*1200))(v)
	}
}

func (g *Generator) placed(v *sendwatch.Vacancy) {
	r := g.rng
	switch r.IntN(8) {
	case 0:
	case 1:
		v.Place = &place.Place{Name: "North East", Precision: place.Region}
	default:
		town := pick(r, g.towns)
		at(town.Lat+r.NormFloat64()/6, town.Lon+r.NormFloat64()/4)(v)
	}
}

// text makes sentences up to about so many words: three of four from the
// stock, the rest its own.
func (g *Generator) text(words int) string {
	var b strings.Builder
	for n := 0; n < words; n += sentenceWords {
		if g.rng.IntN(4) > 0 {
			b.WriteString(skewed(g.rng, g.stock))
		} else {
			b.WriteString(g.sentence())
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// sentenceWords is how long a sentence is.
const sentenceWords = 12

func (g *Generator) sentence() string {
	words := make([]string, sentenceWords)
	for i := range words {
		if len(g.filler) == 0 || g.rng.IntN(2) == 0 {
			words[i] = pick(g.rng, genWords)
		} else {
			words[i] = skewed(g.rng, g.filler)
		}
	}
	return strings.Join(words, " ") + "."
}

// skewed picks the first ones often and the last ones seldom.
func skewed(r *rand.Rand, from []string) string {
	f := r.Float64()
	return from[int(f*f*float64(len(from)))]
}

func set(field **string, value string) {
	if value != "" {
		*field = &value
	}
}

func pick[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }

// some picks none, one or two different values.
func some[T comparable](r *rand.Rand, from []T) []T {
	var out []T
	for range r.IntN(3) {
		if v := pick(r, from); len(out) == 0 || out[0] != v {
			out = append(out, v)
		}
	}
	return out
}
