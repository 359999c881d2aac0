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

// consentProfile is the same for a profile.
const consentProfile = "Keep this profile and email me the vacancies that fit it. I can change, pause or stop this at any time from any email."

// sameAnswer is what everybody sees after asking for an alert, so that nobody
// can learn whether an address is known here.
const sameAnswer = "If that address can receive our messages, an email with a link is on its way. Open it and press the button, and the alert begins. Nothing else is sent before you do. If nothing comes within the hour, look among your unwanted mail."

// maxAddress is the longest address that SMTP can carry: RFC 5321 allows a path
// of 256 bytes, two of them angle brackets.
const maxAddress = 254

// alertForm is the form that asks for an alert, with what was typed so far.
type alertForm struct {
	Asked string
	// Told is the profile that is watched for, in words; empty without one.
	Told        []string
	Hidden      []option
	Change      string // address of the search, to change it first
	Email       string
	Frequencies []option
	StrongOnly  bool
	Consent     string
	Agreed      bool
	Errors      []mistake
}

// Wrong says what is wrong with a field; empty when nothing is.
func (f alertForm) Wrong(field string) string { return wrong(f.Errors, field) }

// wanted is what an alert is to watch for: a search, or what fits a profile.
type wanted struct {
	criteria sendwatch.Criteria
	profile  *profile
}

// candidate is the profile's, nil without one.
func (x *wanted) candidate() *sendwatch.Candidate {
	if x.profile == nil {
		return nil
	}
	return &x.profile.c
}

// consent is what a person agrees to by asking for it.
func (x *wanted) consent() string {
	if x.profile != nil {
		return consentProfile
	}
	return consentWording
}

// values writes it as [Site.wanted] reads it, without the fit: a box of the form asks
// that.
func (x *wanted) values() url.Values {
	if x.profile == nil {
		c := x.criteria
		c.StrongOnly = false
		return Values(c, "")
	}
	q := x.profile.values()
	q.Set("profile", "1")
	return q
}

// address is where it can be changed before it is kept.
func (x *wanted) address() string {
	q := x.values()
	if x.profile == nil {
		return address(q)
	}
	q.Del("profile")
	return candidateAddress(q)
}

// wanted reads what an alert is to watch for, and refuses what names something that
// nobody knows, such as a place.
func (s *Site) wanted(r *http.Request, q url.Values) (wanted, error) {
	if q.Get("profile") != "1" {
		req, err := ParseRequest(q)
		if err == nil {
			err = s.searchable(r, req.Criteria)
		}
		return wanted{criteria: req.Criteria}, err
	}
	p, err := parseProfile(q, s.o.Taxonomy)
	if err == nil && p.c.HomePostcode != "" {
		err = s.searchable(r, sendwatch.Criteria{Near: p.c.HomePostcode})
	}
	return wanted{criteria: sendwatch.Criteria{StrongOnly: q.Get("strong_only") == "1"}, profile: &p}, err
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
	x, err := s.wanted(r, r.URL.Query())
	if err != nil {
		return err
	}
	return s.alertForm(w, http.StatusOK, &x, alertForm{Frequencies: frequencies(sendwatch.Daily)})
}

// searchable refuses criteria that name what nobody knows, such as a place.
func (s *Site) searchable(r *http.Request, c sendwatch.Criteria) error {
	_, err := s.o.Search.Search(r.Context(), search.Request{Criteria: c, PerPage: 1, AsTyped: true})
	return searchError(err)
}

func (s *Site) alertForm(w http.ResponseWriter, status int, x *wanted, f alertForm) error {
	f.StrongOnly = x.criteria.StrongOnly
	asked := x.criteria
	asked.StrongOnly = false // a box of the form asks it
	f.Asked, f.Hidden, f.Change, f.Consent = s.o.Asked(asked, x.candidate()), hidden(x.values()), x.address(), x.consent()
	if x.profile != nil {
		f.Told = s.told(x.candidate())
	}
	title := "Set an alert"
	if len(f.Errors) > 0 {
		title = "Error: " + title
	}
	return s.render(w, status, "alert", view{Title: title, Data: f})
}

func (s *Site) createAlert(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return formError(err)
	}
	x, err := s.wanted(r, r.PostForm)
	if err != nil {
		return err
	}
	freq := sendwatch.Frequency(r.PostForm.Get("frequency"))
	f := alertForm{Email: strings.TrimSpace(r.PostForm.Get("email")), Frequencies: frequencies(freq), Agreed: r.PostForm.Get("consent") == "yes"}
	if !plausible(f.Email) {
		f.Errors = append(f.Errors, mistake{"email", "Please give an email address such as name@example.org."})
	}
	if !knownFrequency(freq) {
		f.Errors = append(f.Errors, mistake{"frequency", "Please choose how often you want to hear."})
	}
	if !f.Agreed {
		f.Errors = append(f.Errors, mistake{"consent", "Please tick the box: without your agreement we may not email you."})
	}
	if len(f.Errors) > 0 {
		f.Email = clip(f.Email, maxAddress)
		return s.alertForm(w, http.StatusUnprocessableEntity, &x, f)
	}
	_, err = s.o.Store.Subscribe(r.Context(), store.Signup{
		Email: f.Email, Frequency: freq, Criteria: x.criteria, Candidate: x.candidate(),
		Consent: store.Consent{Wording: x.consent(), At: s.o.Now()},
	})
	if err != nil && !errors.Is(err, store.ErrSuppressed) {
		return fmt.Errorf("subscribe: %w", err)
	}
	s.o.Wake()
	return s.say(w, "Check your email", message{Text: sameAnswer, Next: x.address(), NextText: "Back to what you were looking at"})
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
