package notifier

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	sendwatch "github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/matcher"
	"github.com/sendwatch/sendwatch/store"
)

// alertKey is the ledger's key.
type alertKey struct {
	person, vacancy string
	event           sendwatch.AlertEvent
}

// batch gathers the alerts of one Apply.
type batch struct {
	store  Ledger
	now    time.Time
	alerts map[alertKey]*sendwatch.Alert
}

// add owes what the hits on v deserve: `new` to whoever was not told of the post
// yet, and the given events of change to those who were.
func (b *batch) add(ctx context.Context, v *sendwatch.Vacancy, hits []matcher.Hit, changed []sendwatch.AlertEvent) error {
	told, err := b.store.Told(ctx, v.ID)
	if err != nil {
		return err
	}
	copies, err := b.copies(ctx, v)
	if err != nil {
		return err
	}
	for person, merged := range b.byPerson(v, hits) {
		_, known := told[person]
		if known {
			for _, event := range changed {
				b.owe(merged, event)
			}
		}
		// A row that is still owed takes the reasons of further subscriptions; the
		// ledger leaves one that was told as it is.
		if known || !b.toldOfCopy(person, v, copies) {
			b.owe(merged, sendwatch.EventNew)
		}
	}
	return nil
}

// advertCopy is a vacancy that may be the same job as another, and who knows of it.
type advertCopy struct {
	id     string
	agency bool
	told   map[string]store.Told
}

// copies are the vacancies that v is directly linked to.
func (b *batch) copies(ctx context.Context, v *sendwatch.Vacancy) ([]advertCopy, error) {
	if len(v.PossiblySame) == 0 {
		return nil, nil
	}
	linked, err := b.store.Vacancies(ctx, v.PossiblySame)
	if err != nil {
		return nil, err
	}
	var out []advertCopy
	for _, other := range linked {
		told, err := b.store.Told(ctx, other.ID)
		if err != nil {
			return nil, err
		}
		out = append(out, advertCopy{id: other.ID, agency: other.EmployerKind == sendwatch.EmployerAgency, told: told})
	}
	return out, nil
}

// toldOfCopy reports whether the person knows of the post through another
// advert, so that this one says nothing new. The employer's own advert does,
// once, to a person who knows only an agency's.
func (b *batch) toldOfCopy(person string, v *sendwatch.Vacancy, copies []advertCopy) bool {
	own := v.EmployerKind != sendwatch.EmployerAgency
	for _, c := range copies {
		_, told := c.told[person]
		_, owed := b.alerts[alertKey{person, c.id, sendwatch.EventNew}]
		if (told || owed) && (!own || !c.agency) {
			return true
		}
	}
	return false
}

// byPerson unites the hits of each person's subscriptions into one alert
// without an event: the best fit's score and sentence, the reasons of all, and
// the earliest hour.
func (b *batch) byPerson(v *sendwatch.Vacancy, hits []matcher.Hit) map[string]*sendwatch.Alert {
	slices.SortFunc(hits, func(x, y matcher.Hit) int {
		return cmp.Or(
			cmp.Compare(fitRank(x.Match.Fit), fitRank(y.Match.Fit)),
			cmp.Compare(y.Match.Score, x.Match.Score),
			strings.Compare(x.Subscription.ID, y.Subscription.ID),
		)
	})
	out := make(map[string]*sendwatch.Alert)
	for _, h := range hits {
		due := NextHour(h.Subscription.Frequency, b.now)
		a := out[h.Subscription.Person]
		if a == nil {
			a = &sendwatch.Alert{
				Person: h.Subscription.Person, Vacancy: v.ID,
				Fit: h.Match.Fit, Score: h.Match.Score, Why: h.Match.Why, Miles: h.Match.Miles, DueAt: due,
			}
			out[a.Person] = a
		}
		unite(a, &sendwatch.Alert{
			Reasons: h.Match.Reasons, Subscriptions: []string{h.Subscription.ID}, Miles: h.Match.Miles, DueAt: due,
		})
	}
	return out
}

// owe adds an alert for an event, or unites it with the one that is there.
func (b *batch) owe(a *sendwatch.Alert, event sendwatch.AlertEvent) {
	key := alertKey{a.Person, a.Vacancy, event}
	if there := b.alerts[key]; there != nil {
		if fitRank(a.Fit) < fitRank(there.Fit) || (a.Fit == there.Fit && a.Score > there.Score) {
			there.Fit, there.Score, there.Why = a.Fit, a.Score, a.Why
		}
		unite(there, a)
		return
	}
	owed := *a
	owed.Event = event
	owed.Reasons = slices.Clone(a.Reasons)
	owed.Subscriptions = slices.Clone(a.Subscriptions)
	b.alerts[key] = &owed
}

// unite adds reasons and subscriptions, and takes the nearer home and the
// earlier hour.
func unite(into, from *sendwatch.Alert) {
	for _, reason := range from.Reasons {
		if !slices.Contains(into.Reasons, reason) {
			into.Reasons = append(into.Reasons, reason)
		}
	}
	for _, id := range from.Subscriptions {
		if !slices.Contains(into.Subscriptions, id) {
			into.Subscriptions = append(into.Subscriptions, id)
		}
	}
	slices.Sort(into.Subscriptions)
	if from.Miles != nil && (into.Miles == nil || *from.Miles < *into.Miles) {
		into.Miles = from.Miles
	}
	if from.DueAt.Before(into.DueAt) {
		into.DueAt = from.DueAt
	}
}

// fitRank orders fits, best first.
func fitRank(f sendwatch.Fit) int {
	switch f {
	case sendwatch.FitStrong:
		return 0
	case sendwatch.FitPossible:
		return 1
	default:
		return 2
	}
}

// take gives the alerts gathered so far, in the ledger's order, and forgets them.
func (b *batch) take() []sendwatch.Alert {
	keys := slices.SortedFunc(maps.Keys(b.alerts), func(x, y alertKey) int {
		return cmp.Or(strings.Compare(x.person, y.person), strings.Compare(x.vacancy, y.vacancy),
			cmp.Compare(eventRank(x.event), eventRank(y.event)), strings.Compare(string(x.event), string(y.event)))
	})
	out := make([]sendwatch.Alert, 0, len(keys))
	for _, key := range keys {
		out = append(out, *b.alerts[key])
	}
	clear(b.alerts)
	return out
}
