package email

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strconv"
	"sync"
	"time"

	"github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"
)

// TLS is how a connection is made private.
type TLS string

// The ways: in the clear, upgraded by STARTTLS and refused without it, private
// from the first byte.
const (
	TLSNone     TLS = "none"
	TLSStart    TLS = "starttls"
	TLSImplicit TLS = "implicit"
)

// DefaultTimeout bounds a step of a conversation. RFC 5321, 4.5.3.2 asks for
// five minutes for most steps; ten for the answer to the message, which the
// deadline of a Send's context bounds here.
const DefaultTimeout = 5 * time.Minute

// mostIdle is how many connections wait for the next message of a batch.
const mostIdle = 16

// SMTPOptions configures a Sender.
type SMTPOptions struct {
	Host string
	Port int
	// TLS empty means TLSStart.
	TLS TLS
	// Username empty means no AUTH. A password is never sent in the clear, except
	// to this machine.
	Username, Password string
	// LoopbackOnly refuses every server that is not on this machine.
	LoopbackOnly bool
	// Timeout bounds the dial and then each message; zero means DefaultTimeout.
	Timeout time.Duration
	// TLSConfig replaces the default, which trusts the system's roots.
	TLSConfig *tls.Config
}

// Sender hands messages to one SMTP server. It is safe for concurrent use: every
// message in flight has a connection of its own, kept for the next one.
type Sender struct {
	o    SMTPOptions
	mu   sync.Mutex
	idle []*connection
}

// connection is a conversation past EHLO, TLS and AUTH. The raw connection is
// kept beside it because closing it is the only way to interrupt go-mail.
type connection struct {
	*smtp.Client
	raw net.Conn
}

// NewSender checks the options; it does not connect. It returns ErrNotLoopback
// for a server elsewhere under LoopbackOnly.
func NewSender(o SMTPOptions) (*Sender, error) {
	if o.TLS == "" {
		o.TLS = TLSStart
	}
	switch o.TLS {
	case TLSNone, TLSStart, TLSImplicit:
	default:
		return nil, fmt.Errorf("smtp: tls %q is none of none, starttls, implicit", o.TLS)
	}
	if o.Host == "" || o.Port < 1 || o.Port > 65535 {
		return nil, fmt.Errorf("smtp: %q port %d is no server", o.Host, o.Port)
	}
	if o.LoopbackOnly && !Loopback(o.Host) {
		return nil, fmt.Errorf("smtp: %s: %w", o.Host, ErrNotLoopback)
	}
	if o.Timeout <= 0 {
		o.Timeout = DefaultTimeout
	}
	if o.TLSConfig == nil {
		o.TLSConfig = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	o.TLSConfig = o.TLSConfig.Clone()
	if o.TLSConfig.ServerName == "" {
		o.TLSConfig.ServerName = o.Host
	}
	return &Sender{o: o}, nil
}

// Send hands m to the server. It returns nil once the server has taken the
// message, else a *SendError, or the context's error when that ended before
// anything was sent. A connection that was kept and has died meanwhile is
// replaced once; after the first byte of a message nothing is repeated here.
func (s *Sender) Send(ctx context.Context, m *Message) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if c := s.take(); c != nil {
		started, err := s.deliver(ctx, c, m)
		if err == nil || started {
			return err
		}
		var answer *SendError
		// 421 ends a connection (RFC 5321, 3.8); anything else the server says
		// is about the message.
		if errors.As(err, &answer) && answer.Code != 0 && answer.Code != 421 {
			return err
		}
	}
	c, err := s.dial(ctx)
	if err != nil {
		return sendError(StepConnect, err)
	}
	_, err = s.deliver(ctx, c, m)
	return err
}

// CloseIdle closes the connections that no message is using.
func (s *Sender) CloseIdle() {
	s.mu.Lock()
	idle := s.idle
	s.idle = nil
	s.mu.Unlock()
	for _, c := range idle {
		c.quit()
	}
}

// take gives an idle connection, or nil.
func (s *Sender) take() *connection {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.idle) == 0 {
		return nil
	}
	c := s.idle[len(s.idle)-1]
	s.idle = s.idle[:len(s.idle)-1]
	return c
}

// keep holds a connection for the next message.
func (s *Sender) keep(c *connection) {
	s.mu.Lock()
	if len(s.idle) < mostIdle {
		s.idle = append(s.idle, c)
		c = nil
	}
	s.mu.Unlock()
	if c != nil {
		c.quit()
	}
}

// deliver holds one conversation about m. Afterwards the connection is kept
// when the server has answered, and closed when it has not. Started says that
// some of the message was sent.
func (s *Sender) deliver(ctx context.Context, c *connection, m *Message) (started bool, err error) {
	stop := context.AfterFunc(ctx, func() { _ = c.raw.Close() })
	step, err := s.converse(c, m)
	interrupted := !stop()
	if err == nil {
		if interrupted {
			_ = c.raw.Close()
		} else {
			s.keep(c)
		}
		return true, nil
	}
	answer := sendError(step, err)
	if answer.Code == 0 || answer.Code == 421 || interrupted {
		_ = c.raw.Close()
	} else if err := c.Reset(); err != nil {
		_ = c.raw.Close()
	} else {
		s.keep(c)
	}
	if cause := ctx.Err(); cause != nil && answer.Code == 0 {
		answer.Err = cause
	}
	return step == StepContent, answer
}

// converse runs MAIL, RCPT and DATA and says at which step it stopped. The
// message counts as taken with the answer to its last line: what goes wrong on
// the connection afterwards takes nothing back.
func (s *Sender) converse(c *connection, m *Message) (Step, error) {
	if err := c.UpdateDeadline(s.o.Timeout); err != nil {
		return StepSender, err
	}
	c.SkipSMTPUTF8(ascii(m.From) && ascii(m.To))
	if err := c.Mail("<" + m.From + ">"); err != nil {
		return StepSender, err
	}
	if err := c.Rcpt("<" + m.To + ">"); err != nil {
		return StepRecipient, err
	}
	w, err := c.Data()
	if err != nil {
		return StepData, err
	}
	if _, err := w.Write(m.Data); err != nil {
		// Closing the writer would end a half-written message as if it were whole.
		return StepContent, err
	}
	if err := c.UpdateDeadline(s.o.Timeout); err != nil {
		return StepContent, err
	}
	return StepContent, w.Close()
}

// dial connects, secures and authenticates.
func (s *Sender) dial(ctx context.Context) (*connection, error) {
	ctx, cancel := context.WithTimeout(ctx, s.o.Timeout)
	defer cancel()
	raw, err := s.open(ctx)
	if err != nil {
		return nil, err
	}
	// go-mail's handshakes obey a deadline but no context, and leave the
	// connection open when they fail.
	stop := context.AfterFunc(ctx, func() { _ = raw.Close() })
	conversation, err := s.shakeHands(ctx, raw)
	if interrupted := !stop(); err == nil && interrupted {
		err = ctx.Err()
	}
	if err != nil {
		_ = raw.Close()
		return nil, err
	}
	return &connection{Client: conversation, raw: raw}, nil
}

// open makes the connection below SMTP.
func (s *Sender) open(ctx context.Context) (net.Conn, error) {
	dialer := &net.Dialer{}
	if s.o.LoopbackOnly {
		dialer.Control = loopbackControl
	}
	conn, err := dialer.DialContext(ctx, "tcp", s.Address())
	if err != nil || s.o.TLS != TLSImplicit {
		return conn, err
	}
	secured := tls.Client(conn, s.o.TLSConfig)
	if err := secured.HandshakeContext(ctx); err != nil {
		_ = conn.Close()
		return nil, err
	}
	return secured, nil
}

// shakeHands runs EHLO, STARTTLS and AUTH.
func (s *Sender) shakeHands(ctx context.Context, raw net.Conn) (*smtp.Client, error) {
	policy := mail.NoTLS
	if s.o.TLS == TLSStart {
		policy = mail.TLSMandatory
	}
	options := []mail.Option{
		mail.WithPort(s.o.Port),
		mail.WithTimeout(s.o.Timeout),
		mail.WithTLSConfig(s.o.TLSConfig),
		mail.WithTLSPolicy(policy),
		mail.WithDialContextFunc(func(context.Context, string, string) (net.Conn, error) { return raw, nil }),
	}
	if s.o.Username != "" {
		// The challenge mechanisms first; PLAIN and LOGIN refuse to work in the
		// clear, except on this machine.
		options = append(options,
			mail.WithOpportunisticSMTPAuth(mail.SMTPAuthSCRAMSHA256, mail.SMTPAuthSCRAMSHA1,
				mail.SMTPAuthPlain, mail.SMTPAuthLogin),
			mail.WithUsername(s.o.Username), mail.WithPassword(s.o.Password))
	}
	client, err := mail.NewClient(s.o.Host, options...)
	if err != nil {
		return nil, err
	}
	return client.DialToSMTPClientWithContext(ctx)
}

// quit says goodbye and closes, without waiting long for an answer.
func (c *connection) quit() {
	const patience = 2 * time.Second
	if c.UpdateDeadline(patience) == nil {
		_ = c.Quit()
	}
	_ = c.raw.Close()
}

// Address is the server as host:port, for messages to an operator.
func (s *Sender) Address() string { return net.JoinHostPort(s.o.Host, strconv.Itoa(s.o.Port)) }

// ascii reports whether an address needs no SMTPUTF8. Asking for it without need
// makes relays bounce what a later server could have taken.
func ascii(address string) bool {
	for i := range len(address) {
		if address[i] >= 0x80 {
			return false
		}
	}
	return true
}
