package notifier

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	sendwatch "github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/internal/jobsite/mailsink"
	"github.com/sendwatch/sendwatch/notifier/email"
	"github.com/sendwatch/sendwatch/store"
)

// refuse is a server's answer.
func refuse(code, a, b, c int) error {
	return &smtp.SMTPError{Code: code, EnhancedCode: smtp.EnhancedCode{a, b, c}, Message: "kim@person.example is refused"}
}

func (w *world) wantDelivered(d *Dispatcher, want Delivered) {
	w.t.Helper()
	if got := w.deliver(d); got != want {
		w.t.Errorf("delivered %+v, want %+v", got, want)
	}
}

// freeze has a digest frozen and not sent: the server puts it off once.
func (w *world) freeze() *Dispatcher {
	w.t.Helper()
	w.setAnswer(mailsink.Failing(mailsink.StepRcpt, refuse(451, 4, 0, 0)))
	d := w.dispatcher(nil)
	w.wantDelivered(d, Delivered{Retried: 1})
	return d
}

func TestDeliver(t *testing.T) {
	w := newWorld(t)
	w.subscribe("kim", func(in *store.Signup) { in.Criteria.Needs = []string{"semh"} })
	w.write(sendwatch.VacancyCreated, vacancy("v-1"), vacancy("v-2"))
	w.match()
	d := w.dispatcher(nil)
	w.wantDelivered(d, Delivered{Sent: 1})
	raw := w.raw()[0]
	for name, want := range map[string]string{
		"To":                    "<kim@person.example>",
		"List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
		"Subject":               "2 new posts that fit: SEMH Teaching Assistant v-1 in Wokingham, and 1 more",
	} {
		if got := heading(raw, name); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	link := strings.Trim(heading(raw, "List-Unsubscribe"), "<>")
	token := strings.TrimSuffix(strings.TrimPrefix(link, "https://sendwatch.example/alerts/"), "/unsubscribe")
	if person, err := testLinks.Verify(PurposeUnsubscribe, token); err != nil || person == "" {
		t.Errorf("the unsubscribe link %q does not verify: %v", link, err)
	}
	// Nothing is told twice, and no message is empty.
	w.wantDelivered(d, Delivered{})
	w.change(sendwatch.Change{Event: sendwatch.VacancyReopened, Cause: sendwatch.CauseCrawl}, vacancy("v-1"))
	w.match()
	w.wantDelivered(d, Delivered{})
}

func TestDailyWaitsForMorning(t *testing.T) {
	w := newWorld(t)
	w.subscribe("kim", func(in *store.Signup) { in.Frequency = sendwatch.Daily })
	w.write(sendwatch.VacancyCreated, vacancy("v-1"))
	w.match()
	d := w.dispatcher(nil)
	w.wantDelivered(d, Delivered{})
	w.pass(19*time.Hour + 29*time.Minute) // 07:29
	w.wantDelivered(d, Delivered{})
	w.pass(time.Minute)
	w.wantDelivered(d, Delivered{Sent: 1})
}

func TestConfirmation(t *testing.T) {
	w := newWorld(t)
	kim := w.subscribe("kim", func(in *store.Signup) { in.Confirmed = false; in.Criteria.Words = "forest school" })
	w.write(sendwatch.VacancyCreated, vacancy("v-1"))
	w.match()
	d := w.dispatcher(nil)
	w.wantDelivered(d, Delivered{Sent: 1, Confirmations: 1})
	raw := w.raw()[0]
	if !strings.Contains(raw, testLinks.Confirm(kim.Person)[:40]) || heading(raw, "List-Unsubscribe") != "" {
		t.Errorf("not a confirmation:\n%s", raw)
	}
	w.wantDelivered(d, Delivered{})
	if err := w.store.Confirm(t.Context(), kim.Person); err != nil {
		t.Fatal(err)
	}
}

func TestRefusals(t *testing.T) {
	tests := []struct {
		name       string
		step       mailsink.Step
		answer     error
		want       Delivered
		suppressed bool
		// later is what the next day brings.
		later Delivered
	}{
		{"try later", mailsink.StepRcpt, refuse(451, 4, 7, 1), Delivered{Retried: 1}, false, Delivered{Sent: 1}},
		{"no such mailbox", mailsink.StepRcpt, refuse(550, 5, 1, 1), Delivered{Dropped: 1}, true, Delivered{}},
		{"content refused", mailsink.StepTaken, refuse(554, 5, 7, 1), Delivered{Dropped: 1}, false, Delivered{}},
		{"relaying refused", mailsink.StepRcpt, refuse(554, 5, 7, 1), Delivered{Retried: 1}, false, Delivered{Sent: 1}},
		{"broken before the content", mailsink.StepData, mailsink.ErrBreak, Delivered{Retried: 1}, false, Delivered{Sent: 1}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t)
			w.subscribe("kim", nil)
			w.write(sendwatch.VacancyCreated, vacancy("v-1"))
			w.match()
			w.setAnswer(mailsink.Failing(tt.step, tt.answer))
			d := w.dispatcher(nil)
			w.wantDelivered(d, tt.want)
			suppressed, err := w.store.Suppressed(t.Context(), "kim@person.example")
			if err != nil || suppressed != tt.suppressed {
				t.Errorf("suppressed %v (%v), want %v", suppressed, err, tt.suppressed)
			}
			w.wantDelivered(d, Delivered{}) // not before the pause is over
			w.pass(24 * time.Hour)
			w.wantDelivered(d, tt.later)
			w.write(sendwatch.VacancyCreated, vacancy("v-2"))
			w.match()
			next := Delivered{Sent: 1}
			if tt.suppressed {
				next = Delivered{}
			}
			w.wantDelivered(d, next)
		})
	}
}

// The server takes the message and the connection breaks before it can say so:
// the message comes once more, under the same Message-ID and with the same
// alerts, and never again.
func TestUncertainIsRepeatedOnce(t *testing.T) {
	w := newWorld(t)
	w.subscribe("kim", nil)
	w.write(sendwatch.VacancyCreated, vacancy("v-1"))
	w.match()
	w.setAnswer(mailsink.Failing(mailsink.StepTaken, mailsink.ErrBreak))
	d := w.dispatcher(nil)
	w.wantDelivered(d, Delivered{Retried: 1})
	// What becomes due meanwhile waits for the next message.
	w.write(sendwatch.VacancyCreated, vacancy("v-2"))
	w.match()
	w.pass(24 * time.Hour)
	w.wantDelivered(d, Delivered{Sent: 2})
	w.pass(24 * time.Hour)
	w.wantDelivered(d, Delivered{})

	copies := make(map[string]int)
	for _, raw := range w.raw() {
		copies[heading(raw, "Message-ID")]++
		if strings.Count(raw, "v-1") > 0 && strings.Contains(heading(raw, "Subject"), "v-2") {
			t.Error("the second message tells the first post again")
		}
	}
	if len(copies) != 2 || w.sink.Taken() != 3 {
		t.Errorf("the server holds %d copies of %d messages, want 3 of 2: %v", w.sink.Taken(), len(copies), copies)
	}
}

// A process that dies between the server's answer and its own note repeats one
// message when the lease is over.
func TestKillAfterSend(t *testing.T) {
	w := newWorld(t)
	w.subscribe("kim", nil)
	w.write(sendwatch.VacancyCreated, vacancy("v-1"))
	w.match()
	dead := w.dispatcher(func(o *DispatcherOptions) { o.Store = forgetful{o.Store} })
	if _, err := dead.Deliver(t.Context()); !errors.Is(err, errKilled) {
		t.Fatalf("got %v, want the kill", err)
	}
	d := w.dispatcher(nil)
	w.wantDelivered(d, Delivered{}) // the lease holds
	w.pass(DefaultLease + time.Second)
	w.wantDelivered(d, Delivered{Sent: 1})
	w.pass(DefaultLease + time.Second)
	w.wantDelivered(d, Delivered{})
	raws := w.raw()
	if len(raws) != 2 || heading(raws[0], "Message-ID") != heading(raws[1], "Message-ID") {
		t.Errorf("got %d messages, want 2 copies of one", len(raws))
	}
}

var errKilled = errors.New("killed")

// forgetful never notes that a digest was sent.
type forgetful struct{ Outbox }

func (forgetful) DigestSent(context.Context, string, string) error { return errKilled }

func TestServerAway(t *testing.T) {
	w := newWorld(t)
	for i := range 5 {
		w.subscribe(fmt.Sprint("p", i), nil)
	}
	w.write(sendwatch.VacancyCreated, vacancy("v-1"))
	w.match()
	w.setAnswer(func(step mailsink.Step, _ string) error {
		if step == mailsink.StepMail {
			return refuse(550, 5, 7, 1)
		}
		return nil
	})
	d := w.dispatcher(nil)
	got, err := d.Deliver(t.Context())
	var refused *email.SendError
	if !errors.As(err, &refused) || got != (Delivered{Retried: 1}) {
		t.Errorf("got %+v, %v; want one attempt and the reason", got, err)
	}
	w.setAnswer(nil)
	w.wantDelivered(d, Delivered{Sent: 4})
	w.pass(time.Hour)
	w.wantDelivered(d, Delivered{Sent: 1})
}

func TestGivenUpAfterDays(t *testing.T) {
	w := newWorld(t)
	w.subscribe("kim", nil)
	w.write(sendwatch.VacancyCreated, vacancy("v-1"))
	w.match()
	w.setAnswer(func(step mailsink.Step, _ string) error {
		if step == mailsink.StepRcpt {
			return refuse(450, 4, 2, 1)
		}
		return nil
	})
	d := w.dispatcher(nil)
	attempts, dropped := 0, 0
	for range 60 {
		got := w.deliver(d)
		attempts += got.Retried
		dropped += got.Dropped
		w.pass(3 * time.Hour)
	}
	if dropped != 1 || attempts < 15 || attempts > 40 {
		t.Errorf("got %d attempts and %d drops, want 15 to 40 and one", attempts, dropped)
	}
}

func TestWhatClosedIsLeftOut(t *testing.T) {
	w := newWorld(t)
	w.subscribe("kim", nil)
	gone, stays := vacancy("v-1"), vacancy("v-2")
	w.write(sendwatch.VacancyCreated, gone, stays)
	w.match()
	d := w.freeze()
	gone.State = sendwatch.VacancyClosed
	w.write(sendwatch.VacancyClosedEvent, gone)
	w.pass(time.Hour)
	w.wantDelivered(d, Delivered{Sent: 1})
	raw := w.raw()[0]
	if heading(raw, "Subject") != "New post that fits: SEMH Teaching Assistant v-2 in Wokingham" || !strings.Contains(raw, "1 post that fitted closed before this message left.") {
		t.Errorf("the closed post is shown, or not counted:\n%s", raw)
	}
}

func TestNeverEmpty(t *testing.T) {
	w := newWorld(t)
	w.subscribe("kim", nil)
	gone := vacancy("v-1")
	soon := w.now().Add(30 * time.Minute)
	expired := vacancy("v-2")
	expired.ClosesAt = &soon
	w.write(sendwatch.VacancyCreated, gone, expired)
	w.match()
	d := w.freeze()
	gone.State = sendwatch.VacancyClosed
	w.write(sendwatch.VacancyClosedEvent, gone)
	w.pass(time.Hour)
	w.wantDelivered(d, Delivered{Dropped: 1})
	if w.sink.Taken() != 0 {
		t.Errorf("an empty message was sent:\n%s", w.raw()[0])
	}
}

// Between freezing and sending a person may leave, or an address be suppressed.
func TestAskedAgainBeforeSending(t *testing.T) {
	for name, leave := range map[string]func(w *world, person string) error{
		"unsubscribed": func(w *world, person string) error { return w.store.Unsubscribe(w.t.Context(), person) },
		"suppressed": func(w *world, _ string) error {
			return w.store.Suppress(w.t.Context(), "KIM@person.example", "complaint")
		},
		"erased": func(w *world, person string) error { return w.store.ErasePerson(w.t.Context(), person) },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			kim := w.subscribe("kim", nil)
			w.write(sendwatch.VacancyCreated, vacancy("v-1"))
			w.match()
			// It happens after the claim.
			d := w.dispatcher(func(o *DispatcherOptions) {
				o.Store = &leaving{Outbox: o.Store, leave: func() error { return leave(w, kim.Person) }}
			})
			if _, err := d.Deliver(t.Context()); err != nil {
				t.Fatal(err)
			}
			if w.sink.Taken() != 0 {
				t.Error("a message was sent")
			}
		})
	}
}

// leaving calls leave right after the first claim.
type leaving struct {
	Outbox
	once  sync.Once
	leave func() error
}

func (l *leaving) ClaimDigest(ctx context.Context, lease time.Duration) (*sendwatch.Digest, error) {
	d, err := l.Outbox.ClaimDigest(ctx, lease)
	if err == nil && d != nil {
		l.once.Do(func() { err = l.leave() })
	}
	return d, err
}

func TestSchoolsOwnAdvertIsLabelled(t *testing.T) {
	w := newWorld(t)
	w.subscribe("kim", nil)
	agency := vacancy("v-1")
	agency.EmployerKind = sendwatch.EmployerAgency
	w.write(sendwatch.VacancyCreated, agency)
	w.match()
	d := w.dispatcher(nil)
	w.wantDelivered(d, Delivered{Sent: 1})
	own := vacancy("v-2")
	own.PossiblySame = []string{"v-1"}
	w.write(sendwatch.VacancyCreated, own)
	w.match()
	w.wantDelivered(d, Delivered{Sent: 1})
	raws := w.raw()
	if !strings.Contains(raws[1], "Employer's own advert") || strings.Contains(raws[0], "Employer's own advert") {
		t.Errorf("the label is missing or misplaced:\n%s", raws[1])
	}
}

func TestUnitedVacancyIsShownOnce(t *testing.T) {
	w := newWorld(t)
	w.subscribe("kim", nil)
	older, younger := vacancy("v-1"), vacancy("v-2")
	w.write(sendwatch.VacancyCreated, older, younger)
	w.match()
	d := w.freeze()
	ctx := t.Context()
	if err := w.store.Write(ctx, func(tx *store.Tx) error { return tx.Unite(ctx, "v-1", "v-2") }); err != nil {
		t.Fatal(err)
	}
	w.pass(time.Hour)
	w.wantDelivered(d, Delivered{Sent: 1})
	if got := heading(w.raw()[0], "Subject"); got != "New post that fits: SEMH Teaching Assistant v-1 in Wokingham" {
		t.Errorf("subject %q", got)
	}
}

func TestStopping(t *testing.T) {
	w := newWorld(t)
	w.subscribe("kim", nil)
	w.write(sendwatch.VacancyCreated, vacancy("v-1"))
	w.match()
	d := w.dispatcher(nil)
	if _, err := d.Deliver(canceled(t.Context())); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
	// A stop in the middle of a conversation gives the message back at once, and
	// what the server has taken is noted in spite of it.
	ctx, cancel := context.WithCancel(t.Context())
	w.setAnswer(func(step mailsink.Step, _ string) error {
		if step == mailsink.StepMail {
			cancel()
			return mailsink.ErrBreak
		}
		return nil
	})
	got, err := d.Deliver(ctx)
	if err == nil || got.Sent != 0 {
		t.Errorf("got %+v, %v; want nothing sent and the reason", got, err)
	}
	w.setAnswer(nil)
	w.wantDelivered(d, Delivered{Sent: 1})
}

// TestStoppingLetsAConversationEnd holds that a stop breaks off no message that is
// on its way: it might come twice.
func TestStoppingLetsAConversationEnd(t *testing.T) {
	w := newWorld(t)
	w.subscribe("kim", nil)
	w.write(sendwatch.VacancyCreated, vacancy("v-1"))
	w.match()
	ctx, cancel := context.WithCancel(t.Context())
	w.setAnswer(func(step mailsink.Step, _ string) error {
		if step == mailsink.StepMail {
			cancel()
		}
		return nil
	})
	d := w.dispatcher(nil)
	got, err := d.Deliver(ctx)
	if got.Sent != 1 || err != nil && !errors.Is(err, context.Canceled) {
		t.Errorf("got %+v, %v; want the message under way sent", got, err)
	}
	w.setAnswer(nil)
	w.wantDelivered(d, Delivered{})
}

// Several workers and processes never send one message twice.
func TestManyWorkers(t *testing.T) {
	w := newWorld(t)
	const people = 60
	for i := range people {
		w.subscribe(fmt.Sprintf("p%02d", i), nil)
	}
	w.write(sendwatch.VacancyCreated, vacancy("v-1"))
	w.match()
	var group sync.WaitGroup
	var mu sync.Mutex
	sent := 0
	for range 2 {
		d := w.dispatcher(func(o *DispatcherOptions) { o.Workers = 4; o.Log = nil })
		group.Go(func() {
			got, err := d.Deliver(t.Context())
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			sent += got.Sent
			mu.Unlock()
		})
	}
	group.Wait()
	seen := make(map[string]bool)
	for _, m := range w.sink.Messages() {
		seen[m.To[0]] = true
	}
	if sent != people || w.sink.Taken() != people || len(seen) != people {
		t.Errorf("sent %d, taken %d, people %d; want %d of each", sent, w.sink.Taken(), len(seen), people)
	}
}

func TestPreview(t *testing.T) {
	w := newWorld(t)
	kim := w.subscribe("kim", nil)
	jo := w.subscribe("jo", func(in *store.Signup) { in.Confirmed = false })
	w.write(sendwatch.VacancyCreated, vacancy("v-1"))
	w.match()
	d := w.dispatcher(nil)
	for range 2 { // it claims nothing
		var b strings.Builder
		if err := d.Preview(t.Context(), &b); err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{
			"digest to " + kim.Person + "\nSubject: New post that fits: SEMH Teaching Assistant v-1 in Wokingham\n",
			"confirmation to " + jo.Person + "\nSubject: Please confirm your Sendwatch alerts\n",
		} {
			if !strings.Contains(b.String(), want) {
				t.Errorf("the preview lacks %q:\n%s", want, b.String())
			}
		}
		if strings.Contains(b.String(), "person.example") {
			t.Error("the preview names an address")
		}
	}
	if w.sink.Taken() != 0 {
		t.Error("a preview sent a message")
	}
	w.wantDelivered(d, Delivered{Sent: 2, Confirmations: 1})
}
