package normalise_test

import (
	"slices"
	"testing"

	"github.com/sendwatch/sendwatch"
)

// A short advert of a school names no school in its text: its employer does.
func TestTheEmployersNameIsASchoolToo(t *testing.T) {
	n := normaliser(t)
	for _, tt := range []struct {
		title, employer, body string
		scope                 sendwatch.Scope
		role                  string
	}{
		{"Emotional Literacy Support Assistant", "Hazel Gate Primary", "You will hold sessions for one child or a few, and plan them with us.", sendwatch.ScopeIn, "elsa-role"},
		{"Communication and Interaction Support Assistant", "Priory Park Infants", "You will follow programmes that the therapist has written.", sendwatch.ScopeIn, "speech-language-ta"},
		{"Support Assistant", "Evergreen Homecare", "You will help older people at home with meals and medicine.", sendwatch.ScopeOut, ""},
	} {
		got := n.Read(&sendwatch.Posting{Title: tt.title, Employer: tt.employer, BodyText: tt.body})
		if got.Scope != tt.scope || got.Role != tt.role {
			t.Errorf("%s at %s: got %s %q (%s), want %s %q", tt.title, tt.employer, got.Scope, got.Role, got.ScopeReason, tt.scope, tt.role)
		}
	}
}

// Prose asks in many ways, and promises experience in others.
func TestProseThatAsks(t *testing.T) {
	n := normaliser(t)
	for _, tt := range []struct {
		body string
		want []string
	}{
		{"We ask for experience of complex needs and a caring nature.", []string{"exp-complex", "caring"}},
		{"Experience of autism is useful, and patience matters most.", []string{"exp-asd", "patience"}},
		{"You will be gaining hands-on experience working with autistic pupils.", nil},
	} {
		r := n.Read(&sendwatch.Posting{Title: "SEN Teaching Assistant", Employer: "Priory Park School", BodyText: tt.body})
		var got []string
		for _, q := range r.Requirements {
			got = append(got, q.ID)
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%q asks for %v, want %v", tt.body, got, tt.want)
		}
	}
}
