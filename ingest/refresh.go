package ingest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"slices"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/crawler"
	"github.com/sendwatch/sendwatch/normalise"
	"github.com/sendwatch/sendwatch/pay"
	"github.com/sendwatch/sendwatch/store"
	"github.com/sendwatch/sendwatch/taxonomy"
)

// refresh makes a vacancy anew of its postings and appends what changed about it,
// if a reader cares. joined says that its postings changed in number or state.
func (in *Ingest) refresh(ctx context.Context, tx *store.Tx, id string, joined bool, cause sendwatch.Cause) error {
	postings, err := tx.Postings(ctx, id)
	if err != nil {
		return err
	}
	old, err := tx.Vacancy(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		old, err = nil, nil
	}
	if err != nil {
		return err
	}
	return in.renew(ctx, tx, id, postings, old, joined, cause)
}

// renew is refresh of what was loaded: all postings of a vacancy, and the vacancy as
// it was, nil when there was none.
func (in *Ingest) renew(ctx context.Context, tx *store.Tx, id string, postings []*store.Posting, old *sendwatch.Vacancy, joined bool, cause sendwatch.Cause) error {
	v := in.vacancy(id, postings, old)
	event, fields, err := compare(old, v, joined)
	if err != nil {
		return err
	}
	if event != "" {
		cause = causeOf(event, joined, cause)
		v.ChangedAt = in.Now()
		if err := tx.Append(ctx, sendwatch.Change{Event: event, Vacancy: id, Fields: fields, Cause: cause}); err != nil {
			return err
		}
	}
	if err := tx.PutVacancy(ctx, v); err != nil {
		return err
	}
	if event == "" {
		return nil // what copies are told by is as it was
	}
	return relink(ctx, tx, v, keySigns(v))
}

// begin makes the vacancy of a posting that is the first of it, and whose signs these
// are.
func (in *Ingest) begin(ctx context.Context, tx *store.Tx, p *store.Posting, signs []string) error {
	v := in.vacancy(p.Vacancy, []*store.Posting{p}, nil)
	if v.State != sendwatch.VacancyOpen {
		signs = nil
	}
	if err := tx.Append(ctx, sendwatch.Change{Event: sendwatch.VacancyCreated, Vacancy: v.ID, Cause: sendwatch.CauseCrawl}); err != nil {
		return err
	}
	if err := tx.BeginVacancy(v); err != nil {
		return err
	}
	return relink(ctx, tx, v, signs)
}

// causeOf says whose doing an event is that a crawl or a copy led to: that a vacancy
// begins or closes is no copy's, and that it reads otherwise because one of several
// postings came or went is no advert's.
func causeOf(event sendwatch.Event, joined bool, cause sendwatch.Cause) sendwatch.Cause {
	switch {
	case cause == sendwatch.CauseCopy && (event == sendwatch.VacancyCreated || event == sendwatch.VacancyClosedEvent):
		return sendwatch.CauseCrawl
	case cause == sendwatch.CauseCrawl && event == sendwatch.VacancyChanged && joined:
		return sendwatch.CauseCopy
	}
	return cause
}

// vacancy merges the readings of the postings that are open. When none is, the
// reading stays what it was. What was asked away counts as not being there, unless
// there is nothing else: then the vacancy is removed.
func (in *Ingest) vacancy(id string, postings []*store.Posting, old *sendwatch.Vacancy) *sendwatch.Vacancy {
	now := in.Now()
	v := &sendwatch.Vacancy{ID: id, State: sendwatch.VacancyOpen, FirstSeen: now, ChangedAt: now}
	shown := slices.DeleteFunc(slices.Clone(postings), func(p *store.Posting) bool { return p.Removed != "" })
	open := slices.DeleteFunc(slices.Clone(shown), func(p *store.Posting) bool { return !p.Open })
	switch {
	case len(shown) == 0:
		v.State, v.ClosedAt, open = sendwatch.VacancyRemoved, &now, postings
	case len(open) == 0:
		v.State, v.ClosedAt, open = sendwatch.VacancyClosed, &now, shown
	}
	if old != nil {
		v.FirstSeen, v.ChangedAt, v.PossiblySame = old.FirstSeen, old.ChangedAt, old.PossiblySame
		if v.State != sendwatch.VacancyOpen && old.ClosedAt != nil {
			v.ClosedAt = old.ClosedAt
		}
	}
	for _, p := range postings {
		if p.FirstSeen.Before(v.FirstSeen) {
			v.FirstSeen = p.FirstSeen
		}
	}
	v.Reading = normalise.Merge(parts(open))
	return v
}

// parts ranks the readings of postings, best first.
func parts(postings []*store.Posting) []normalise.Part {
	out := make([]normalise.Part, len(postings))
	for i, p := range postings {
		out[i] = normalise.Part{Rank: rankOf(p), Reading: p.Reading}
	}
	slices.SortStableFunc(out, func(a, b normalise.Part) int { return int(a.Rank) - int(b.Rank) })
	return out
}

// rankOf says how near a posting's publisher is to the employer.
func rankOf(p *store.Posting) normalise.Rank {
	switch {
	case p.Kind == crawler.KindTeachingVacancies:
		return normalise.NationalService
	case p.Reading.EmployerKind == sendwatch.EmployerAgency:
		return normalise.Agency
	case p.Content.EmployerKind != sendwatch.EmployerUnknown:
		return normalise.OwnSite
	}
	return normalise.Board
}

// compare says what happened to a vacancy, and in which of its fields. The event is
// empty when nothing happened that a reader cares about.
func compare(old, v *sendwatch.Vacancy, joined bool) (sendwatch.Event, []string, error) {
	if old == nil {
		return sendwatch.VacancyCreated, nil, nil
	}
	fields, err := changed(&old.Reading, &v.Reading)
	if err != nil {
		return "", nil, err
	}
	if joined {
		fields = append(fields, "sightings")
	}
	if old.State != v.State {
		fields = append(fields, "state")
	}
	switch {
	case old.State != v.State && v.State == sendwatch.VacancyOpen:
		return sendwatch.VacancyReopened, fields, nil
	case old.State != v.State && old.State == sendwatch.VacancyOpen:
		return sendwatch.VacancyClosedEvent, fields, nil
	case len(fields) > 0:
		return sendwatch.VacancyChanged, fields, nil
	}
	return "", nil, nil
}

// changed names, as their JSON form does, the fields of a reading that differ and
// that a reader of the log cares about: what is matched, searched or shown in a
// list. Evidence, working and notes are not.
func changed(a, b *sendwatch.Reading) ([]string, error) {
	x, y := essence(a), essence(b)
	var out []string
	for i := range x {
		p, err := json.Marshal(x[i].value)
		if err != nil {
			return nil, err
		}
		q, err := json.Marshal(y[i].value)
		if err != nil {
			return nil, err
		}
		if !bytes.Equal(p, q) {
			out = append(out, x[i].name)
		}
	}
	return out, nil
}

type field struct {
	name  string
	value any
}

// essence is what readers of the log care about in a reading.
func essence(r *sendwatch.Reading) []field {
	offer := r.Pay // what is left of it beside the figures: hours, contract, dates, flags
	offer.Working, offer.Quoted, offer.Comparable, offer.UnknownPay = nil, nil, pay.Comparable{}, false
	asked := make([]taxonomy.Requirement, len(r.Requirements))
	for i, q := range r.Requirements {
		q.Evidence = ""
		asked[i] = q
	}
	return []field{
		{"title", r.Title},
		{"employer", []string{r.Employer, string(r.EmployerKind), r.EmployerURN}},
		{"school", r.School},
		{"location", r.Location},
		{"kind", r.Kind},
		{"scope", r.Scope},
		{"role", r.Role},
		{"needs", nonNil(r.Needs)},
		{"setting", r.Setting},
		{"phases", nonNil(r.Phases)},
		{"duties", nonNil(r.Duties)},
		{"requirements", asked},
		{"pay", []any{r.Pay.Comparable, r.Pay.Quoted, r.Pay.UnknownPay}},
		{"offer", offer},
		{"place", r.Place},
		{"closes_at", r.ClosesAt},
		{"text", nonNil(r.Terms)},
	}
}

// nonNil makes an absent list equal to an empty one.
func nonNil[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}
