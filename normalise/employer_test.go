package normalise_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/normalise"
)

// register is a small register of invented schools.
type register []sendwatch.Employer

// ByURN implements normalise.Register.
func (g register) ByURN(urn string) []sendwatch.Employer {
	return slices.DeleteFunc(slices.Clone(g), func(e sendwatch.Employer) bool { return e.URN != urn })
}

// Like implements normalise.Register.
func (g register) Like(key, postcode string) []sendwatch.Employer {
	return slices.DeleteFunc(slices.Clone(g), func(e sendwatch.Employer) bool {
		return (key == "" || normalise.NameKey(e.Name) != key) && (postcode == "" || e.Postcode != postcode)
	})
}

func ages(low, high int) (*int, *int) { return &low, &high }

func smallRegister() register {
	low, high := ages(4, 19)
	return register{
		{URN: "900001", Name: "St Hilda's Church of England Primary School", Type: "Voluntary aided school", Phase: "Primary", Postcode: "RG41 2AB"},
		{URN: "900002", Name: "Larch House School", Type: "Community special school", Phase: "Not applicable", Postcode: "LS6 2QA", LowAge: low, HighAge: high, Trust: "Riverside Trust"},
		{URN: "900003", Name: "Oak Academy", Type: "Academy converter", Phase: "Secondary", Postcode: "M14 5RX"},
		{URN: "900004", Name: "Elm School", Type: "Community school", Postcode: "M14 5RY"},
		{URN: "900005", Name: "Elm School", Type: "Pupil referral unit", Postcode: "M14 6GX"},
		{URN: "900006", Name: "Twin Nursery School", Type: "Local authority nursery school", Postcode: "S1 2HE"},
		{URN: "900007", Name: "Twin Nursery School", Type: "Local authority nursery school", Postcode: "S1 2HE"},
		{URN: "900008", Name: "Nowhere School", Type: "Community school"},
	}
}

func TestEmployIdentifies(t *testing.T) {
	n := normaliser(t)
	for _, tt := range []struct {
		name string
		p    sendwatch.Posting
		want string
	}{
		{"by number", sendwatch.Posting{Employer: "Something else", EmployerURN: "900002"}, "900002"},
		{"by an unknown number, whatever the name", sendwatch.Posting{Employer: "Oak Academy", EmployerURN: "999999", Postcode: "M14 5RX"}, ""},
		{"by name and postcode", sendwatch.Posting{Employer: "Larch House School", Postcode: "LS6 2QA"}, "900002"},
		{"in another spelling", sendwatch.Posting{Employer: "Saint Hildas C of E Primary Sch", Postcode: "rg412ab"}, "900001"},
		{"with CE and dots", sendwatch.Posting{Employer: "St. Hilda’s C.E. Primary School (Wokingham)", Postcode: "RG41 2AB"}, "900001"},
		{"with The", sendwatch.Posting{Employer: "The Oak Academy", Postcode: "M14 5RX"}, "900003"},
		{"a school that became an academy", sendwatch.Posting{Employer: "Oak School", Postcode: "M14 5RX"}, "900003"},
		{"such a one in the same half of a postcode", sendwatch.Posting{Employer: "Oak School", Postcode: "M14"}, ""},
		{"by half a postcode, alone there", sendwatch.Posting{Employer: "Oak Academy", Postcode: "M14"}, "900003"},
		{"by a sector", sendwatch.Posting{Employer: "Oak Academy", Postcode: "M14 5"}, "900003"},
		{"by another postcode of the same half", sendwatch.Posting{Employer: "Oak Academy", Postcode: "M14 6GX"}, "900003"},
		{"one of two in the half", sendwatch.Posting{Employer: "Elm School", Postcode: "M14"}, ""},
		{"one of two, with its postcode", sendwatch.Posting{Employer: "Elm School", Postcode: "M14 6GX"}, "900005"},
		{"two at one postcode", sendwatch.Posting{Employer: "Twin Nursery School", Postcode: "S1 2HE"}, ""},
		{"far away", sendwatch.Posting{Employer: "Larch House School", Postcode: "TR1 2AB"}, ""},
		{"without a postcode", sendwatch.Posting{Employer: "Larch House School", Location: "Leeds"}, ""},
		{"without a place", sendwatch.Posting{Employer: "Nowhere School"}, ""},
		{"another name at its postcode", sendwatch.Posting{Employer: "Riverside Trust", Postcode: "LS6 2QA"}, ""},
		{"no name", sendwatch.Posting{Employer: "The (School)", Postcode: "LS6 2QA"}, ""},
		{"an agency of its name", sendwatch.Posting{Employer: "Oak Academy", EmployerKind: sendwatch.EmployerAgency, Postcode: "M14 5RX"}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := n.Read(&tt.p)
			before := r.EmployerURN
			n.Employ(&r, smallRegister())
			switch {
			case tt.want == "" && (r.School != nil || r.EmployerURN != before):
				t.Errorf("it is %s, want none", r.EmployerURN)
			case tt.want != "" && (r.School == nil || r.School.URN != tt.want || r.EmployerURN != tt.want):
				t.Errorf("it is %q, want %s", r.EmployerURN, tt.want)
			}
		})
	}
}

func TestEmployFillsWhatTheAdvertLeavesOpen(t *testing.T) {
	n := normaliser(t)
	silent := n.Read(&sendwatch.Posting{Title: "Teaching Assistant", Employer: "Larch House School", Postcode: "LS6"})
	print := silent.Fingerprint
	n.Employ(&silent, smallRegister())
	if silent.Setting != "special-school" || !slices.Equal(silent.Phases, []string{"early-years", "primary", "secondary", "post-16"}) || silent.Place.Postcode != "LS6 2QA" {
		t.Errorf("setting %q, phases %v, place %+v", silent.Setting, silent.Phases, silent.Place)
	}
	if notes := strings.Join(silent.Notes, " "); !strings.Contains(notes, "From the register of schools (URN 900002): the setting, the phases, the postcode LS6 2QA.") {
		t.Errorf("notes %q", notes)
	}
	if silent.EmployerKind != sendwatch.EmployerSchool || silent.School.Trust != "Riverside Trust" || silent.Fingerprint != print {
		t.Errorf("kind %q, school %+v", silent.EmployerKind, silent.School)
	}

	told := n.Read(&sendwatch.Posting{Title: "Teaching Assistant in our primary PRU", Employer: "Larch House School", EmployerURN: "900002", Location: "Exeter",
		BodyText: "Our pupil referral unit takes primary pupils aged 5 to 11."})
	want := told
	n.Employ(&told, smallRegister())
	if told.Setting != want.Setting || !slices.Equal(told.Phases, want.Phases) || told.Place != want.Place || len(told.Notes) != len(want.Notes) || want.Setting == "" || len(want.Phases) == 0 {
		t.Errorf("the register overrides the advert: %q %v %+v, had %q %v %+v", told.Setting, told.Phases, told.Place, want.Setting, want.Phases, want.Place)
	}
}

func TestNameKey(t *testing.T) {
	for name, want := range map[string]string{
		"The Larch School":                             "larch school",
		"ST. MARY’S R.C. Primary School":               "st marys catholic primary school",
		"St Mary's Roman Catholic Primary School":      "st marys catholic primary school",
		"Elm & Oak Infants' School":                    "elm and oak infant school",
		"Ash Church of England Voluntary Aided School": "ash cofe va school",
		"Ash C.of E. VA School":                        "ash cofe va school",
		"Larch  Acad. (a member of Riverside)":         "larch academy",
		"Larch (Riverside":                             "larch",
		"All Saints' School":                           "all ss school",
		"":                                             "",
		"\xff()&":                                      "and",
	} {
		if got := normalise.NameKey(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.String().Draw(t, "name")
		once := normalise.NameKey(name)
		if twice := normalise.NameKey(once); twice != once && !strings.Contains(once, "1") {
			t.Fatalf("%q has the key %q, and that the key %q", name, once, twice)
		}
	})
}
