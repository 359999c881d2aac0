package notifier

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	sendwatch "github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/changelog"
	"github.com/sendwatch/sendwatch/internal/jobsite/mailsink"
	"github.com/sendwatch/sendwatch/matcher"
	"github.com/sendwatch/sendwatch/notifier/email"
	"github.com/sendwatch/sendwatch/pay"
	"github.com/sendwatch/sendwatch/place"
	"github.com/sendwatch/sendwatch/store"
	"github.com/sendwatch/sendwatch/taxonomy"
	"github.com/sendwatch/sendwatch/terms"
)

var _ Store = (*store.Store)(nil)

// loadMatcher reads the configuration that ships, once.
var loadMatcher = sync.OnceValues(func() (*matcher.Matcher, error) {
	configs := os.DirFS("../configs")
	t, err := taxonomy.Load(configs)
	if err != nil {
		return nil, err
	}
	g, err := place.Load(configs)
	if err != nil {
		return nil, err
	}
	a, err := terms.Load(configs)
	if err != nil {
		return nil, err
	}
	return matcher.New(matcher.Options{Taxonomy: t, Gazetteer: g, Terms: a}), nil
})

// world is a store with people, vacancies, a matcher and a mail sink, at a
// moment that tests move: Friday 20 November 2026, noon.
type world struct {
	t       *testing.T
	store   *store.Store
	matcher *matcher.Matcher
	owing   *Owing
	sink    *mailsink.Sink
	sender  *email.Sender
	log     bytes.Buffer

	mu  sync.Mutex
	at  time.Time
	ids int
	// answer is the sink's Answer of the moment.
	answer func(step mailsink.Step, to string) error
}

func newWorld(t *testing.T) *world {
	t.Helper()
	m, err := loadMatcher()
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, matcher: m, at: time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)}
	w.store, err = store.Open(t.Context(), store.Options{
		Path: filepath.Join(t.TempDir(), "test.db"), Now: w.now, NewID: w.newID, MailHost: "sendwatch.example",
	})
	if err != nil {
		t.Fatal(err)
	}
	w.sink, err = mailsink.Start(mailsink.Options{Now: w.now, Answer: func(step mailsink.Step, to string) error {
		w.mu.Lock()
		answer := w.answer
		w.mu.Unlock()
		if answer == nil {
			return nil
		}
		return answer(step, to)
	}})
	if err != nil {
		t.Fatal(err)
	}
	w.sender, err = email.NewSender(email.SMTPOptions{Host: "127.0.0.1", Port: w.sink.Port(), TLS: email.TLSNone, LoopbackOnly: true, Timeout: 10 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	w.owing = w.newOwing()
	t.Cleanup(func() {
		w.sender.CloseIdle()
		if err := w.sink.Close(); err != nil {
			t.Error(err)
		}
		if err := w.store.Close(); err != nil {
			t.Error(err)
		}
		if strings.Contains(w.log.String(), "person.example") {
			t.Errorf("an address reached the log:\n%s", w.log.String())
		}
	})
	return w
}

func (w *world) now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.at
}

func (w *world) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.at = w.at.Add(d)
}

func (w *world) newID() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ids++
	return fmt.Sprintf("id-%04d", w.ids)
}

func (w *world) setAnswer(answer func(mailsink.Step, string) error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.answer = answer
}

func (w *world) logger() *slog.Logger {
	return slog.New(slog.NewTextHandler(&w.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

func (w *world) newOwing() *Owing {
	return NewOwing(OwingOptions{Store: w.store, Matcher: w.matcher, Now: w.now, Log: w.logger()})
}

func (w *world) dispatcher(change func(*DispatcherOptions)) *Dispatcher {
	w.t.Helper()
	r, err := email.NewRenderer(email.Options{From: "Sendwatch <alerts@sendwatch.example>", Site: "https://sendwatch.example", Now: w.now})
	if err != nil {
		w.t.Fatal(err)
	}
	o := DispatcherOptions{Store: w.store, Renderer: r, Sender: w.sender, Links: testLinks, Now: w.now, Log: w.logger(), Workers: 1}
	if change != nil {
		change(&o)
	}
	return NewDispatcher(o)
}

// subscribe adds a confirmed instant subscription, unless changed, for
// name@person.example.
func (w *world) subscribe(name string, change func(*store.Signup)) sendwatch.Subscription {
	w.t.Helper()
	in := store.Signup{
		Email: name + "@person.example", Frequency: sendwatch.Instant,
		Consent: store.Consent{Wording: "yes, write to me", At: w.now()}, Confirmed: true,
	}
	if change != nil {
		change(&in)
	}
	s, err := w.store.Subscribe(w.t.Context(), in)
	if err != nil {
		w.t.Fatal(err)
	}
	return s
}

// vacancy is an open post in scope; a test may change it before it is written.
func vacancy(id string) *sendwatch.Vacancy {
	return &sendwatch.Vacancy{
		ID: id, State: sendwatch.VacancyOpen,
		Reading: sendwatch.Reading{
			Title: "SEMH Teaching Assistant " + id, Employer: "Oak Lane School", EmployerKind: sendwatch.EmployerSchool,
			Location: "Wokingham", Kind: sendwatch.KindVacancy, Scope: sendwatch.ScopeIn, Role: "semh-ta", Needs: []string{"semh"},
			Pay: pay.Offer{Comparable: pay.Comparable{ActualAnnual: figure(18412, 19033)}},
		},
	}
}

func figure(min, max float64) *pay.Figure {
	return &pay.Figure{Min: &min, Max: &max, How: "derived"}
}

// write puts vacancies and says in the log that a crawl did.
func (w *world) write(event sendwatch.Event, vs ...*sendwatch.Vacancy) {
	w.t.Helper()
	w.change(sendwatch.Change{Event: event, Cause: sendwatch.CauseCrawl}, vs...)
}

func (w *world) change(c sendwatch.Change, vs ...*sendwatch.Vacancy) {
	w.t.Helper()
	ctx := w.t.Context()
	for _, v := range vs {
		if v.FirstSeen.IsZero() {
			v.FirstSeen, v.ChangedAt = w.now(), w.now()
		}
		err := w.store.Write(ctx, func(tx *store.Tx) error {
			if err := tx.PutVacancy(ctx, v); err != nil {
				return err
			}
			c.Vacancy = v.ID
			return tx.Append(ctx, c)
		})
		if err != nil {
			w.t.Fatal(err)
		}
	}
}

// match brings the ledger up to date.
func (w *world) match() {
	w.t.Helper()
	if err := changelog.CatchUp(w.t.Context(), w.store, w.owing, 0); err != nil {
		w.t.Fatal(err)
	}
}

// ledger lists what a person is owed or was told of a vacancy.
func (w *world) ledger(person, vacancy string) []sendwatch.AlertEvent {
	w.t.Helper()
	events, err := w.store.LedgerEvents(w.t.Context(), person, vacancy)
	if err != nil {
		w.t.Fatal(err)
	}
	slices.Sort(events)
	return events
}

func (w *world) deliver(d *Dispatcher) Delivered {
	w.t.Helper()
	got, err := d.Deliver(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	return got
}

// raw gives the source of the messages that the sink holds.
func (w *world) raw() []string {
	var out []string
	for _, m := range w.sink.Messages() {
		out = append(out, string(m.Raw))
	}
	return out
}

// heading gives a header of a message's source.
func heading(raw, name string) string {
	for _, l := range strings.Split(strings.ReplaceAll(raw, "\r\n ", " "), "\r\n") {
		if value, found := strings.CutPrefix(l, name+": "); found {
			return value
		}
	}
	return ""
}

func canceled(ctx context.Context) context.Context {
	ctx, cancel := context.WithCancel(ctx)
	cancel()
	return ctx
}
