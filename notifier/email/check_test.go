package email

import (
	"context"
	"errors"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"github.com/sendwatch/sendwatch/internal/jobsite/mailsink"
)

func TestCheckSendsNothing(t *testing.T) {
	server, client := certificate(t)
	login := func(o *SMTPOptions) { o.Username, o.Password = "kim", "secret" }
	refuse := &smtp.SMTPError{Code: 553, EnhancedCode: smtp.EnhancedCode{5, 7, 1}, Message: "alerts@sendwatch.example may not send here"}
	tests := []struct {
		name   string
		sink   mailsink.Options
		change func(*SMTPOptions)
		secure bool
		step   Step // where it fails; empty when it does not
	}{
		{"plain", mailsink.Options{}, nil, false, ""},
		{"starttls with login", mailsink.Options{TLS: server, Username: "kim", Password: "secret"}, func(o *SMTPOptions) {
			o.TLS, o.TLSConfig = TLSStart, client
			login(o)
		}, true, ""},
		{"implicit", mailsink.Options{TLS: server, Implicit: true}, func(o *SMTPOptions) { o.TLS, o.TLSConfig = TLSImplicit, client }, true, ""},
		{"unknown authority", mailsink.Options{TLS: server}, func(o *SMTPOptions) { o.TLS = TLSStart }, false, StepConnect},
		{"no TLS is offered", mailsink.Options{}, func(o *SMTPOptions) { o.TLS = TLSStart }, false, StepConnect},
		{"wrong password", mailsink.Options{Username: "kim", Password: "other"}, login, false, StepConnect},
		{"the sender is refused", mailsink.Options{Answer: mailsink.Failing(mailsink.StepMail, refuse)}, nil, false, StepSender},
		{"it hangs up", mailsink.Options{Answer: mailsink.Failing(mailsink.StepMail, mailsink.ErrBreak)}, nil, false, StepSender},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			sink := startSink(t, tt.sink)
			s := newSender(t, sink, tt.change)
			h, err := s.Check(t.Context(), "alerts@sendwatch.example")
			var refused *SendError
			switch {
			case tt.step == "" && err != nil:
				t.Fatal(err)
			case tt.step != "" && (!errors.As(err, &refused) || refused.Step != tt.step):
				t.Errorf("got %v, want an error at %s", err, tt.step)
			case err != nil && (strings.Contains(err.Error(), "secret") || strings.Contains(err.Error(), "@")):
				t.Errorf("the error tells a password or an address: %v", err)
			case err == nil && (h.LoggedIn != (s.o.Username != "") || (h.TLS != "") != tt.secure || h.Expires.IsZero() == tt.secure):
				t.Errorf("got %+v", h)
			}
			if sink.Taken() != 0 {
				t.Errorf("%d messages were sent", sink.Taken())
			}
			// The server still takes a message from whoever sends one.
			if tt.step == "" {
				if err := s.Send(t.Context(), testMessage("m@sendwatch.example")); err != nil {
					t.Errorf("afterwards: %v", err)
				}
			}
		})
	}
}

func TestCheckEndsWithItsContext(t *testing.T) {
	// A server that takes the connection and says nothing.
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	s, err := NewSender(SMTPOptions{Host: "127.0.0.1", Port: l.Addr().(*net.TCPAddr).Port, TLS: TLSNone})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := s.Check(ctx, "alerts@sendwatch.example"); err == nil {
		t.Error("a server that says nothing was taken for a mail server")
	}
}
