package email

import (
	"fmt"
	"testing"
	"time"

	"github.com/sendwatch/sendwatch/internal/jobsite/mailsink"
)

// BenchmarkDigest renders the longest digest there is.
func BenchmarkDigest(b *testing.B) {
	r, err := NewRenderer(Options{From: "Sendwatch <alerts@sendwatch.example>", Site: "https://sendwatch.example", Now: func() time.Time { return now }})
	if err != nil {
		b.Fatal(err)
	}
	var entries []Entry
	for i := range mostEntries {
		e := oakEntry()
		e.Vacancy.ID = fmt.Sprint(i)
		entries = append(entries, e)
	}
	d := digest(entries...)
	for b.Loop() {
		m, err := r.Digest(d)
		if err != nil {
			b.Fatal(err)
		}
		b.SetBytes(int64(len(m.Data)))
	}
}

// BenchmarkSend hands messages to a server in this process over one connection.
func BenchmarkSend(b *testing.B) {
	sink, err := mailsink.Start(mailsink.Options{Keep: 1, Now: func() time.Time { return now }})
	if err != nil {
		b.Fatal(err)
	}
	s, err := NewSender(SMTPOptions{Host: "127.0.0.1", Port: sink.Port(), TLS: TLSNone})
	if err != nil {
		b.Fatal(err)
	}
	m := testMessage("m@sendwatch.example")
	for b.Loop() {
		if err := s.Send(b.Context(), m); err != nil {
			b.Fatal(err)
		}
	}
	s.CloseIdle()
	if err := sink.Close(); err != nil {
		b.Fatal(err)
	}
}
