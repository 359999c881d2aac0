package web

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"time"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/notifier"
	"github.com/sendwatch/sendwatch/store"
)

// sentShown is how many of the posts that a person was told of are listed.
const sentShown = 50

// sentPost is a post that a person was told of, and why.
type sentPost struct {
	At       time.Time
	Why      string
	Vacancy  string // its id
	Title    string
	Employer string
	// Removed says that the advert was asked away since.
	Removed bool
}

// sent lists what a person was told of, latest first, and counts what came before.
func (s *Site) sent(ctx context.Context, person string) (out []sentPost, before int, err error) {
	data, err := s.o.Store.ExportPerson(ctx, person)
	if err != nil {
		return nil, 0, gone(err)
	}
	alerts := slices.DeleteFunc(data.Alerts, func(a store.PersonAlert) bool { return a.ToldAt == nil })
	slices.SortStableFunc(alerts, func(a, b store.PersonAlert) int { return b.ToldAt.Compare(*a.ToldAt) })
	before = max(0, len(alerts)-sentShown)
	alerts = alerts[:len(alerts)-before]
	ids := make([]string, len(alerts))
	for i := range alerts {
		ids[i] = alerts[i].Vacancy
	}
	vs, err := s.o.Store.Vacancies(ctx, ids)
	if err != nil {
		return nil, 0, err
	}
	byID := make(map[string]*sendwatch.Vacancy, len(vs))
	for _, v := range vs {
		byID[v.ID] = v
	}
	for i := range alerts {
		t := sentPost{At: *alerts[i].ToldAt, Why: alerts[i].Why, Vacancy: alerts[i].Vacancy, Removed: true}
		if v := byID[t.Vacancy]; v != nil && v.State != sendwatch.VacancyRemoved {
			t.Title, t.Employer, t.Removed = v.Title, v.Employer, false
		}
		out = append(out, t)
	}
	return out, before, nil
}

// exportPerson gives a person everything that is kept about them, as a file.
func (s *Site) exportPerson(w http.ResponseWriter, r *http.Request) error {
	who, err := s.person(r, notifier.PurposeManage)
	if err != nil {
		return err
	}
	data, err := s.o.Store.ExportPerson(r.Context(), who.Person)
	if err != nil {
		return gone(err)
	}
	b, err := json.MarshalIndent(data, "", "  ")
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Disposition", `attachment; filename="sendwatch-my-data.json"`)
	_, _ = w.Write(append(b, '\n')) // the reader has gone when this fails
	return nil
}
