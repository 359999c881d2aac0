package document

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// wire is what a process that read a document tells the one that asked it to.
type wire struct {
	Blocks []Block  `json:"blocks,omitempty"`
	Notes  []string `json:"notes,omitempty"`
	// Failed names the error that was wrapped, and Error is its text.
	Failed string `json:"failed,omitempty"`
	Error  string `json:"error,omitempty"`
}

// failures are the names by which errors travel.
func failures() map[string]error {
	return map[string]error{
		"format": ErrFormat, "too-large": ErrTooLarge, "no-text": ErrNoText, "scanned": ErrScanned,
		"encrypted": ErrEncrypted, "broken": ErrBroken, "timeout": ErrTimeout,
	}
}

// Encode writes what Read returned, for Decode in another process.
func Encode(w io.Writer, d Document, failed error) error {
	out := wire{Blocks: d.Blocks, Notes: d.Notes}
	if failed != nil {
		out = wire{Failed: "broken", Error: failed.Error()}
		for name, err := range failures() {
			if errors.Is(failed, err) {
				out.Failed = name
			}
		}
	}
	if err := json.NewEncoder(w).Encode(out); err != nil {
		return fmt.Errorf("encode document: %w", err)
	}
	return nil
}

// Decode gives what Encode was given: the document, or its error, which wraps
// what that one wrapped. What is not of that form is ErrBroken: its writer was
// killed, or is not to be trusted.
func Decode(r io.Reader) (Document, error) {
	var in wire
	if err := json.NewDecoder(r).Decode(&in); err != nil {
		return Document{}, fmt.Errorf("%w: no answer from its reader", ErrBroken)
	}
	if in.Failed != "" {
		cause := failures()[in.Failed]
		if cause == nil {
			cause = ErrBroken
		}
		return Document{}, &travelled{text: in.Error, cause: cause}
	}
	d := Document{Notes: in.Notes}
	for _, b := range in.Blocks[:min(len(in.Blocks), MaxBlocks)] {
		if b.Text = squeeze(b.Text); b.Text == "" || b.Kind < Heading || b.Kind > Row || (b.Kind == Row) != (b.Cells != nil) {
			continue
		}
		d.Blocks = append(d.Blocks, b)
	}
	if len(d.Blocks) == 0 {
		return Document{}, ErrNoText
	}
	return d, nil
}

// travelled is an error that came from another process.
type travelled struct {
	text  string
	cause error
}

func (e *travelled) Error() string { return e.text }
func (e *travelled) Unwrap() error { return e.cause }
