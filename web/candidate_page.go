package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/sendwatch/sendwatch/taxonomy"
)

// candidateView is the builder: the form, and what fits once something was said.
type candidateView struct {
	Profile profileForm
	// Fits is nil until something was said.
	Fits *fits
	// Keep is the address of the form that keeps the profile and watches for it.
	Keep string
	// Told is the profile in words.
	Told []string
}

// profileForm is a profile as its form shows it.
type profileForm struct {
	// Errors are the mistakes in it.
	Errors  []mistake
	typed   url.Values
	Groups  []holdGroup
	Radius  []option
	Lists   []group
	Towards []option
	Drives  bool
	// Lacking is what was said to be lacking, of kinds that are not complete.
	Lacking []option
}

// Wrong says what is wrong with a field; empty when nothing is.
func (f profileForm) Wrong(field string) string { return wrong(f.Errors, field) }

// Raw is what was typed into a field: a mistake stays to be mended.
func (f profileForm) Raw(field string) string { return f.typed.Get(field) }

// holdGroup is one kind of thing that a person may hold: what adverts ask for most
// stands first and is shown, the rest can be opened.
type holdGroup struct {
	Kind, Label, Hint string
	Years             bool
	Top, Rest         []holding
	RestOpen          bool
	Complete          bool
}

type holding struct {
	ID, Label, Years string
	Held             bool
}

// holdLabels are what the kinds are called on the form.
var holdLabels = map[string][2]string{
	kindQualification: {"Qualifications", "Tick what you hold. What is higher counts for what is lower."},
	kindTraining:      {"Training and certificates", "Tick what you hold, while it is valid."},
	kindExperience:    {"Experience", "In years: 0.5 for half a year, 0 for none."},
	kindLicence:       {"Licences", ""},
}

// topShown is how many of a kind are shown before the rest.
const topShown = 9

func (s *Site) candidatePage(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	p, err := parseProfile(q, s.o.Taxonomy)
	page, _ := strconv.Atoi(q.Get("page")) // what is no number is the first page
	v := candidateView{}
	var wrongs []mistake
	if err == nil && len(q) > 0 {
		var found fits
		if found, err = s.findFits(r.Context(), &p, page); err == nil {
			v.Fits, v.Told = &found, s.told(&p.c)
			keep := p.values()
			keep.Set("profile", "1")
			v.Keep = "/alerts/new?" + keep.Encode()
		}
	}
	status, title := http.StatusOK, "What fits me?"
	if err != nil {
		ue := s.publicError(r, err)
		if ue.status != http.StatusBadRequest {
			return err
		}
		status, title = ue.status, "Error: "+title
		wrongs = []mistake{{fieldOf(err), ue.text}}
	}
	if v.Profile, err = s.profileForm(r.Context(), &p); err != nil {
		return err
	}
	v.Profile.typed, v.Profile.Errors = q, wrongs
	return s.render(w, status, "candidate", view{Title: title, Data: v})
}

// profileForm lays a profile out as a form.
func (s *Site) profileForm(ctx context.Context, p *profile) (profileForm, error) {
	asked, err := s.asked.counts(ctx, s)
	if err != nil {
		return profileForm{}, err
	}
	f := profileForm{typed: p.values(), Drives: p.c.Drives, Radius: radii(p.c.RadiusMiles)}
	concepts := tested(s.o.Taxonomy)
	slices.SortStableFunc(concepts, func(a, b taxonomy.Concept) int { return asked[b.ID] - asked[a.ID] })
	for _, kind := range testedKinds {
		f.Groups = append(f.Groups, s.holdGroup(p, kind, concepts))
	}
	for i := range concepts {
		c := &concepts[i]
		if c.Kind == kindQualification && (asked[c.ID] > 0 && len(f.Towards) < topShown || slices.Contains(p.c.WorkingTowards, c.ID)) {
			f.Towards = append(f.Towards, option{Value: c.ID, Label: c.Label, Chosen: slices.Contains(p.c.WorkingTowards, c.ID)})
		}
		if slices.Contains(p.lacks, c.ID) && !slices.Contains(p.complete, c.Kind) {
			f.Lacking = append(f.Lacking, option{Value: c.ID, Label: c.Label})
		}
	}
	f.Lists = s.wishes(p)
	return f, nil
}

func (s *Site) holdGroup(p *profile, kind string, concepts []taxonomy.Concept) holdGroup {
	g := holdGroup{Kind: kind, Label: holdLabels[kind][0], Hint: holdLabels[kind][1], Years: kind == kindExperience, Complete: slices.Contains(p.complete, kind)}
	for i := range concepts {
		c := &concepts[i]
		if c.Kind != kind {
			continue
		}
		h := holding{ID: c.ID, Label: shortLabel(c), Held: slices.Contains(p.c.Holds, c.ID)}
		if years := p.years(c.ID); years != nil {
			h.Years, h.Held = number(*years), true
		} else if kind == kindExperience && slices.Contains(p.lacks, c.ID) {
			h.Years, h.Held = "0", true
		}
		if len(g.Top) < topShown {
			g.Top = append(g.Top, h)
			continue
		}
		g.Rest = append(g.Rest, h)
		g.RestOpen = g.RestOpen || h.Held
	}
	return g
}

// shortLabel leaves out of a label what the group's heading says.
func shortLabel(c *taxonomy.Concept) string {
	if c.Kind == kindExperience {
		for _, lead := range []string{"Experience with ", "Experience in ", "Experience of ", "Experience as "} {
			if rest, ok := strings.CutPrefix(c.Label, lead); ok {
				return upperFirst(rest)
			}
		}
	}
	return c.Label
}

// wishes are the lists of what a person wants and refuses.
func (s *Site) wishes(p *profile) []group {
	c := &p.c
	t := s.o.Taxonomy
	list := func(name, label, dimension string, offered, chosen []string) group {
		g := group{Name: name, Label: label}
		for _, id := range offered {
			g.Options = append(g.Options, option{Value: id, Label: s.label(dimension, id), Chosen: slices.Contains(chosen, id)})
		}
		return g
	}
	return []group{
		list("contract", "Contracts I would take (none ticked means any)", "contract", offeredContracts, c.Contracts),
		list("refuse", "I would not take", "duty", offeredRefusals, c.Refuses),
		list("not_setting", "Settings I would not work in", "setting", labelIDs(t.Settings()), c.SettingsRefused),
		list("phase", "Ages I would like best", "phase", labelIDs(t.Phases()), c.PhasesWanted),
		list("need", "Needs I would like best to work with", "need", labelIDs(t.Needs()), c.NeedsWanted),
	}
}

// radii offers distances from home, and any distance.
func radii(chosen *float64) []option {
	out := within(0)
	for i := range out {
		out[i].Chosen = false
	}
	if chosen != nil {
		out = within(*chosen)
	}
	return append([]option{{Label: "Any distance", Chosen: chosen == nil}}, out...)
}

// fieldOf is the field that a mistake is about; the top of the form when none is.
func fieldOf(err error) string {
	var fe fieldError
	switch {
	case errors.As(err, &fe) && fe.field != "near":
		return fe.field
	case errors.As(err, &fe):
		return "home" // the place that a search looks near
	}
	return "profile"
}
