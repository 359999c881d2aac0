package notifier

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/sendwatch/sendwatch/internal/jobsite/mailsink"
	"github.com/sendwatch/sendwatch/store"
)

// alarm raises alarms of a source, or ends them.
func (w *world) alarm(source string, kinds ...string) {
	w.t.Helper()
	var on []store.Alarm
	for _, k := range kinds {
		on = append(on, store.Alarm{Kind: k, Says: "nothing new for 9 school days <b>\r\nBcc: eve@example.org"})
	}
	if _, _, err := w.store.SetAlarms(w.t.Context(), source, on); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) operated() *Dispatcher {
	return w.dispatcher(func(o *DispatcherOptions) {
		o.Operator = "ops@person.example"
		o.Advice = func(kind string) string { return "What to do when " + kind + "." }
	})
}

func TestOperatorIsTold(t *testing.T) {
	w := newWorld(t)
	w.alarm("board", "silent")
	w.wantDelivered(w.dispatcher(nil), Delivered{}) // there is no operator
	d := w.operated()
	w.wantDelivered(d, Delivered{Notices: 1})
	raw := w.raw()[0]
	if to, subject := heading(raw, "To"), heading(raw, "Subject"); to != "<ops@person.example>" || subject != "1 source wants a look" {
		t.Errorf("to %q: %q", to, subject)
	}
	if heading(raw, "Bcc") != "" || heading(raw, "List-Unsubscribe") != "" {
		t.Errorf("what the alarm says forged something:\n%s", raw)
	}
	for _, want := range []string{"board: nothing new for 9 school days", "What to do when silent.", "https://sendwatch.example/sources"} {
		if !strings.Contains(raw, want) {
			t.Errorf("the message lacks %q:\n%s", want, raw)
		}
	}
	w.alarm("board")
	w.alarm("agency", "stale")
	w.wantDelivered(d, Delivered{}) // once a day
	w.pass(24 * time.Hour)
	w.wantDelivered(d, Delivered{Notices: 1})
	if raw := w.raw()[1]; heading(raw, "Subject") != "1 source wants a look" || !strings.Contains(raw, "Over") || !strings.Contains(raw, "has ended") {
		t.Errorf("the second message:\n%s", raw)
	}
	w.alarm("agency")
	w.pass(24 * time.Hour)
	w.wantDelivered(d, Delivered{Notices: 1})
	if raw := w.raw()[2]; heading(raw, "Subject") != "1 source is well again" {
		t.Errorf("the third message:\n%s", raw)
	}
}

// NoticeSent is not noted either.
func (forgetful) NoticeSent(context.Context, string, string) error { return errKilled }

func TestNoticeSurvivesAKill(t *testing.T) {
	w := newWorld(t)
	w.alarm("board", "silent")
	d := w.operated()
	n, err := w.store.ClaimNotice(t.Context(), DefaultLease) // by one that dies before it sends
	if err != nil || n == nil {
		t.Fatal(n, err)
	}
	w.wantDelivered(d, Delivered{}) // the lease holds
	w.pass(DefaultLease + time.Second)
	dead := w.operated() // and by one that dies between the server's answer and the mark
	dead.o.Store = forgetful{dead.o.Store}
	if _, err := dead.Deliver(t.Context()); !errors.Is(err, errKilled) {
		t.Fatalf("got %v, want the kill", err)
	}
	w.wantDelivered(d, Delivered{})
	w.pass(DefaultLease + time.Second)
	w.wantDelivered(d, Delivered{Notices: 1})
	w.pass(30 * time.Minute)
	w.wantDelivered(d, Delivered{})
	raw := w.raw()
	if len(raw) != 2 || heading(raw[0], "Message-ID") != heading(raw[1], "Message-ID") {
		t.Errorf("%d messages, want one and its repeat under the same Message-ID", len(raw))
	}
}

func TestNoticeIsRefused(t *testing.T) {
	w := newWorld(t)
	w.alarm("board", "silent")
	d := w.operated()
	w.setAnswer(mailsink.Failing(mailsink.StepRcpt, refuse(451, 4, 0, 0)))
	w.wantDelivered(d, Delivered{Retried: 1})
	w.setAnswer(mailsink.Failing(mailsink.StepRcpt, refuse(550, 5, 1, 1)))
	w.pass(time.Hour)
	w.wantDelivered(d, Delivered{Dropped: 1})
	if suppressed, err := w.store.Suppressed(t.Context(), "ops@person.example"); err != nil || suppressed {
		t.Errorf("the operator's address is suppressed (%v)", err)
	}
	w.setAnswer(nil)
	w.pass(8 * 24 * time.Hour)
	w.wantDelivered(d, Delivered{Notices: 1}) // it is still on
}

func TestNoticePreview(t *testing.T) {
	w := newWorld(t)
	w.alarm("board", "silent")
	var out bytes.Buffer
	for range 2 {
		if err := w.operated().Preview(t.Context(), &out); err != nil {
			t.Fatal(err)
		}
	}
	if n := strings.Count(out.String(), "notice to the operator\nSubject: 1 source wants a look"); n != 2 {
		t.Errorf("shown %d times, want twice:\n%s", n, &out)
	}
	if w.sink.Taken() != 0 || strings.Contains(out.String(), "person.example") {
		t.Errorf("a preview sends, or names people:\n%s", &out)
	}
}
