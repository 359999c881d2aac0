package web

import (
	"errors"
	"net/http"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/notifier"
	"github.com/sendwatch/sendwatch/store"
)

// buttonPage is a page behind a signed link with one button. To open it changes
// nothing: mail scanners open every link they see.
type buttonPage struct {
	// Text says what the button does, and Asked to what.
	Text, Button string
	Asked        []string
}

func (s *Site) button(w http.ResponseWriter, title string, p buttonPage) error {
	return s.render(w, http.StatusOK, "button", view{Title: title, Data: p})
}

// person is who a token was signed for, while they are known and have not left.
func (s *Site) person(r *http.Request, p notifier.Purpose) (store.Subscriber, error) {
	id, err := s.o.Links.Verify(p, r.PathValue("token"))
	if err != nil {
		return store.Subscriber{}, err
	}
	who, err := s.o.Store.Subscriber(r.Context(), id)
	return who, gone(err)
}

func (s *Site) confirmPage(w http.ResponseWriter, r *http.Request) error {
	who, err := s.person(r, notifier.PurposeConfirm)
	if err != nil {
		return err
	}
	if who.UnsubscribedAt != nil {
		return errGone
	}
	subs, err := s.o.Store.PersonSubscriptions(r.Context(), who.Person)
	if err != nil {
		return err
	}
	p := buttonPage{Text: "Press the button, and emails about this begin. If you did not ask for it, close this page: nothing will be sent.", Button: "Start my alert"}
	for _, sub := range subs {
		if sub.State == sendwatch.Unconfirmed {
			p.Asked = append(p.Asked, s.o.Asked(sub.Criteria, sub.Candidate))
		}
	}
	if len(p.Asked) == 0 {
		return s.say(w, "Nothing to confirm", message{
			Text: "Everything you asked for is confirmed already, or was stopped since.", Next: path(s.o.Links.Manage(who.Person)), NextText: "See your alerts",
		})
	}
	return s.button(w, "Confirm your alert", p)
}

func (s *Site) confirm(w http.ResponseWriter, r *http.Request) error {
	who, err := s.person(r, notifier.PurposeConfirm)
	if err != nil {
		return err
	}
	if err := s.o.Store.Confirm(r.Context(), who.Person); err != nil {
		return gone(err)
	}
	s.o.Wake()
	s.toManage(w, r, who.Person, "confirmed")
	return nil
}

func (s *Site) unsubscribePage(w http.ResponseWriter, r *http.Request) error {
	if _, err := s.o.Links.Verify(notifier.PurposeUnsubscribe, r.PathValue("token")); err != nil {
		return err
	}
	return s.button(w, "Stop all emails", buttonPage{
		Text: "Press the button and we stop writing to you at once. You can come back whenever you like.", Button: "Stop all emails",
	})
}

// unsubscribe serves the button and the one-click POST of RFC 8058. It is the
// same for whoever has left or was erased before: a second click is no mistake.
func (s *Site) unsubscribe(w http.ResponseWriter, r *http.Request) error {
	person, err := s.o.Links.Verify(notifier.PurposeUnsubscribe, r.PathValue("token"))
	if err != nil {
		return err
	}
	if err := s.o.Store.Unsubscribe(r.Context(), person); err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	s.o.Wake()
	return s.say(w, "You will hear no more", message{
		Text: "All your alerts have ended, and messages that were waiting will not be sent. Good luck.", Next: "/", NextText: "Search the posts",
	})
}

// paused is the subscription of a pause link.
func (s *Site) paused(r *http.Request) (sendwatch.Subscription, error) {
	id, err := s.o.Links.Verify(notifier.PurposePause, r.PathValue("token"))
	if err != nil {
		return sendwatch.Subscription{}, err
	}
	sub, err := s.o.Store.Subscription(r.Context(), id)
	if err == nil && sub.State == sendwatch.Ended {
		err = errGone
	}
	return sub, gone(err)
}

func (s *Site) pausePage(w http.ResponseWriter, r *http.Request) error {
	sub, err := s.paused(r)
	if err != nil {
		return err
	}
	if sub.State != sendwatch.Active {
		return s.say(w, "Not running", message{
			Text: "This alert does not run at the moment, so there is nothing to pause.", Next: path(s.o.Links.Manage(sub.Person)), NextText: "See your alerts",
		})
	}
	return s.button(w, "Pause this alert", buttonPage{
		Text: "Press the button and this alert waits until you start it again. Your other alerts go on.", Button: "Pause this alert",
		Asked: []string{s.o.Asked(sub.Criteria, sub.Candidate)},
	})
}

func (s *Site) pause(w http.ResponseWriter, r *http.Request) error {
	sub, err := s.paused(r)
	if err != nil {
		return err
	}
	if err := s.o.Store.PauseSubscription(r.Context(), sub.ID); err != nil {
		return gone(err)
	}
	s.o.Wake()
	s.toManage(w, r, sub.Person, "pause")
	return nil
}

// toManage goes on to a person's own page, which says what was done.
func (s *Site) toManage(w http.ResponseWriter, r *http.Request, person, done string) {
	http.Redirect(w, r, path(s.o.Links.Manage(person))+"?done="+done, http.StatusSeeOther)
}
