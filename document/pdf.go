package document

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/ledongthuc/pdf"
	"golang.org/x/text/unicode/norm"
)

// Limits of a PDF file. Adverts and job descriptions have a few pages.
const (
	pdfBytes    = 20 << 20
	pdfPages    = 200
	pdfDeadline = 20 * time.Second
)

// errPDF is wrapped when a PDF cannot be read as one.
var errPDF = errors.New("damaged or unsupported PDF")

// fromPDF reads the text of a PDF page by page. The parser is known to panic
// on damaged files, and may run for ever on hostile ones, so it works in a
// goroutine that is left behind when the deadline passes.
func fromPDF(data []byte) (Document, error) {
	if len(data) > pdfBytes {
		return Document{}, fmt.Errorf("read pdf: %w: over %d bytes", ErrTooLarge, pdfBytes)
	}
	type result struct {
		text string
		err  error
	}
	done := make(chan result, 1)
	go func() {
		defer func() {
			if r := recover(); r != nil {
				done <- result{err: fmt.Errorf("read pdf: %w: %v", errPDF, r)}
			}
		}()
		text, err := pdfText(data)
		done <- result{text, err}
	}()
	deadline := time.NewTimer(pdfDeadline)
	defer deadline.Stop()
	select {
	case r := <-done:
		if r.err != nil {
			return Document{}, r.err
		}
		// Ligatures come as single runes; NFKC spells them out.
		return FromText(norm.NFKC.String(r.text)), nil
	case <-deadline.C:
		return Document{}, fmt.Errorf("read pdf: %w: not read within %v", errPDF, pdfDeadline)
	}
}

// pdfText is the text of every page, pages parted by a blank line.
func pdfText(data []byte) (string, error) {
	r, err := pdf.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return "", fmt.Errorf("read pdf: %w: %w", errPDF, err)
	}
	var b strings.Builder
	for i := 1; i <= min(r.NumPage(), pdfPages) && b.Len() < MaxText; i++ {
		page := r.Page(i)
		if page.V.IsNull() {
			continue
		}
		text, err := page.GetPlainText(nil)
		if err != nil {
			return "", fmt.Errorf("read pdf: page %d: %w: %w", i, errPDF, err)
		}
		b.WriteString(text)
		b.WriteString("\n\n")
	}
	return b.String(), nil
}
