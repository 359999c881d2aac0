package web

import (
	"net/http"
	"net/url"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/notifier"
)

// manageView is a person's own page.
type manageView struct {
	// Done says what the last button did; Error what is wrong with it.
	Done, Error   string
	Subscriptions []managed
	Unsubscribe   string
	// Export is the address of everything that is kept about the person.
	Export string
	// Sent are the latest posts that the person was told of, and SentBefore how many
	// were told before them.
	Sent       []sentPost
	SentBefore int
	// Left says that the person unsubscribed.
	Left bool
}

// managed is one alert that a person may change.
type managed struct {
	sendwatch.Subscription
	Asked string
	// Told is the profile in words; empty without one.
	Told []string
	// Edit is the address of the page that changes all of it.
	Edit string
	// Search is the address of what the alert searches; empty when an address
	// cannot say it.
	Search      string
	Frequencies []option
	// Rest are the criteria that the form of a profile's alert does not show.
	Rest []option
}

// dones is what the page says after a button was pressed.
var dones = map[string]string{
	"confirmed": "Your alert has begun.",
	"pause":     "Your alert waits until you start it again.",
	"resume":    "Your alert runs again.",
	"end":       "The alert has ended.",
	"often":     "How often you hear is changed.",
	"search":    "What the alert looks for is changed.",
	"profile":   "Your profile is changed.",
}

// shown are the criteria that the form for changing the search of a profile's alert
// shows.
var shown = []string{"q", "near", "within", "strong_only"}

func (s *Site) managePage(w http.ResponseWriter, r *http.Request) error {
	return s.showAlerts(w, r, http.StatusOK, manageView{Done: dones[r.URL.Query().Get("done")]})
}

func (s *Site) showAlerts(w http.ResponseWriter, r *http.Request, status int, v manageView) error {
	who, err := s.person(r, notifier.PurposeManage)
	if err != nil {
		return err
	}
	subs, err := s.o.Store.PersonSubscriptions(r.Context(), who.Person)
	if err != nil {
		return err
	}
	v.Unsubscribe, v.Left = path(s.o.Links.Unsubscribe(who.Person)), who.UnsubscribedAt != nil
	for _, sub := range subs {
		if sub.State != sendwatch.Ended {
			v.Subscriptions = append(v.Subscriptions, s.managed(sub))
		}
	}
	v.Export = path(s.o.Links.Manage(who.Person)) + "/export"
	if v.Sent, v.SentBefore, err = s.sent(r.Context(), who.Person); err != nil {
		return err
	}
	return s.render(w, status, "manage", view{Title: "Your alerts", Data: v})
}

func (s *Site) managed(sub sendwatch.Subscription) managed {
	m := managed{Subscription: sub, Asked: s.o.Asked(sub.Criteria, sub.Candidate), Frequencies: frequencies(sub.Frequency)}
	m.Edit = path(s.o.Links.Manage(sub.Person)) + "/edit/" + url.PathEscape(sub.ID)
	if sub.Candidate != nil {
		m.Told = s.told(sub.Candidate)
	}
	if len(sub.Criteria.Homes) == 0 && sub.Candidate == nil {
		c := sub.Criteria
		c.StrongOnly = false // a search shows both fits
		m.Search = address(Values(c, ""))
	}
	rest := Values(sub.Criteria, "")
	for _, k := range shown {
		rest.Del(k)
	}
	m.Rest = hidden(rest)
	return m
}

// WithinChoices are the distances that the form offers.
func (m managed) WithinChoices() []option { return within(m.Criteria.WithinMiles) }

// manage does what a button of the manage page asks.
func (s *Site) manage(w http.ResponseWriter, r *http.Request) error {
	who, err := s.person(r, notifier.PurposeManage)
	if err != nil {
		return err
	}
	if err := r.ParseForm(); err != nil {
		return formError(err)
	}
	do := r.PostForm.Get("do")
	if do == "erase" {
		return s.erase(w, r, who.Person)
	}
	sub, err := s.o.Store.Subscription(r.Context(), r.PostForm.Get("subscription"))
	if err != nil {
		return gone(err)
	}
	if sub.Person != who.Person {
		return errNotFound // somebody else's alert is no alert of this page
	}
	if sub.State == sendwatch.Ended {
		return errGone
	}
	if err := s.change(r, do, sub); err != nil {
		if ue := s.publicError(r, err); ue.status == http.StatusBadRequest {
			return s.showAlerts(w, r, http.StatusUnprocessableEntity, manageView{Error: ue.text})
		}
		return err
	}
	s.o.Wake()
	s.toManage(w, r, who.Person, url.QueryEscape(do))
	return nil
}

func (s *Site) change(r *http.Request, do string, sub sendwatch.Subscription) error {
	switch do {
	case "pause":
		return s.o.Store.PauseSubscription(r.Context(), sub.ID)
	case "resume":
		return s.o.Store.ResumeSubscription(r.Context(), sub.ID)
	case "end":
		return s.o.Store.EndSubscription(r.Context(), sub.ID)
	case "often":
		sub.Frequency = sendwatch.Frequency(r.PostForm.Get("frequency"))
		if !knownFrequency(sub.Frequency) {
			return badRequest("Please choose how often you want to hear.")
		}
		return s.o.Store.EditSubscription(r.Context(), sub)
	}
	return badRequest("This page does not know that button.")
}

// changeSearch replaces the criteria by what the form says. Homes and the
// candidate stand in no form: they stay.
func (s *Site) changeSearch(r *http.Request, sub sendwatch.Subscription) error {
	req, err := ParseRequest(r.PostForm)
	if err != nil {
		return err
	}
	req.Criteria.Homes = sub.Criteria.Homes
	if req.Criteria.Near == "" {
		req.Criteria.WithinMiles = sub.Criteria.WithinMiles // it may speak of the homes
	}
	if err := s.searchable(r, req.Criteria); err != nil {
		return err
	}
	sub.Criteria = req.Criteria
	return s.o.Store.EditSubscription(r.Context(), sub)
}

func (s *Site) erase(w http.ResponseWriter, r *http.Request, person string) error {
	if r.PostForm.Get("sure") != "yes" {
		return s.showAlerts(w, r, http.StatusUnprocessableEntity, manageView{Error: "Please tick the box beside the button if you are sure: erasing cannot be undone."})
	}
	if err := s.o.Store.ErasePerson(r.Context(), person); err != nil {
		return err
	}
	s.o.Wake()
	return s.say(w, "Erased", message{
		Text: "Your address, your alerts and what we told you are erased. The links in our messages no longer work.", Next: "/", NextText: "Search the posts",
	})
}
