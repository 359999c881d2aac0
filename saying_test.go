package sendwatch_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/taxonomy"
)

func TestSay(t *testing.T) {
	for _, tt := range []struct {
		name string
		r    sendwatch.Reading
		want []sendwatch.Saying
	}{
		{"nothing known", sendwatch.Reading{}, nil},
		{"much", sendwatch.Reading{
			Duties: []sendwatch.Duty{sendwatch.DutyOneToOne, sendwatch.DutyPersonalCare},
			Facts: sendwatch.Facts{
				Support: []sendwatch.Support{sendwatch.SupportOneToOne, sendwatch.SupportClass},
				Entry:   sendwatch.EntryOpen, Driver: sendwatch.DriverNeeded, PaidBy: sendwatch.EmployerAgency, Client: "Alder Grove School",
				Told: map[string]string{"support.one-to-one": "1:1 with a pupil", "entry": "no experience needed", "driver": "a full licence", "client": "for Alder Grove School"},
			},
		}, []sendwatch.Saying{
			{Text: "You support one pupil at a time.", Evidence: sendwatch.Evidence{Text: "1:1 with a pupil"}},
			{Text: "You support a whole class."},
			{Text: "The work includes personal care."},
			{Text: "No experience is asked for.", Evidence: sendwatch.Evidence{Text: "no experience needed"}},
			{Text: "You need to drive.", Evidence: sendwatch.Evidence{Text: "a full licence"}},
			{Text: "Paid by an agency; the school is Alder Grove School.", Evidence: sendwatch.Evidence{Text: "for Alder Grove School"}},
		}},
		{"a duty without a kind of support", sendwatch.Reading{Duties: []sendwatch.Duty{sendwatch.DutyOneToOne, sendwatch.DutyDriving}}, []sendwatch.Saying{
			{Text: "You support one pupil at a time."}, {Text: "The work includes driving."},
		}},
		{"left out, not told", sendwatch.Reading{Facts: sendwatch.Facts{
			Support: []sendwatch.Support{sendwatch.SupportSmallGroup}, Entry: sendwatch.EntryOpen, Driver: sendwatch.DriverPreferred, PaidBy: sendwatch.EmployerTrust,
		}}, []sendwatch.Saying{
			{Text: "You support small groups."}, {Text: "Nothing essential asks for experience or for more than Level 2."},
			{Text: "It helps if you drive."}, {Text: "Paid by the trust."},
		}},
		{"a client without an agency is not said", sendwatch.Reading{Facts: sendwatch.Facts{Entry: sendwatch.EntryApprenticeship, PaidBy: sendwatch.EmployerCharity, Client: "Alder Grove School"}}, []sendwatch.Saying{
			{Text: "This is an apprenticeship."}, {Text: "Paid by a charity."},
		}},
		{"words that nobody knows", sendwatch.Reading{Duties: []sendwatch.Duty{"<b>"}, Facts: sendwatch.Facts{Support: []sendwatch.Support{"x"}, Entry: "x", Driver: "x"}}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if d := cmp.Diff(tt.want, tt.r.Say()); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestSourceOf(t *testing.T) {
	r := sendwatch.Reading{Body: "Support pupils.\nA Level 2 certificate\nAttached: Person specification\nA Level 3 certificate and patience\nA Level 2 certificate\nAttached: Pack\nYou will drive"}
	for evidence, want := range map[string]string{
		"Support pupils.": "", "A Level 2 certificate": "", "Level 3 certificate": "Person specification", "You will drive": "Pack",
		"You will …": "Pack", "not there": "", "": "", "…": "",
	} {
		if got := r.SourceOf(evidence); got != want {
			t.Errorf("%q stands in %q, want %q", evidence, got, want)
		}
	}
}

// TestVocabularyIsNamed holds that every value that a filter offers has a name of
// its own, and that a value nobody knows is read as words.
func TestVocabularyIsNamed(t *testing.T) {
	names := map[string]string{}
	name := func(id, label string) {
		if other, taken := names[label]; taken || label == "" {
			t.Errorf("%q is called %q, as is %q", id, label, other)
		}
		names[label] = id
	}
	for _, s := range sendwatch.Supports() {
		name(string(s), s.Label())
	}
	for _, e := range sendwatch.Entries() {
		name(string(e), e.Label())
	}
	for _, d := range sendwatch.Drivers() {
		name(string(d), d.Label())
	}
	for _, k := range sendwatch.Payers() {
		name(string(k), k.PaysLabel())
	}
	for _, k := range sendwatch.Kinds() {
		name(string(k), k.Label())
	}
	if got := sendwatch.Support("two-to-one").Label(); got != "Two to one" {
		t.Errorf("an unknown value is called %q", got)
	}
}

func TestAsks(t *testing.T) {
	one, two := 1, 2
	half, year := .5, 1.0
	r := sendwatch.Reading{
		Body: "Level 3, or both a Level 2 and six months\nAttached: Person specification\nPatience\nELSA or Thrive",
		Requirements: []taxonomy.Requirement{
			{ID: "level-3", Level: taxonomy.Essential, AnyOfGroup: &one, Evidence: "Level 3"},
			{ID: "level-2", Level: taxonomy.Essential, AnyOfGroup: &one, Evidence: "Level 3, or both a Level 2 and six months"},
			{ID: "elsa", Level: taxonomy.Desirable, AnyOfGroup: &two, Evidence: "ELSA or Thrive"},
			{ID: "patience", Level: taxonomy.Essential, Evidence: "Patience"},
			{ID: "thrive", Level: taxonomy.Desirable, AnyOfGroup: &two, Evidence: "ELSA or Thrive"},
			{ID: "exp-send", Level: taxonomy.Desirable, MinYears: &year},
		},
		Choices: []taxonomy.Choice{{Group: 1, Clause: taxonomy.Clause{AnyOf: []taxonomy.Clause{
			{ID: "level-3"},
			{AllOf: []taxonomy.Clause{{ID: "level-2"}, {AnyOf: []taxonomy.Clause{{ID: "exp-send", MinYears: &half}, {ID: "exp-children"}}}}},
		}}}},
	}
	for level, want := range map[taxonomy.Level][]sendwatch.Asking{
		taxonomy.Essential: {
			{
				Alternatives: []string{"LEVEL-3", "LEVEL-2 and (EXP-SEND (6 months) or EXP-CHILDREN)"},
				Evidence:     []sendwatch.Evidence{{Text: "Level 3, or both a Level 2 and six months"}},
			},
			{Alternatives: []string{"PATIENCE"}, Evidence: []sendwatch.Evidence{{Text: "Patience", Document: "Person specification"}}},
		},
		taxonomy.Desirable: {
			{Alternatives: []string{"ELSA", "THRIVE"}, Evidence: []sendwatch.Evidence{{Text: "ELSA or Thrive", Document: "Person specification"}}},
			{Alternatives: []string{"EXP-SEND (1 year)"}},
		},
	} {
		if d := cmp.Diff(want, r.Asks(level, strings.ToUpper)); d != "" {
			t.Errorf("%s:\n%s", level, d)
		}
	}
}
