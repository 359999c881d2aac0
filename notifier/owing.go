package notifier

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	sendwatch "github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/changelog"
	"github.com/sendwatch/sendwatch/matcher"
	"github.com/sendwatch/sendwatch/store"
)

// readerName is the name under which the store keeps Owing's cursor.
const readerName = "match"

// Page sizes for reading the store.
const (
	subscriptionPage = 1000
	vacancyPage      = 500
	changePage       = 1000
)

// mostReplay is how many changes another process may have applied before it is
// cheaper to read every subscription anew than to follow what it did.
const mostReplay = 20_000

// mostHeld is how many alerts wait in memory before they are written.
const mostHeld = 2000

// OwingOptions configures an Owing.
type OwingOptions struct {
	Store   Ledger
	Matcher *matcher.Matcher
	Now     func() time.Time
	Log     *slog.Logger
}

// Owing is the change log's reader "match": it turns changes into alerts. It
// holds every active subscription in a percolator. Several processes may run
// one each on one store: the cursor lets each batch be applied once, and each
// Owing follows the subscriptions that change in batches applied elsewhere.
type Owing struct {
	o  OwingOptions
	mu sync.Mutex
	// held are the active subscriptions, as of change seen or later.
	held   *matcher.Percolator
	seen   int64
	loaded bool
}

// NewOwing makes an Owing that holds no subscription yet: the first Apply loads
// them, or Load before it.
func NewOwing(o OwingOptions) *Owing {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Owing{o: o}
}

var _ changelog.Reader = (*Owing)(nil)

// Name is "match".
func (w *Owing) Name() string { return readerName }

// Cursor is the number of the last change applied, by whatever process.
func (w *Owing) Cursor(ctx context.Context) (int64, error) {
	return w.o.Store.Cursor(ctx, readerName)
}

// Load fills the percolator from the active subscriptions.
func (w *Owing) Load(ctx context.Context) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.load(ctx)
}

func (w *Owing) load(ctx context.Context) error {
	// The cursor is read first: what changes meanwhile is met again as a change,
	// and to put a subscription twice is harmless.
	cursor, err := w.o.Store.Cursor(ctx, readerName)
	if err != nil {
		return fmt.Errorf("load subscriptions: %w", err)
	}
	held := matcher.NewPercolator(w.o.Matcher)
	for after := ""; ; {
		page, err := w.o.Store.Subscriptions(ctx, after, subscriptionPage)
		if err != nil {
			return fmt.Errorf("load subscriptions: %w", err)
		}
		for i := range page {
			w.put(held, &page[i])
			after = page[i].ID
		}
		if len(page) < subscriptionPage {
			break
		}
	}
	w.held, w.seen, w.loaded = held, cursor, true
	w.o.Log.Debug("subscriptions loaded", "held", held.Len(), "cursor", cursor)
	return nil
}

// put holds a subscription; one that cannot be understood is left out, loudly:
// it must not stop the others.
func (w *Owing) put(held *matcher.Percolator, s *sendwatch.Subscription) bool {
	if s.State != sendwatch.Active {
		held.Remove(s.ID)
		return false
	}
	if err := held.Put(s); err != nil {
		held.Remove(s.ID)
		w.o.Log.Warn("subscription cannot be matched", "subscription", s.ID, "person", s.Person, "err", err)
		return false
	}
	return true
}

// Apply owes what follows from changes and moves the cursor, in one transaction
// of the store. It returns changelog.ErrCursorMoved when another process was
// first.
func (w *Owing) Apply(ctx context.Context, from int64, changes []sendwatch.Change) error {
	if len(changes) == 0 {
		return nil
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.catchUp(ctx, from); err != nil {
		return err
	}
	b := &batch{store: w.o.Store, now: w.o.Now(), alerts: make(map[alertKey]*sendwatch.Alert)}
	fresh, err := w.follow(ctx, changes)
	if err != nil {
		return fmt.Errorf("owe: %w", err)
	}
	if err := w.vacancies(ctx, b, changes); err != nil {
		return fmt.Errorf("owe: %w", err)
	}
	if fresh.Len() > 0 {
		if err := w.backlog(ctx, b, fresh, from); err != nil {
			return fmt.Errorf("owe: %w", err)
		}
	}
	to := changes[len(changes)-1].Seq
	if err := w.owe(ctx, b, from, to); err != nil {
		return err
	}
	w.seen = to
	return nil
}

// owe writes what the batch holds and moves the cursor. With from equal to to
// it only writes: the ledger's key makes it harmless to write the same again.
func (w *Owing) owe(ctx context.Context, b *batch, from, to int64) error {
	alerts := b.take()
	err := w.o.Store.Owe(ctx, store.Owed{Reader: readerName, From: from, To: to, Alerts: alerts})
	if errors.Is(err, store.ErrCursorMoved) {
		err = changelog.ErrCursorMoved
	}
	if err != nil {
		return fmt.Errorf("owe changes %d to %d: %w", from, to, err)
	}
	if len(alerts) > 0 {
		w.o.Log.Info("alerts owed", "alerts", len(alerts), "cursor", to)
	}
	return nil
}

// catchUp brings the percolator to change from, where other processes may have
// brought the cursor.
func (w *Owing) catchUp(ctx context.Context, from int64) error {
	if !w.loaded || from < w.seen || from-w.seen > mostReplay {
		return w.load(ctx)
	}
	for w.seen < from {
		page, err := w.o.Store.Changes(ctx, w.seen, changePage)
		if err != nil {
			return fmt.Errorf("follow subscriptions: %w", err)
		}
		page = slices.DeleteFunc(page, func(c sendwatch.Change) bool { return c.Seq > from })
		if len(page) == 0 {
			return w.load(ctx) // the log no longer reaches back so far
		}
		if _, err := w.follow(ctx, page); err != nil {
			return fmt.Errorf("follow subscriptions: %w", err)
		}
		w.seen = page[len(page)-1].Seq
	}
	return nil
}

// follow applies the subscription changes to the percolator, and gives a
// percolator of those that began or changed: they are matched against what is
// already live.
func (w *Owing) follow(ctx context.Context, changes []sendwatch.Change) (*matcher.Percolator, error) {
	fresh := matcher.NewPercolator(w.o.Matcher)
	done := make(map[string]bool)
	for _, c := range changes {
		if c.Subscription == "" || done[c.Subscription] {
			continue
		}
		done[c.Subscription] = true
		s, err := w.o.Store.Subscription(ctx, c.Subscription)
		if errors.Is(err, store.ErrNotFound) {
			w.held.Remove(c.Subscription)
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("subscription %s: %w", c.Subscription, err)
		}
		if w.put(w.held, &s) {
			w.put(fresh, &s)
		}
	}
	return fresh, nil
}

// vacancies matches what was crawled against every subscription.
func (w *Owing) vacancies(ctx context.Context, b *batch, changes []sendwatch.Change) error {
	crawled := make(map[string]map[string]bool) // vacancy to changed fields
	var ids []string
	for _, c := range changes {
		if !crawlNews(c) {
			continue
		}
		if crawled[c.Vacancy] == nil {
			crawled[c.Vacancy] = make(map[string]bool)
			ids = append(ids, c.Vacancy)
		}
		if c.Cause == sendwatch.CauseCrawl && c.Event != sendwatch.VacancyCreated {
			for _, field := range c.Fields {
				crawled[c.Vacancy][field] = true
			}
		}
	}
	for page := range slices.Chunk(ids, vacancyPage) {
		found, err := w.o.Store.Vacancies(ctx, page)
		if err != nil {
			return err
		}
		slices.SortFunc(found, ownAdvertsFirst)
		for _, v := range found {
			hits := w.percolate(w.held, v)
			if len(hits) == 0 {
				continue
			}
			if err := b.add(ctx, v, hits, changedEvents(v, crawled[v.ID])); err != nil {
				return fmt.Errorf("vacancy %s: %w", v.ID, err)
			}
		}
	}
	return nil
}

// crawlNews reports whether a change may be news to somebody: a crawl's or a
// copy's, of a vacancy that began, changed or came back. Which fields changed is
// news only when an advert itself was changed: also when it comes back so, as one does
// whose closing date was moved after it had passed.
func crawlNews(c sendwatch.Change) bool {
	if c.Vacancy == "" || (c.Cause != sendwatch.CauseCrawl && c.Cause != sendwatch.CauseCopy) {
		return false
	}
	switch c.Event {
	case sendwatch.VacancyCreated, sendwatch.VacancyChanged, sendwatch.VacancyReopened:
		return true
	default:
		return false
	}
}

// ownAdvertsFirst orders employers' own adverts before agencies', so that of a
// post and its copy in one batch the employer's own is told.
func ownAdvertsFirst(a, b *sendwatch.Vacancy) int {
	agency := func(v *sendwatch.Vacancy) int {
		if v.EmployerKind == sendwatch.EmployerAgency {
			return 1
		}
		return 0
	}
	if d := agency(a) - agency(b); d != 0 {
		return d
	}
	return strings.Compare(a.ID, b.ID)
}

// backlog matches fresh subscriptions against every live vacancy. What they are
// owed is written as it grows, so that a search for everything fits in memory.
func (w *Owing) backlog(ctx context.Context, b *batch, fresh *matcher.Percolator, from int64) error {
	for after := ""; ; {
		page, err := w.o.Store.OpenVacancies(ctx, after, vacancyPage)
		if err != nil {
			return err
		}
		if len(page) == 0 {
			return nil
		}
		after = page[len(page)-1].ID
		slices.SortFunc(page, ownAdvertsFirst)
		for _, v := range page {
			if hits := w.percolate(fresh, v); len(hits) > 0 {
				if err := b.add(ctx, v, hits, nil); err != nil {
					return fmt.Errorf("vacancy %s: %w", v.ID, err)
				}
			}
		}
		if len(b.alerts) >= mostHeld {
			if err := w.owe(ctx, b, from, from); err != nil {
				return err
			}
		}
	}
}

// percolate gives the hits that are told: strong and possible fits, strong only
// where that was asked.
func (w *Owing) percolate(held *matcher.Percolator, v *sendwatch.Vacancy) []matcher.Hit {
	if !v.Announceable() || closedBy(v, w.o.Now()) {
		return nil
	}
	return slices.DeleteFunc(held.Percolate(v), func(h matcher.Hit) bool {
		switch h.Match.Fit {
		case sendwatch.FitStrong:
			return false
		case sendwatch.FitPossible:
			return h.Subscription.Criteria.StrongOnly
		default:
			return true
		}
	})
}
