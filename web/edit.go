package web

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/notifier"
)

// editView is the page on which everything that an alert looks for can be changed.
type editView struct {
	managed
	Groups []group
	// Profile is the candidate's form; nil for an alert without one.
	Profile *profileForm
	Back    string
	Errors  []mistake
	typed   url.Values
}

// Raw is what stands in a field, or what was typed into it.
func (v editView) Raw(field string) string { return v.typed.Get(field) }

// Wrong says what is wrong with a field; empty when nothing is.
func (v editView) Wrong(field string) string { return wrong(v.Errors, field) }

// own is the alert that a path names, if it is the person's whose link it is.
func (s *Site) own(r *http.Request) (sendwatch.Subscription, error) {
	who, err := s.person(r, notifier.PurposeManage)
	if err != nil {
		return sendwatch.Subscription{}, err
	}
	sub, err := s.o.Store.Subscription(r.Context(), r.PathValue("subscription"))
	switch {
	case err != nil:
		return sub, gone(err)
	case sub.Person != who.Person:
		return sub, errNotFound
	case sub.State == sendwatch.Ended:
		return sub, errGone
	}
	return sub, nil
}

func (s *Site) editPage(w http.ResponseWriter, r *http.Request) error {
	sub, err := s.own(r)
	if err != nil {
		return err
	}
	return s.edit(w, r, http.StatusOK, sub, editView{typed: Values(sub.Criteria, "")})
}

func (s *Site) edit(w http.ResponseWriter, r *http.Request, status int, sub sendwatch.Subscription, v editView) error {
	v.managed, v.Groups, v.Back = s.managed(sub), s.everyGroup(sub.Criteria), path(s.o.Links.Manage(sub.Person))
	if sub.Candidate != nil {
		p := profileOf(sub.Candidate, s.o.Taxonomy)
		form, err := s.profileForm(r.Context(), &p)
		if err != nil {
			return err
		}
		v.Profile = &form
		if len(v.Errors) > 0 && v.typed.Get("do") == "profile" {
			form.Errors, form.typed = v.Errors, v.typed
		}
	}
	title := "Change this alert"
	if len(v.Errors) > 0 {
		title = "Error: " + title
	}
	return s.render(w, status, "edit", view{Title: title, Data: v})
}

// saveEdit keeps what the page's forms say.
func (s *Site) saveEdit(w http.ResponseWriter, r *http.Request) error {
	sub, err := s.own(r)
	if err != nil {
		return err
	}
	if err := r.ParseForm(); err != nil {
		return formError(err)
	}
	before := sub
	done := "search"
	if r.PostForm.Get("do") == "profile" && sub.Candidate != nil {
		done, err = "profile", s.changeProfile(r, &sub)
	} else {
		err = s.changeSearch(r, sub)
	}
	if err != nil {
		ue := s.publicError(r, err)
		if ue.status != http.StatusBadRequest {
			return err
		}
		field := "search-form"
		if done == "profile" || fieldOf(err) != "profile" {
			field = fieldOf(err)
		}
		if done == "search" && field == "home" {
			field = "near"
		}
		return s.edit(w, r, http.StatusUnprocessableEntity, before, editView{Errors: []mistake{{field, ue.text}}, typed: r.PostForm})
	}
	s.o.Wake()
	s.toManage(w, r, sub.Person, done)
	return nil
}

// changeProfile replaces the candidate by what the form says. What stands in no form
// stays.
func (s *Site) changeProfile(r *http.Request, sub *sendwatch.Subscription) error {
	p, err := parseProfile(r.PostForm, s.o.Taxonomy)
	if err == nil && p.c.HomePostcode != "" {
		err = s.searchable(r, sendwatch.Criteria{Near: p.c.HomePostcode})
	}
	if err != nil {
		return err
	}
	old := sub.Candidate
	p.c.ID, p.c.Summary, p.c.DegreeSubjects, p.c.SettingsWanted = old.ID, old.Summary, old.DegreeSubjects, old.SettingsWanted
	for _, id := range old.Holds { // knowledge, checks and qualities, which the form does not ask
		if c, ok := s.o.Taxonomy.Concept(id); !ok || !slices.Contains(testedKinds, c.Kind) {
			p.c.Holds = append(p.c.Holds, id)
		}
	}
	for _, id := range old.Refuses {
		if !slices.Contains(offeredRefusals, id) {
			p.c.Refuses = append(p.c.Refuses, id)
		}
	}
	sub.Candidate = &p.c
	return s.o.Store.EditSubscription(r.Context(), *sub)
}

// everyGroup is every box that criteria can tick.
func (s *Site) everyGroup(c sendwatch.Criteria) []group {
	var out []group
	add := func(name, label string, ids, chosen []string) {
		g := group{Name: name, Label: label}
		dimension := name
		if name == "refuse" {
			dimension = "duty"
		}
		for _, id := range chosen {
			if !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
		for _, id := range ids {
			g.Options = append(g.Options, option{Value: id, Label: s.label(dimension, id), Chosen: slices.Contains(chosen, id)})
		}
		out = append(out, g)
	}
	every := s.vocabulary()
	for _, d := range dimensions {
		add(d.name, d.label, every[d.name], *d.list(&c))
	}
	add("refuse", "Leave out", offeredRefusals, c.Refuses)
	return out
}
