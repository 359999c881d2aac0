package web

import (
	"errors"
	"fmt"
	"net/http"
	"net/mail"
	"net/url"
	"strings"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/search"
	"github.com/sendwatch/sendwatch/store"
)

// consentWording is what a person agrees to when they ask for an alert. A
// change of it is a new wording: what each person saw is kept with their consent.
const consentWording = "Email me the vacancies that match this search. I can change, pause or stop this at any time from any email."

// sameAnswer is what everybody sees after asking for an alert, so that nobody
// can learn whether an address is known here.
const sameAnswer = "If that address can receive our messages, an email with a link is on its way. Open it and press the button, and the alert begins. Nothing else is sent before you do. If nothing comes within the hour, look among your unwanted mail."

// maxAddress is the longest address that SMTP can carry: RFC 5321 allows a path
// of 256 bytes, two of them angle brackets.
const maxAddress = 254

// alertForm is the form that asks for an alert, with what was typed so far.
type alertForm struct {
	Asked       string
	Hidden      []option
	Change      string // address of the search, to change it first
	Email       string
	Frequencies []option
	StrongOnly  bool
	Consent     string
	Agreed      bool
	// Error says what to mend, and Field which field it is about.
	Error, Field string
}

// frequencies are the choices of how often. Where none is meant none is chosen.
func frequencies(chosen sendwatch.Frequency) []option {
	out := []option{
		{Value: string(sendwatch.Daily), Label: "Every morning, when there is something new"},
		{Value: string(sendwatch.Weekly), Label: "Monday mornings"},
		{Value: string(sendwatch.Instant), Label: "As soon as a post is found"},
	}
	for i := range out {
		out[i].Chosen = out[i].Value == string(chosen)
	}
	return out
}

// knownFrequency reports whether a frequency is one that is offered.
func knownFrequency(f sendwatch.Frequency) bool {
	for _, o := range frequencies(f) {
		if o.Chosen {
			return true
		}
	}
	return false
}

// newAlert shows the form for a search that stands in the address.
func (s *Site) newAlert(w http.ResponseWriter, r *http.Request) error {
	req, err := ParseRequest(r.URL.Query())
	if err == nil {
		err = s.searchable(r, req.Criteria)
	}
	if err != nil {
		return err
	}
	return s.alertForm(w, http.StatusOK, req.Criteria, alertForm{Frequencies: frequencies(sendwatch.Daily)})
}

// searchable refuses criteria that name what nobody knows, such as a place.
func (s *Site) searchable(r *http.Request, c sendwatch.Criteria) error {
	_, err := s.o.Search.Search(r.Context(), search.Request{Criteria: c, PerPage: 1, AsTyped: true})
	return searchError(err)
}

func (s *Site) alertForm(w http.ResponseWriter, status int, c sendwatch.Criteria, f alertForm) error {
	f.StrongOnly = c.StrongOnly
	c.StrongOnly = false // a box of the form asks it
	asked := Values(c, "")
	f.Asked, f.Hidden, f.Change, f.Consent = s.o.Asked(c, nil), hidden(asked), address(asked), consentWording
	title := "Set an alert"
	if f.Error != "" {
		title = "Error: " + title
	}
	return s.render(w, status, "alert", view{Title: title, Data: f})
}

func (s *Site) createAlert(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return formError(err)
	}
	req, err := ParseRequest(r.PostForm)
	if err == nil {
		err = s.searchable(r, req.Criteria)
	}
	if err != nil {
		return err
	}
	freq := sendwatch.Frequency(r.PostForm.Get("frequency"))
	f := alertForm{Email: strings.TrimSpace(r.PostForm.Get("email")), Frequencies: frequencies(freq), Agreed: r.PostForm.Get("consent") == "yes"}
	switch {
	case !plausible(f.Email):
		f.Field, f.Error = "email", "Please give an email address such as name@example.org."
	case !knownFrequency(freq):
		f.Field, f.Error = "frequency", "Please choose how often you want to hear."
	case !f.Agreed:
		f.Field, f.Error = "consent", "Please tick the box: without your agreement we may not email you."
	}
	if f.Error != "" {
		f.Email = clip(f.Email, maxAddress)
		return s.alertForm(w, http.StatusUnprocessableEntity, req.Criteria, f)
	}
	_, err = s.o.Store.Subscribe(r.Context(), store.Signup{
		Email: f.Email, Frequency: freq, Criteria: req.Criteria,
		Consent: store.Consent{Wording: consentWording, At: s.o.Now()},
	})
	if err != nil && !errors.Is(err, store.ErrSuppressed) {
		return fmt.Errorf("subscribe: %w", err)
	}
	s.o.Wake()
	return s.say(w, "Check your email", message{Text: sameAnswer, Next: address(Values(req.Criteria, "")), NextText: "Back to the search"})
}

// plausible reports whether s is a bare address at a domain with a dot. Whether
// it receives mail is for the confirmation to find out.
func plausible(s string) bool {
	if len(s) > maxAddress {
		return false
	}
	a, err := mail.ParseAddress(s)
	if err != nil || a.Address != s {
		return false
	}
	_, domain, _ := strings.Cut(s, "@")
	return strings.Contains(strings.Trim(domain, "."), ".") && !strings.ContainsAny(domain, "[]@:")
}

func (s *Site) say(w http.ResponseWriter, title string, m message) error {
	return s.render(w, http.StatusOK, "message", view{Title: title, Data: m})
}

// path is an absolute address's path: pages link within the site they are on.
func path(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "/"
	}
	return u.RequestURI()
}
