package store

import (
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/sendwatch/sendwatch"
)

// toJSON is for values whose JSON form cannot fail: structs of texts and numbers.
func toJSON(v any) (string, error) {
	b, err := json.Marshal(v)
	return string(b), err
}

// kept holds the parts of a reading that its own JSON form leaves out.
type kept struct {
	Body        string   `json:"body,omitempty"`
	Terms       []string `json:"terms,omitempty"`
	Fingerprint string   `json:"fingerprint,omitempty"`
	Rules       int      `json:"rules,omitempty"`
}

func keep(r *sendwatch.Reading) kept {
	return kept{Body: r.Body, Terms: r.Terms, Fingerprint: r.Fingerprint, Rules: r.Rules}
}

func (k kept) restore(r *sendwatch.Reading) {
	r.Body, r.Terms, r.Fingerprint, r.Rules = k.Body, k.Terms, k.Fingerprint, k.Rules
}

// storedReading is the whole of a reading.
type storedReading struct {
	Reading sendwatch.Reading `json:"reading"`
	Kept    kept              `json:"kept"`
}

func (p *packer) packReading(r *sendwatch.Reading) ([]byte, error) {
	return p.packJSON(storedReading{Reading: *r, Kept: keep(r)})
}

// Bulk is the bulk of a posting.
type Bulk struct {
	// Content is the JSON form of the posting as extracted.
	Content []byte
	Reading *sendwatch.Reading
	// Raw is what was fetched for it, nil when it stays what it was, and RawType the
	// media type.
	Raw     []byte
	RawType string
}

// Packed is the bulk of a posting as the database keeps it.
type Packed struct {
	content, reading, raw []byte
	rawType               string
}

// Size is how many bytes it takes.
func (p *Packed) Size() int { return len(p.content) + len(p.reading) + len(p.raw) }

// Pack makes the bulk of a posting ready before the transaction that keeps it, which
// is then the shorter.
func (s *Store) Pack(b Bulk) (*Packed, error) {
	reading, err := s.packReading(b.Reading)
	if err != nil {
		return nil, fmt.Errorf("store: pack a reading: %w", err)
	}
	return &Packed{content: s.pack(b.Content), reading: reading, raw: s.pack(b.Raw), rawType: b.RawType}, nil
}

func (p *packer) unpackReading(b []byte) (sendwatch.Reading, error) {
	var st storedReading
	if err := p.unpackJSON(b, &st); err != nil {
		return sendwatch.Reading{}, fmt.Errorf("reading: %w", err)
	}
	st.Kept.restore(&st.Reading)
	return st.Reading, nil
}

// ms is a time as the database holds it: Unix milliseconds, 0 for the zero time.
func ms(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func fromMS(n int64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.UnixMilli(n).UTC()
}

func nullMS(t *time.Time) sql.NullInt64 {
	if t == nil {
		return sql.NullInt64{}
	}
	return sql.NullInt64{Int64: t.UnixMilli(), Valid: true}
}

func fromNullMS(n sql.NullInt64) *time.Time {
	if !n.Valid {
		return nil
	}
	t := time.UnixMilli(n.Int64).UTC()
	return &t
}

// mostKey bounds a key that others choose (a reference, an address), in bytes. An
// index of PostgreSQL takes some 2,700 for a whole row.
const mostKey = 800

// shortKey is a key as it is stored: itself, unless it is longer than anybody's
// should be; then as much of it as there is room for, and its digest. To shorten
// twice is the same as once.
func shortKey(s string) string {
	s = cleanText(s)
	if len(s) <= mostKey {
		return s
	}
	sum := sha256.Sum256([]byte(s))
	digest := "~" + hex.EncodeToString(sum[:])
	return strings.ToValidUTF8(s[:mostKey-len(digest)], "") + digest
}

// addressKey is what stands for an address where the address itself must not: a
// SHA-256 of its folded form.
func addressKey(email string) string {
	sum := sha256.Sum256([]byte("sendwatch address:" + strings.ToLower(strings.TrimSpace(email))))
	return hex.EncodeToString(sum[:])
}
