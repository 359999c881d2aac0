package document

import (
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
)

// Errors that Open wraps, for callers that tell people what to do.
var (
	// ErrFormat: the file's extension is none that Open reads.
	ErrFormat = errors.New("unknown document format")
	// ErrTooLarge: the file is longer than the limit.
	ErrTooLarge = errors.New("document too large")
	// ErrNoText: the file holds no text, as a scanned PDF does.
	ErrNoText = errors.New("document holds no text")
)

// Open reads the document in r by the extension of name: html, htm, md,
// markdown, txt, text, docx or pdf. Limit is how many bytes of r may be read;
// a longer file is an error.
func Open(name string, r io.Reader, limit int64) (Document, error) {
	read := reader(path.Ext(name))
	if read == nil {
		return Document{}, fmt.Errorf("open %s: %w", name, ErrFormat)
	}
	data, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return Document{}, fmt.Errorf("open %s: %w", name, err)
	}
	if int64(len(data)) > limit {
		return Document{}, fmt.Errorf("open %s: %w: over %d bytes", name, ErrTooLarge, limit)
	}
	d, err := read(data)
	if err != nil {
		return Document{}, fmt.Errorf("open %s: %w", name, err)
	}
	if len(d.Blocks) == 0 {
		return Document{}, fmt.Errorf("open %s: %w", name, ErrNoText)
	}
	return d, nil
}

// reader gives what reads files of an extension, or nil.
func reader(ext string) func([]byte) (Document, error) {
	plain := func(from func(string) Document) func([]byte) (Document, error) {
		return func(data []byte) (Document, error) {
			return from(strings.TrimPrefix(string(data), "\ufeff")), nil
		}
	}
	switch strings.ToLower(ext) {
	case ".html", ".htm":
		return plain(FromHTML)
	case ".md", ".markdown":
		return plain(FromMarkdown)
	case ".txt", ".text":
		return plain(FromText)
	case ".docx":
		return fromDOCX
	case ".pdf":
		return fromPDF
	}
	return nil
}
