package notifier

import (
	"context"
	"slices"
	"time"

	sendwatch "github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/notifier/email"
)

// compose renders a digest as things stand now: vacancies that closed since it
// was frozen are counted and left out. It returns email.ErrEmpty when none is
// left.
func (d *Dispatcher) compose(ctx context.Context, g *sendwatch.Digest, to string) (*email.Message, error) {
	found, err := d.o.Store.Vacancies(ctx, vacancyIDs(g.Alerts))
	if err != nil {
		return nil, err
	}
	byID := make(map[string]*sendwatch.Vacancy, len(found))
	for _, v := range found {
		byID[v.ID] = v
		for _, alias := range v.Aliases {
			byID[alias] = v
		}
	}
	message := email.Digest{
		MessageID: g.MessageID, To: to,
		Manage: d.o.Links.Manage(g.Person), Unsubscribe: d.o.Links.Unsubscribe(g.Person),
	}
	entries := make(map[string]*email.Entry)
	var order []string
	closed := make(map[string]bool)
	for i := range g.Alerts {
		a := &g.Alerts[i]
		v := byID[a.Vacancy]
		if v == nil || !v.Announceable() || closedBy(v, d.o.Now()) {
			if a.Event == sendwatch.EventNew {
				closed[a.Vacancy] = true
			}
			continue
		}
		e := entries[v.ID]
		if e == nil {
			e = &email.Entry{Vacancy: v, URL: d.o.Links.Vacancy(v.ID), Fit: a.Fit, Score: a.Score, Why: a.Why, Miles: a.Miles}
			entries[v.ID] = e
			order = append(order, v.ID)
		}
		addAlert(e, a)
	}
	for _, id := range order {
		e := entries[id]
		if e.OwnAdvert, err = d.ownAdvert(ctx, g.Person, e, entries); err != nil {
			return nil, err
		}
		message.Entries = append(message.Entries, *e)
	}
	message.Closed = len(closed)
	if message.Pauses, err = d.pauses(ctx, g); err != nil {
		return nil, err
	}
	return d.o.Renderer.Digest(message)
}

// vacancyIDs lists the vacancies of alerts, each once.
func vacancyIDs(alerts []sendwatch.Alert) []string {
	var ids []string
	for _, a := range alerts {
		ids = append(ids, a.Vacancy)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// addAlert adds an event, and the reasons and better fit that it was owed for.
func addAlert(e *email.Entry, a *sendwatch.Alert) {
	if !slices.Contains(e.Events, a.Event) {
		e.Events = append(e.Events, a.Event)
	}
	slices.SortStableFunc(e.Events, func(x, y sendwatch.AlertEvent) int { return eventRank(x) - eventRank(y) })
	if fitRank(a.Fit) < fitRank(e.Fit) {
		e.Fit, e.Score, e.Why, e.Miles = a.Fit, a.Score, a.Why, a.Miles
	}
	for _, reason := range a.Reasons {
		if !slices.Contains(e.Reasons, reason) {
			e.Reasons = append(e.Reasons, reason)
		}
	}
}

// ownAdvert reports whether an entry is the employer's own advert of a post that
// the person was told of through an agency before, and not in this message.
func (d *Dispatcher) ownAdvert(ctx context.Context, person string, e *email.Entry, entries map[string]*email.Entry) (bool, error) {
	v := e.Vacancy
	if v.EmployerKind == sendwatch.EmployerAgency || len(v.PossiblySame) == 0 || !slices.Contains(e.Events, sendwatch.EventNew) {
		return false, nil
	}
	linked, err := d.o.Store.Vacancies(ctx, v.PossiblySame)
	if err != nil {
		return false, err
	}
	for _, other := range linked {
		if other.EmployerKind != sendwatch.EmployerAgency || entries[other.ID] != nil {
			continue
		}
		events, err := d.o.Store.LedgerEvents(ctx, person, other.ID)
		if err != nil {
			return false, err
		}
		if slices.Contains(events, sendwatch.EventNew) {
			return true, nil
		}
	}
	return false, nil
}

// pauses names each subscription that the digest answers, with a link to pause it
// while there is something to pause.
func (d *Dispatcher) pauses(ctx context.Context, g *sendwatch.Digest) ([]email.Pause, error) {
	subscriptions, err := d.o.Store.PersonSubscriptions(ctx, g.Person)
	if err != nil {
		return nil, err
	}
	answered := make(map[string]bool)
	for _, a := range g.Alerts {
		for _, id := range a.Subscriptions {
			answered[id] = true
		}
	}
	var out []email.Pause
	for _, s := range subscriptions {
		if !answered[s.ID] {
			continue
		}
		p := email.Pause{Asked: d.o.Renderer.Asked(s.Criteria, s.Candidate)}
		if s.State == sendwatch.Active {
			p.URL = d.o.Links.Pause(s.ID)
		}
		out = append(out, p)
	}
	return out, nil
}

// closedBy reports whether the closing date is past: nobody is sent to a post
// that takes no more applications, whatever the last crawl saw.
func closedBy(v *sendwatch.Vacancy, now time.Time) bool {
	return v.ClosesAt != nil && !v.ClosesAt.After(now)
}
