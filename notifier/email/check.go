package email

import (
	"context"
	"crypto/tls"
	"time"
)

// Handshake is how a mail server received us.
type Handshake struct {
	// TLS is the version spoken, as "TLS 1.3"; empty in the clear.
	TLS string
	// Expires is when the server's certificate ends; zero in the clear.
	Expires time.Time
	// LoggedIn says that the user name and the password were taken.
	LoggedIn bool
}

// Check connects, secures and authenticates as Send does, names the sender, and
// leaves without a message. Its errors are those of Send.
func (s *Sender) Check(ctx context.Context, from string) (Handshake, error) {
	c, err := s.dial(ctx)
	if err != nil {
		return Handshake{}, sendError(StepConnect, err)
	}
	defer c.quit()
	stop := context.AfterFunc(ctx, func() { _ = c.raw.Close() })
	defer stop()
	h := Handshake{LoggedIn: s.o.Username != ""}
	if state, secured := c.TLSConnectionState(); secured {
		h.TLS = tls.VersionName(state.Version)
		if len(state.PeerCertificates) > 0 {
			h.Expires = state.PeerCertificates[0].NotAfter
		}
	}
	c.SkipSMTPUTF8(ascii(from))
	if err := c.Mail("<" + from + ">"); err != nil {
		return h, sendError(StepSender, err)
	}
	// A transaction that is reset sends nothing (RFC 5321, 4.1.1.5).
	if err := c.Reset(); err != nil {
		return h, sendError(StepSender, err)
	}
	return h, nil
}
