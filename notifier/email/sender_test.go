package email

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http/httptest"
	"net/textproto"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"github.com/sendwatch/sendwatch/internal/jobsite/mailsink"
)

// certificate gives a server's TLS configuration for 127.0.0.1 and the pool of a
// client that trusts it.
func certificate(t *testing.T) (*tls.Config, *tls.Config) {
	t.Helper()
	site := httptest.NewTLSServer(nil)
	t.Cleanup(site.Close)
	pool := x509.NewCertPool()
	pool.AddCert(site.Certificate())
	return &tls.Config{Certificates: site.TLS.Certificates, MinVersion: tls.VersionTLS12},
		&tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}
}

func startSink(t *testing.T, o mailsink.Options) *mailsink.Sink {
	t.Helper()
	o.Now = func() time.Time { return now }
	sink, err := mailsink.Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := sink.Close(); err != nil {
			t.Error(err)
		}
	})
	return sink
}

// newSender sends to the sink in the clear, unless changed.
func newSender(t *testing.T, sink *mailsink.Sink, change func(*SMTPOptions)) *Sender {
	t.Helper()
	o := SMTPOptions{Host: "127.0.0.1", Port: sink.Port(), TLS: TLSNone, Timeout: 10 * time.Second}
	if change != nil {
		change(&o)
	}
	s, err := NewSender(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.CloseIdle)
	return s
}

func testMessage(id string) *Message {
	return &Message{
		ID: id, From: "alerts@sendwatch.example", To: "kim@person.example",
		Data: []byte("Message-ID: <" + id + ">\r\nSubject: x\r\n\r\n.a line that begins with a point\r\n"),
	}
}

func TestSendIsPrivateAsAsked(t *testing.T) {
	server, client := certificate(t)
	login := func(o *SMTPOptions) { o.Username, o.Password = "kim", "secret" }
	tests := []struct {
		name   string
		sink   mailsink.Options
		change func(*SMTPOptions)
		wantOK bool
	}{
		{"plain", mailsink.Options{}, nil, true},
		{"plain with login on this machine", mailsink.Options{Username: "kim", Password: "secret"}, login, true},
		{"starttls", mailsink.Options{TLS: server}, func(o *SMTPOptions) { o.TLS, o.TLSConfig = TLSStart, client }, true},
		{"starttls with login", mailsink.Options{TLS: server, Username: "kim", Password: "secret"}, func(o *SMTPOptions) {
			o.TLS, o.TLSConfig = TLSStart, client
			login(o)
		}, true},
		{"implicit", mailsink.Options{TLS: server, Implicit: true}, func(o *SMTPOptions) { o.TLS, o.TLSConfig = TLSImplicit, client }, true},
		{"implicit with login", mailsink.Options{TLS: server, Implicit: true, Username: "kim", Password: "secret"}, func(o *SMTPOptions) {
			o.TLS, o.TLSConfig = TLSImplicit, client
			login(o)
		}, true},
		{"starttls is the default and never skipped", mailsink.Options{}, func(o *SMTPOptions) { o.TLS, o.TLSConfig = "", client }, false},
		{"unknown authority, starttls", mailsink.Options{TLS: server}, func(o *SMTPOptions) { o.TLS = TLSStart }, false},
		{"unknown authority, implicit", mailsink.Options{TLS: server, Implicit: true}, func(o *SMTPOptions) { o.TLS = TLSImplicit }, false},
		{"wrong password", mailsink.Options{Username: "kim", Password: "other"}, login, false},
		{"login where none is offered", mailsink.Options{}, login, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			sink := startSink(t, tt.sink)
			m := testMessage("m1@sendwatch.example")
			err := newSender(t, sink, tt.change).Send(t.Context(), m)
			if tt.wantOK {
				if err != nil {
					t.Fatal(err)
				}
				if got := sink.Messages(); len(got) != 1 || !bytes.Equal(got[0].Raw, m.Data) {
					t.Errorf("the server holds %d messages, or other bytes than were sent", len(got))
				}
				return
			}
			var refused *SendError
			if !errors.As(err, &refused) || refused.Permanent || refused.Step != StepConnect {
				t.Errorf("got %v, want a connect error that is not permanent", err)
			}
			if strings.Contains(err.Error(), "secret") {
				t.Errorf("the error tells the password: %v", err)
			}
		})
	}
}

func TestConnectionIsKept(t *testing.T) {
	sink := startSink(t, mailsink.Options{})
	s := newSender(t, sink, nil)
	for range 20 {
		if err := s.Send(t.Context(), testMessage("m@sendwatch.example")); err != nil {
			t.Fatal(err)
		}
	}
	if sink.Connections() != 1 || sink.Taken() != 20 {
		t.Errorf("got %d messages on %d connections, want 20 on 1", sink.Taken(), sink.Connections())
	}
	s.CloseIdle()
	if err := s.Send(t.Context(), testMessage("m@sendwatch.example")); err != nil {
		t.Fatal(err)
	}
	if sink.Connections() != 2 {
		t.Errorf("got %d connections after CloseIdle, want 2", sink.Connections())
	}
}

func TestManyAtOnce(t *testing.T) {
	sink := startSink(t, mailsink.Options{})
	s := newSender(t, sink, nil)
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 10 {
				if err := s.Send(t.Context(), testMessage("m@sendwatch.example")); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	if sink.Taken() != 80 || sink.Connections() > 8 {
		t.Errorf("got %d messages on %d connections, want 80 on 8 at most", sink.Taken(), sink.Connections())
	}
}

func TestAnswersOfTheServer(t *testing.T) {
	refuse := func(code, a, b, c int, text string) error {
		return &smtp.SMTPError{Code: code, EnhancedCode: smtp.EnhancedCode{a, b, c}, Message: text}
	}
	plain := func(code int, text string) error {
		return &smtp.SMTPError{Code: code, EnhancedCode: smtp.NoEnhancedCode, Message: text}
	}
	tests := []struct {
		name                 string
		step                 mailsink.Step
		answer               error
		permanent, recipient bool
		code                 int
	}{
		{"greylisted", mailsink.StepRcpt, refuse(451, 4, 7, 1, "try later"), false, false, 451},
		{"busy after the content", mailsink.StepTaken, refuse(451, 4, 3, 0, "queue is full"), false, false, 451},
		{"no such mailbox", mailsink.StepRcpt, refuse(550, 5, 1, 1, "<kim@person.example>: unknown"), true, true, 550},
		{"no such mailbox, old server", mailsink.StepRcpt, plain(550, "kim@person.example not here"), true, true, 550},
		{"disabled mailbox", mailsink.StepRcpt, refuse(550, 5, 2, 1, "disabled"), true, true, 550},
		{"full mailbox", mailsink.StepRcpt, refuse(552, 5, 2, 2, "full"), true, false, 552},
		{"no such mailbox, said after the content", mailsink.StepTaken, refuse(550, 5, 1, 1, "unknown"), true, true, 550},
		{"content refused", mailsink.StepTaken, refuse(554, 5, 7, 1, "looks like spam"), true, false, 554},
		{"relaying refused", mailsink.StepRcpt, refuse(554, 5, 7, 1, "relay access denied"), false, false, 554},
		{"relaying refused, old server", mailsink.StepRcpt, plain(550, "Relaying denied"), false, false, 550},
		{"log in first", mailsink.StepRcpt, refuse(530, 5, 7, 0, "log in"), false, false, 530},
		{"our address refused", mailsink.StepMail, refuse(550, 5, 1, 8, "who are you"), false, false, 550},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			sink := startSink(t, mailsink.Options{Answer: mailsink.Failing(tt.step, tt.answer)})
			s := newSender(t, sink, nil)
			err := s.Send(t.Context(), testMessage("m1@sendwatch.example"))
			var refused *SendError
			if !errors.As(err, &refused) {
				t.Fatalf("got %v, want a SendError", err)
			}
			if refused.Permanent != tt.permanent || refused.Recipient != tt.recipient || refused.Code != tt.code || refused.Uncertain {
				t.Errorf("got permanent %v, recipient %v, code %d, uncertain %v; want %v, %v, %d, false",
					refused.Permanent, refused.Recipient, refused.Code, refused.Uncertain, tt.permanent, tt.recipient, tt.code)
			}
			for e := err; e != nil; e = errors.Unwrap(e) {
				if strings.Contains(e.Error(), "person.example") {
					t.Errorf("the error names the address: %v", e)
				}
			}
			// The connection serves the next message.
			if err := s.Send(t.Context(), testMessage("m2@sendwatch.example")); err != nil {
				t.Errorf("the next message: %v", err)
			}
			if sink.Connections() != 1 {
				t.Errorf("got %d connections, want 1", sink.Connections())
			}
		})
	}
}

func TestBrokenConnections(t *testing.T) {
	t.Run("while it waited", func(t *testing.T) {
		// The second message finds the connection dead, before anything of it was
		// sent: it goes out over a new one, once.
		sink := startSink(t, mailsink.Options{Answer: mailsink.Failing(mailsink.StepMail, nil, mailsink.ErrBreak)})
		s := newSender(t, sink, nil)
		for _, id := range []string{"m1@x.example", "m2@x.example"} {
			if err := s.Send(t.Context(), testMessage(id)); err != nil {
				t.Fatal(err)
			}
		}
		if sink.Taken() != 2 || sink.Connections() != 2 {
			t.Errorf("got %d messages on %d connections, want 2 on 2", sink.Taken(), sink.Connections())
		}
	})
	t.Run("before the content", func(t *testing.T) {
		sink := startSink(t, mailsink.Options{Answer: mailsink.Failing(mailsink.StepRcpt, mailsink.ErrBreak)})
		err := newSender(t, sink, nil).Send(t.Context(), testMessage("m1@x.example"))
		var refused *SendError
		if !errors.As(err, &refused) || refused.Permanent || refused.Uncertain || refused.Step != StepRecipient {
			t.Errorf("got %+v, want a temporary failure that is certain", refused)
		}
		if sink.Taken() != 0 {
			t.Errorf("the server holds %d messages, want none", sink.Taken())
		}
	})
	t.Run("after the content", func(t *testing.T) {
		// The server has the message and cannot say so. Send does not repeat it of
		// its own accord; whoever does sends the same Message-ID.
		sink := startSink(t, mailsink.Options{Answer: mailsink.Failing(mailsink.StepTaken, mailsink.ErrBreak)})
		s := newSender(t, sink, nil)
		err := s.Send(t.Context(), testMessage("m1@x.example"))
		var refused *SendError
		if !errors.As(err, &refused) || refused.Permanent || !refused.Uncertain {
			t.Errorf("got %+v, want an uncertain failure", refused)
		}
		if sink.Taken() != 1 {
			t.Errorf("the server holds %d messages, want 1", sink.Taken())
		}
		if err := s.Send(t.Context(), testMessage("m1@x.example")); err != nil {
			t.Fatal(err)
		}
		if sink.Taken() != 2 {
			t.Errorf("the server holds %d messages after one repeat, want 2", sink.Taken())
		}
	})
}

// A server that accepts and says nothing must not hold a message beyond its
// context: the lease would run out under it.
func TestSilentServerObeysContext(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	accepted := make(chan net.Conn, 1)
	go func() {
		if conn, err := listener.Accept(); err == nil {
			accepted <- conn
		}
	}()
	s, err := NewSender(SMTPOptions{Host: "127.0.0.1", Port: listener.Addr().(*net.TCPAddr).Port, TLS: TLSNone})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	begun := time.Now()
	if err := s.Send(ctx, testMessage("m@x.example")); err == nil {
		t.Error("a silent server took the message")
	}
	if took := time.Since(begun); took > 5*time.Second {
		t.Errorf("Send took %s after its context ended", took)
	}
	_ = (<-accepted).Close()
}

func TestLoopbackOnly(t *testing.T) {
	for host, want := range map[string]bool{
		"localhost": true, "LOCALHOST.": true, "127.0.0.1": true, "127.9.9.9": true, "::1": true, "[::1]": true,
		"::ffff:127.0.0.1": true, "localhost.example.org": false, "mail.example.org": false,
		"10.0.0.1": false, "0.0.0.0": false, "127.0.0.1.example.org": false, "": false,
	} {
		if got := Loopback(host); got != want {
			t.Errorf("Loopback(%q) = %v, want %v", host, got, want)
		}
	}
	_, err := NewSender(SMTPOptions{Host: "mail.example.org", Port: 25, LoopbackOnly: true})
	if !errors.Is(err, ErrNotLoopback) {
		t.Errorf("got %v, want ErrNotLoopback", err)
	}
	// A name that means this machine and resolves elsewhere is caught when dialled.
	if err := loopbackControl("tcp", "192.0.2.1:25", nil); !errors.Is(err, ErrNotLoopback) {
		t.Errorf("got %v, want ErrNotLoopback", err)
	}
	sink := startSink(t, mailsink.Options{})
	s := newSender(t, sink, func(o *SMTPOptions) { o.LoopbackOnly = true })
	if err := s.Send(t.Context(), testMessage("m@x.example")); err != nil {
		t.Errorf("the server on this machine: %v", err)
	}
}

func TestOptionsAreChecked(t *testing.T) {
	for name, o := range map[string]SMTPOptions{
		"no host":     {Port: 25},
		"no port":     {Host: "localhost"},
		"unknown tls": {Host: "localhost", Port: 25, TLS: "perhaps"},
	} {
		if _, err := NewSender(o); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}

func TestScrub(t *testing.T) {
	for text, want := range map[string]string{
		"<kim@person.example>: Recipient address rejected": "<<address>>: Recipient address rejected",
		"user kim.o'hara@person.example unknown\r\nmore":   "user <address> unknown more",
		"mailbox unavailable":                              "mailbox unavailable",
	} {
		var got *textproto.Error
		if !errors.As(scrub(&textproto.Error{Code: 550, Msg: text}), &got) || got.Code != 550 || got.Msg != want {
			t.Errorf("got %+v, want %q", got, want)
		}
	}
}
