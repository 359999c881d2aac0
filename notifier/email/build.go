package email

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	netmail "net/mail"
	"net/url"
	"strings"

	"github.com/wneessen/go-mail"
)

// userAgent names the program in the messages; go-mail would name itself.
const userAgent = "Sendwatch"

// parts is a message before it is put together.
type parts struct {
	id, to, subject string
	text, html      []byte
	// unsubscribe is empty in messages that begin no series.
	unsubscribe string
}

// build puts a message together. The same parts at the same time give the same
// bytes: a repeat can be told from a second message.
func (r *Renderer) build(p parts) (*Message, error) {
	id, err := messageID(p.id)
	if err != nil {
		return nil, err
	}
	to, err := netmail.ParseAddress(p.to)
	if err != nil {
		return nil, errors.New("email: the recipient is not an address") // which is never named
	}
	msg := mail.NewMsg(mail.WithNoDefaultUserAgent(), mail.WithBoundary(boundary(id)))
	if err := msg.FromFormat(r.from.Name, r.from.Address); err != nil {
		return nil, fmt.Errorf("email: sender: %w", err)
	}
	if err := msg.To(to.Address); err != nil {
		return nil, errors.New("email: the recipient is not an address")
	}
	msg.Subject(p.subject)
	msg.SetDateWithValue(r.o.Now())
	msg.SetMessageIDWithValue(id)
	msg.SetGenHeader(mail.HeaderUserAgent, userAgent)
	msg.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834
	if p.unsubscribe != "" {
		if err := setUnsubscribe(msg, p.unsubscribe); err != nil {
			return nil, err
		}
	}
	msg.SetBodyString(mail.TypeTextPlain, string(p.text))
	msg.AddAlternativeString(mail.TypeTextHTML, string(p.html))
	var b bytes.Buffer
	if _, err := msg.WriteTo(&b); err != nil {
		return nil, fmt.Errorf("email: write message %s: %w", id, err)
	}
	return &Message{
		ID: id, From: r.from.Address, To: to.Address,
		Subject: p.subject, Text: string(p.text), Data: b.Bytes(),
	}, nil
}

// setUnsubscribe writes the two headers of RFC 8058. The RFC asks for https;
// http is taken from this machine only, where nobody else can listen, so that a
// trial run shows the same headers. The address is written on one line as it
// is: folding would break it.
func setUnsubscribe(msg *mail.Msg, address string) error {
	u, err := url.Parse(address)
	if err != nil {
		return errors.New("email: the unsubscribe link is not an address")
	}
	switch {
	case u.Scheme == "https":
	case u.Scheme == "http" && Loopback(u.Hostname()):
	default:
		return errors.New("email: one-click unsubscribe needs an https site (RFC 8058): set site.base_url")
	}
	msg.SetGenHeaderPreformatted(mail.HeaderListUnsubscribe, "<"+u.String()+">")
	msg.SetGenHeader(mail.HeaderListUnsubscribePost, "List-Unsubscribe=One-Click")
	return nil
}

// messageID checks a frozen Message-ID and gives it without angle brackets.
func messageID(s string) (string, error) {
	id := strings.TrimSuffix(strings.TrimPrefix(s, "<"), ">")
	left, right, found := strings.Cut(id, "@")
	if !found || left == "" || right == "" || len(id) > 200 {
		return "", fmt.Errorf("email: Message-ID %q is not of the form left@right", line(s, 80))
	}
	for _, r := range id {
		if r <= ' ' || r >= 0x7f || r == '<' || r == '>' {
			return "", fmt.Errorf("email: Message-ID %q holds a character that it may not", line(s, 80))
		}
	}
	return id, nil
}

// boundary derives the MIME boundary from the Message-ID.
func boundary(id string) string {
	sum := sha256.Sum256([]byte(id))
	return "sendwatch-" + hex.EncodeToString(sum[:12])
}
