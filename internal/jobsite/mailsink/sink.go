package mailsink

import (
	"bytes"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/mail"
	"slices"
	"sync"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// Limits of what a Sink holds.
const (
	DefaultKeep = 1000
	maxMessage  = 1 << 20
)

// Step is a stage of a conversation at which a Sink may be told to fail.
type Step string

// The steps, in order. StepTaken comes when the message is kept and before the
// client is told so.
const (
	StepMail  Step = "mail"
	StepRcpt  Step = "rcpt"
	StepData  Step = "data"
	StepTaken Step = "taken"
)

// ErrBreak breaks the connection without an answer when Options.Answer returns
// it.
var ErrBreak = errors.New("break the connection")

// Options configures a Sink.
type Options struct {
	// Addr is where to listen; it must be a loopback address. Empty means any
	// free port of 127.0.0.1.
	Addr string
	// Keep is how many messages are held, the oldest leaving first; zero means
	// DefaultKeep.
	Keep int
	// TLS offers STARTTLS, or, with Implicit, is spoken from the first byte.
	TLS      *tls.Config
	Implicit bool
	// Username, when set, must log in with Password before anything is taken.
	Username, Password string
	// Answer, when set, is asked at each step; an *smtp.SMTPError is the answer
	// to the client, ErrBreak breaks the connection. To is empty at StepMail.
	Answer func(step Step, to string) error
	Now    func() time.Time
}

// Message is one message that was taken.
type Message struct {
	// Number counts from 1 in the order of arrival.
	Number int
	From   string
	To     []string
	At     time.Time
	Raw    []byte
}

// Text is the plain-text part; empty when there is none that can be read.
func (m Message) Text() string { return read(m).Text }

// Header is the first value of a header, as it was sent; empty when there is none.
func (m Message) Header(name string) string {
	parsed, err := mail.ReadMessage(bytes.NewReader(m.Raw))
	if err != nil {
		return ""
	}
	return parsed.Header.Get(name)
}

// Sink is a running server.
type Sink struct {
	o        Options
	server   *smtp.Server
	listener net.Listener
	done     chan error

	mu          sync.Mutex
	messages    []Message
	taken       int
	connections int
}

// Start listens and serves until Close.
func Start(o Options) (*Sink, error) {
	if o.Addr == "" {
		o.Addr = "127.0.0.1:0"
	}
	if o.Keep <= 0 {
		o.Keep = DefaultKeep
	}
	if o.Now == nil {
		return nil, errors.New("mailsink: a clock is needed")
	}
	host, _, err := net.SplitHostPort(o.Addr)
	if err != nil {
		return nil, fmt.Errorf("mailsink: %w", err)
	}
	if ip := net.ParseIP(host); ip == nil || !ip.IsLoopback() {
		return nil, fmt.Errorf("mailsink: %s is not a loopback address", o.Addr)
	}
	s := &Sink{o: o, done: make(chan error, 1)}
	s.server = smtp.NewServer(smtp.BackendFunc(s.session))
	s.server.Domain = "localhost"
	s.server.MaxMessageBytes = maxMessage
	s.server.MaxRecipients = 50
	s.server.ReadTimeout, s.server.WriteTimeout = time.Minute, time.Minute
	s.server.AllowInsecureAuth = true
	s.server.ErrorLog = quiet{}
	if !o.Implicit {
		s.server.TLSConfig = o.TLS
	}
	if s.listener, err = net.Listen("tcp", o.Addr); err != nil {
		return nil, fmt.Errorf("mailsink: %w", err)
	}
	listener := s.listener
	if o.Implicit {
		listener = tls.NewListener(listener, o.TLS)
	}
	go func() { s.done <- s.server.Serve(listener) }()
	return s, nil
}

// quiet drops the server's complaints about clients: tests break connections on
// purpose.
type quiet struct{}

func (quiet) Printf(string, ...any) {}
func (quiet) Println(...any)        {}

// Addr is where the sink listens, as host:port.
func (s *Sink) Addr() string { return s.listener.Addr().String() }

// Port is the port of Addr.
func (s *Sink) Port() int { return s.listener.Addr().(*net.TCPAddr).Port }

// Close stops the server and breaks open connections.
func (s *Sink) Close() error {
	err := s.server.Close()
	if served := <-s.done; served != nil && !errors.Is(served, smtp.ErrServerClosed) && !errors.Is(served, net.ErrClosed) {
		err = errors.Join(err, served)
	}
	if err != nil {
		return fmt.Errorf("mailsink: close: %w", err)
	}
	return nil
}

// Messages gives those that are held, oldest first.
func (s *Sink) Messages() []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.messages)
}

// Taken counts the messages taken since the start, those no longer held included.
func (s *Sink) Taken() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.taken
}

// Connections counts the connections since the start.
func (s *Sink) Connections() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.connections
}

// message gives one by its number.
func (s *Sink) message(number int) (Message, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, m := range s.messages {
		if m.Number == number {
			return m, true
		}
	}
	return Message{}, false
}

func (s *Sink) keep(m Message) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.taken++
	m.Number = s.taken
	s.messages = append(s.messages, m)
	if extra := len(s.messages) - s.o.Keep; extra > 0 {
		s.messages = slices.Delete(s.messages, 0, extra)
	}
}

func (s *Sink) session(c *smtp.Conn) (smtp.Session, error) {
	s.mu.Lock()
	s.connections++
	s.mu.Unlock()
	base := &session{sink: s, conn: c}
	if s.o.Username != "" {
		return &loginSession{session: base}, nil
	}
	return base, nil
}

// session is one connection.
type session struct {
	sink *Sink
	conn *smtp.Conn
	in   bool
	from string
	to   []string
}

// ask runs Options.Answer.
func (s *session) ask(step Step, to string) error {
	if s.sink.o.Answer == nil {
		return nil
	}
	err := s.sink.o.Answer(step, to)
	if errors.Is(err, ErrBreak) {
		_ = s.conn.Conn().Close()
	}
	return err
}

// Mail begins a message.
func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	if s.sink.o.Username != "" && !s.in {
		return smtp.ErrAuthRequired
	}
	s.from = from
	return s.ask(StepMail, "")
}

// Rcpt adds a recipient.
func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.to = append(s.to, to)
	return s.ask(StepRcpt, to)
}

// Data takes the message.
func (s *session) Data(r io.Reader) error {
	to := s.to[len(s.to)-1]
	if err := s.ask(StepData, to); err != nil {
		return err
	}
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	s.sink.keep(Message{From: s.from, To: slices.Clone(s.to), At: s.sink.o.Now(), Raw: raw})
	return s.ask(StepTaken, to)
}

// Reset forgets the message that was begun.
func (s *session) Reset() { s.from, s.to = "", nil }

// Logout ends the connection.
func (s *session) Logout() error { return nil }

// loginSession is a session that asks for a password.
type loginSession struct{ *session }

// AuthMechanisms offers PLAIN.
func (s *loginSession) AuthMechanisms() []string { return []string{sasl.Plain} }

// Auth checks the password.
func (s *loginSession) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, username, password string) error {
		if username != s.sink.o.Username || password != s.sink.o.Password {
			return smtp.ErrAuthFailed
		}
		s.in = true
		return nil
	}), nil
}
