package web

import (
	"fmt"
	"net/http"
	"net/mail"
	"net/url"
	"strings"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/notifier"
	"github.com/sendwatch/sendwatch/store"
)

// consentWording is what a person agrees to when they ask for an alert. A
// change of it is a new wording: what each person saw is kept with their consent.
const consentWording = "Email me the vacancies that match this search. I can change, pause or stop this at any time from any email."

// sameAnswer is what everybody sees after asking for an alert, so that nobody
// can learn whether an address is known here.
const sameAnswer = "Thank you. If that address can receive our messages, an email with a link is on its way: open it and confirm, and the alert begins. Nothing is sent before you confirm."

type alertForm struct {
	Asked       string
	Hidden      []option
	Email       string
	Frequencies []option
	Consent     string
	Error       string
}

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

// newAlert shows the form for a search that stands in the address.
func (s *Site) newAlert(w http.ResponseWriter, r *http.Request) error {
	req, err := ParseRequest(r.URL.Query())
	if err != nil {
		return err
	}
	return s.alertForm(w, http.StatusOK, req.Criteria, alertForm{Frequencies: frequencies(sendwatch.Daily)})
}

func (s *Site) alertForm(w http.ResponseWriter, status int, c sendwatch.Criteria, f alertForm) error {
	f.Asked, f.Hidden, f.Consent = s.o.Asked(c, nil), hidden(Values(c, "")), consentWording
	return s.render(w, status, "alert", view{Title: "Set an alert", Data: f})
}

func (s *Site) createAlert(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return badRequest("The form could not be read; please go back and try again.")
	}
	req, err := ParseRequest(r.PostForm)
	if err != nil {
		return err
	}
	f := alertForm{Email: strings.TrimSpace(r.PostForm.Get("email")), Frequencies: frequencies(sendwatch.Frequency(r.PostForm.Get("frequency")))}
	address, err := mail.ParseAddress(f.Email)
	freq := chosen(f.Frequencies)
	switch {
	case err != nil || len(f.Email) > 254 || !strings.Contains(f.Email, "@"):
		f.Error = "Please give an email address such as name@example.org."
	case freq == "":
		f.Error = "Please choose how often you want to hear."
	case r.PostForm.Get("consent") != "yes":
		f.Error = "Please tick the box: without your agreement we may not email you."
	}
	if f.Error != "" {
		return s.alertForm(w, http.StatusUnprocessableEntity, req.Criteria, f)
	}
	if _, err := s.o.Search.Search(r.Context(), probe(req)); err != nil {
		return searchError(err) // a place or a filter that nobody knows
	}
	_, err = s.o.Store.Subscribe(r.Context(), store.Signup{
		Email: address.Address, Frequency: sendwatch.Frequency(freq), Criteria: req.Criteria,
		Consent: store.Consent{Wording: consentWording, At: s.o.Now()},
	})
	if err != nil && !isSuppressed(err) {
		return fmt.Errorf("subscribe: %w", err)
	}
	s.o.Wake()
	return s.say(w, "Check your email", message{Text: sameAnswer, Next: "/", NextText: "Back to the search"})
}

func (s *Site) say(w http.ResponseWriter, title string, m message) error {
	return s.render(w, http.StatusOK, "message", view{Title: title, Data: m})
}

// tokenPage is a page behind a signed link with one button.
type tokenPage struct {
	Text, Button string
}

func (s *Site) confirmPage(w http.ResponseWriter, r *http.Request) error {
	if _, err := s.o.Links.Verify(notifier.PurposeConfirm, r.PathValue("token")); err != nil {
		return err
	}
	return s.render(w, http.StatusOK, "button", view{Title: "Confirm your alert", Data: tokenPage{
		Text: "Press the button and your alert begins. If you did not ask for it, close this page: nothing will be sent.", Button: "Start my alert",
	}})
}

func (s *Site) confirm(w http.ResponseWriter, r *http.Request) error {
	person, err := s.o.Links.Verify(notifier.PurposeConfirm, r.PathValue("token"))
	if err != nil {
		return err
	}
	if err := s.o.Store.Confirm(r.Context(), person); err != nil {
		return err
	}
	s.o.Wake()
	http.Redirect(w, r, path(s.o.Links.Manage(person)), http.StatusSeeOther)
	return nil
}

func (s *Site) unsubscribePage(w http.ResponseWriter, r *http.Request) error {
	if _, err := s.o.Links.Verify(notifier.PurposeUnsubscribe, r.PathValue("token")); err != nil {
		return err
	}
	return s.render(w, http.StatusOK, "button", view{Title: "Stop all emails", Data: tokenPage{
		Text: "Press the button and we stop writing to you at once. You can come back whenever you like.", Button: "Stop all emails",
	}})
}

// unsubscribe serves the button and the one-click POST of RFC 8058.
func (s *Site) unsubscribe(w http.ResponseWriter, r *http.Request) error {
	person, err := s.o.Links.Verify(notifier.PurposeUnsubscribe, r.PathValue("token"))
	if err != nil {
		return err
	}
	if err := s.o.Store.Unsubscribe(r.Context(), person); err != nil && !isGone(err) {
		return err
	}
	s.o.Wake()
	return s.say(w, "You will hear no more", message{Text: "All your alerts have ended, and messages that were waiting will not be sent. Good luck.", Next: "/", NextText: "Search the posts"})
}

func (s *Site) pausePage(w http.ResponseWriter, r *http.Request) error {
	id, err := s.o.Links.Verify(notifier.PurposePause, r.PathValue("token"))
	if err != nil {
		return err
	}
	sub, err := s.o.Store.Subscription(r.Context(), id)
	if err != nil {
		return err
	}
	return s.render(w, http.StatusOK, "button", view{Title: "Pause this alert", Data: tokenPage{
		Text: "Your alert for " + s.o.Asked(sub.Criteria, sub.Candidate) + " will wait until you start it again.", Button: "Pause this alert",
	}})
}

func (s *Site) pause(w http.ResponseWriter, r *http.Request) error {
	id, err := s.o.Links.Verify(notifier.PurposePause, r.PathValue("token"))
	if err != nil {
		return err
	}
	sub, err := s.o.Store.Subscription(r.Context(), id)
	if err != nil {
		return err
	}
	if err := s.o.Store.PauseSubscription(r.Context(), id); err != nil {
		return err
	}
	s.o.Wake()
	http.Redirect(w, r, path(s.o.Links.Manage(sub.Person)), http.StatusSeeOther)
	return nil
}

// manageView is a person's own page.
type manageView struct {
	Subscriptions []managed
	Unsubscribe   string
}

type managed struct {
	sendwatch.Subscription
	Asked       string
	Search      string
	Frequencies []option
}

func (s *Site) managePage(w http.ResponseWriter, r *http.Request) error {
	person, err := s.o.Links.Verify(notifier.PurposeManage, r.PathValue("token"))
	if err != nil {
		return err
	}
	subs, err := s.o.Store.PersonSubscriptions(r.Context(), person)
	if err != nil {
		return err
	}
	v := manageView{Unsubscribe: path(s.o.Links.Unsubscribe(person))}
	for _, sub := range subs {
		if sub.State == sendwatch.Ended {
			continue
		}
		v.Subscriptions = append(v.Subscriptions, managed{
			Subscription: sub, Asked: s.o.Asked(sub.Criteria, sub.Candidate),
			Search: "/?" + Values(sub.Criteria, "").Encode(), Frequencies: frequencies(sub.Frequency),
		})
	}
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Referrer-Policy", "no-referrer")
	return s.render(w, http.StatusOK, "manage", view{Title: "Your alerts", Data: v})
}

// manage does what a button of the manage page asks.
func (s *Site) manage(w http.ResponseWriter, r *http.Request) error {
	person, err := s.o.Links.Verify(notifier.PurposeManage, r.PathValue("token"))
	if err != nil {
		return err
	}
	if err := r.ParseForm(); err != nil {
		return badRequest("The form could not be read; please go back and try again.")
	}
	if r.PostForm.Get("do") == "erase" {
		return s.erase(w, r, person)
	}
	sub, err := s.o.Store.Subscription(r.Context(), r.PostForm.Get("subscription"))
	if err != nil {
		return err
	}
	if sub.Person != person {
		return errNotFound // somebody else's alert is no alert of this page
	}
	if err := s.change(r, sub); err != nil {
		return err
	}
	s.o.Wake()
	http.Redirect(w, r, r.URL.Path, http.StatusSeeOther)
	return nil
}

func (s *Site) change(r *http.Request, sub sendwatch.Subscription) error {
	switch r.PostForm.Get("do") {
	case "pause":
		return s.o.Store.PauseSubscription(r.Context(), sub.ID)
	case "resume":
		return s.o.Store.ResumeSubscription(r.Context(), sub.ID)
	case "end":
		return s.o.Store.EndSubscription(r.Context(), sub.ID)
	case "often":
		freq := chosen(frequencies(sendwatch.Frequency(r.PostForm.Get("frequency"))))
		if freq == "" {
			return badRequest("Please choose how often you want to hear.")
		}
		sub.Frequency = sendwatch.Frequency(freq)
		return s.o.Store.EditSubscription(r.Context(), sub)
	}
	return badRequest("This page does not know that button.")
}

func (s *Site) erase(w http.ResponseWriter, r *http.Request, person string) error {
	if r.PostForm.Get("sure") != "yes" {
		return badRequest("Please tick the box beside the button if you are sure: erasing cannot be undone.")
	}
	if err := s.o.Store.ErasePerson(r.Context(), person); err != nil {
		return err
	}
	s.o.Wake()
	return s.say(w, "Erased", message{Text: "Your address and your alerts are erased. The links in our messages no longer work.", Next: "/", NextText: "Search the posts"})
}

func chosen(options []option) string {
	for _, o := range options {
		if o.Chosen {
			return o.Value
		}
	}
	return ""
}

// path is an absolute address's path: pages link within the site they are on.
func path(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "/"
	}
	return u.RequestURI()
}
