package normalise_test

import (
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
