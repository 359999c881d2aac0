package normalise

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/place"
)

// Register is where the schools of the national register are looked up.
type Register interface {
	// ByURN gives the school of a number; none if there is no such.
	ByURN(urn string) []sendwatch.Employer
	// Like gives the schools whose name has the key, as NameKey makes it, and
	// those at a postcode. Either may be empty.
	Like(nameKey, postcode string) []sendwatch.Employer
}

// Employ finds the employer of a reading in the register and, where the advert is
// silent, takes from there what the register knows, with a note that says so. A
// school is matched by its number, else by its name together with its postcode,
// else by its name where only one school has it in the half of the postcode that is
// known. Anything less leaves the reading as it is.
func (n *Normaliser) Employ(r *sendwatch.Reading, in Register) {
	e := identify(r, in)
	if e == nil {
		return
	}
	r.EmployerURN, r.School = e.URN, e
	var taken []string
	take := func(what string, silent bool, set func() bool) {
		if silent && set() {
			taken = append(taken, what)
		}
	}
	take("the setting", r.Setting == "", func() bool {
		r.Setting = settingOfType(e.Type)
		return r.Setting != ""
	})
	take("the phases", len(r.Phases) == 0, func() bool {
		r.Phases = phasesOf(e)
		return len(r.Phases) > 0
	})
	take("the postcode "+e.Postcode, r.Place == nil || !wholePostcode(r.Place), func() bool { return n.settleAt(r, e) })
	if r.EmployerKind == sendwatch.EmployerUnknown {
		r.EmployerKind = sendwatch.EmployerSchool
	}
	if len(taken) > 0 {
		r.Notes = append(slices.Clone(r.Notes), fmt.Sprintf("From the register of schools (URN %s): %s.", e.URN, strings.Join(taken, ", ")))
	}
}

// settleAt moves a reading to the school's postcode, unless the advert puts the
// work elsewhere or at several places.
func (n *Normaliser) settleAt(r *sendwatch.Reading, e *sendwatch.Employer) bool {
	at := n.gazetteer.Resolve(place.Query{Postcode: e.Postcode})
	if at == nil || !wholePostcode(at) || at.Precision != place.Sector || r.Place != nil && !suits(at, r.Place) {
		return false
	}
	r.Place = at
	return true
}

// identify finds the one school that the reading's employer can be.
func identify(r *sendwatch.Reading, in Register) *sendwatch.Employer {
	if r.EmployerURN != "" {
		return one(in.ByURN(r.EmployerURN))
	}
	if r.EmployerKind == sendwatch.EmployerAgency || r.EmployerKind == sendwatch.EmployerCompany || r.Place == nil || r.Place.Postcode == "" || r.Place.Sites != nil {
		return nil
	}
	key := NameKey(r.Employer)
	if key == "" {
		return nil
	}
	code := r.Place.Postcode
	if !wholePostcode(r.Place) {
		outcode, _, _ := strings.Cut(code, " ")
		return one(only(in.Like(key, ""), func(e *sendwatch.Employer) bool {
			there, _, _ := strings.Cut(e.Postcode, " ")
			return NameKey(e.Name) == key && there == outcode
		}))
	}
	like := in.Like(key, code)
	for _, test := range [...]func(*sendwatch.Employer) bool{
		func(e *sendwatch.Employer) bool { return e.Postcode == code && NameKey(e.Name) == key },
		func(e *sendwatch.Employer) bool {
			return e.Postcode == code && core(NameKey(e.Name)) == core(key) && core(key) != ""
		},
		func(e *sendwatch.Employer) bool {
			there, _, _ := strings.Cut(e.Postcode, " ")
			outcode, _, _ := strings.Cut(code, " ")
			return NameKey(e.Name) == key && there == outcode
		},
	} {
		if found := only(like, test); len(found) > 0 {
			return one(found)
		}
	}
	return nil
}

func only(es []sendwatch.Employer, test func(*sendwatch.Employer) bool) []sendwatch.Employer {
	var out []sendwatch.Employer
	for i := range es {
		if test(&es[i]) {
			out = append(out, es[i])
		}
	}
	return out
}

// one gives the one entry of a list; nil when there are none or several.
func one(es []sendwatch.Employer) *sendwatch.Employer {
	if len(es) != 1 {
		return nil
	}
	return &es[0]
}

// nameSpellings are the ways in which one thing is written in schools' names, longest
// first, on folded words.
var nameSpellings = [...]struct {
	from []string
	to   string
}{
	{[]string{"church", "of", "england"}, "cofe"}, {[]string{"c", "of", "e"}, "cofe"}, {[]string{"roman", "catholic"}, "catholic"},
	{[]string{"voluntary", "aided"}, "va"}, {[]string{"voluntary", "controlled"}, "vc"}, {[]string{"c", "e"}, "cofe"}, {[]string{"r", "c"}, "catholic"},
	{[]string{"ce"}, "cofe"}, {[]string{"rc"}, "catholic"}, {[]string{"saint"}, "st"}, {[]string{"saints"}, "ss"}, {[]string{"acad"}, "academy"},
	{[]string{"sch"}, "school"}, {[]string{"infants"}, "infant"}, {[]string{"juniors"}, "junior"}, {[]string{"jnr"}, "junior"}, {[]string{"the"}, ""},
	{[]string{"st", "s"}, "st"},
}

// NameKey is the form in which the names of schools are compared: folded, without
// punctuation, "The" and what brackets hold, and with one spelling of what is
// written in several ways.
func NameKey(name string) string {
	words := nameWords(name)
	var out []string
	for i := 0; i < len(words); {
		to, n := words[i], 1
		for _, s := range nameSpellings {
			if len(words)-i >= len(s.from) && slices.Equal(words[i:i+len(s.from)], s.from) {
				to, n = s.to, len(s.from)
				break
			}
		}
		if to != "" {
			out = append(out, to)
		}
		i += n
	}
	return strings.Join(out, " ")
}

// nameWords cuts a name into folded words.
func nameWords(name string) []string {
	var b strings.Builder
	depth := 0
	for _, r := range fold(clean(name)) {
		switch {
		case r == '(':
			depth++
		case r == ')':
			depth = max(0, depth-1)
		case depth > 0 || r == '\'':
		case r == '&':
			b.WriteString(" and ")
		case unicode.IsLetter(r), unicode.IsDigit(r):
			b.WriteRune(r)
		default:
			b.WriteByte(' ')
		}
	}
	return strings.Fields(b.String())
}

// core is a key without what schools change when they become academies. It tells
// enough only together with the whole postcode.
func core(key string) string {
	words := slices.DeleteFunc(strings.Fields(key), func(w string) bool {
		switch w {
		case "school", "academy", "va", "vc", "aided", "controlled":
			return true
		}
		return false
	})
	return strings.Join(words, " ")
}

// settingOfType gives the setting of a school's type in the register's words, or "".
func settingOfType(t string) string {
	t = fold(t)
	has := func(words ...string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(t, w) })
	}
	switch {
	case has("pupil referral", "alternative provision"):
		return "ap-pru"
	case has("special post 16", "further education", "sixth form", "16 to 19", "16-19"):
		return "college"
	case has("special"):
		return "special-school"
	case has("nursery"):
		return "nursery"
	case has("overseas", "offshore", "online", "higher education", "children's centre", "secure", "welsh", "service children", "miscellaneous"):
		return ""
	case has("school", "academy", "college"):
		return "mainstream"
	}
	return ""
}

// phasesOf gives the phases of a school: those that its ages reach into, else the
// register's own word.
func phasesOf(e *sendwatch.Employer) []string {
	var out []string
	if e.LowAge != nil && e.HighAge != nil && *e.LowAge < *e.HighAge {
		for _, p := range phaseAges {
			if min(*e.HighAge, p.to) > max(*e.LowAge, p.from) {
				out = append(out, p.id)
			}
		}
		return out
	}
	switch phase := fold(e.Phase); {
	case strings.HasPrefix(phase, "nursery"):
		return []string{"early-years"}
	case strings.Contains(phase, "primary"):
		return []string{"primary"}
	case strings.Contains(phase, "secondary"):
		return []string{"secondary"}
	case strings.HasPrefix(phase, "16"):
		return []string{"post-16"}
	case strings.HasPrefix(phase, "all"):
		return []string{"primary", "secondary"}
	}
	return nil
}
