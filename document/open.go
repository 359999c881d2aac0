package document

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
)

// Why a document cannot be read. Errors of Read and Open wrap one of them, for
// callers that tell people what to do.
var (
	// ErrFormat: the file is of no format that is read.
	ErrFormat = errors.New("unknown document format")
	// ErrTooLarge: the file, or what it unpacks to, is larger than the limit.
	ErrTooLarge = errors.New("document too large")
	// ErrNoText: the file holds no text.
	ErrNoText = errors.New("document holds no text")
	// ErrScanned: the file is pictures of pages. They are not recognised, since
	// a guessed requirement is worse than none.
	ErrScanned = errors.New("document is a scan: pictures of pages without text")
	// ErrEncrypted: the file asks for a password.
	ErrEncrypted = errors.New("document is encrypted")
	// ErrBroken: the file is not what it claims to be, or damaged.
	ErrBroken = errors.New("document is damaged")
	// ErrTimeout: reading took longer than the limit.
	ErrTimeout = errors.New("document took too long to read")
)

// Format is what a file is written in.
type Format string

// The formats that are read.
const (
	FormatHTML     Format = "html"
	FormatMarkdown Format = "markdown"
	FormatText     Format = "text"
	FormatDOCX     Format = "docx"
	FormatPDF      Format = "pdf"
)

// FormatOf tells a file's format by its extension; empty when it is none that
// is read.
func FormatOf(name string) Format {
	switch strings.ToLower(path.Ext(name)) {
	case ".html", ".htm":
		return FormatHTML
	case ".md", ".markdown":
		return FormatMarkdown
	case ".txt", ".text":
		return FormatText
	case ".docx":
		return FormatDOCX
	case ".pdf":
		return FormatPDF
	}
	return ""
}

// Detect tells the format of a file that was fetched: by how it begins, else by
// its name, else by its media type. Servers and names err, files seldom.
func Detect(name, mediaType string, data []byte) Format {
	switch {
	case bytes.Contains(data[:min(len(data), 1024)], []byte("%PDF-")):
		return FormatPDF
	case bytes.HasPrefix(data, []byte("PK\x03\x04")), bytes.HasPrefix(data, []byte(compound)):
		return FormatDOCX
	}
	if f := FormatOf(name); f != "" {
		return f
	}
	switch {
	case mediaType == "application/pdf":
		return FormatPDF
	case strings.HasSuffix(mediaType, "wordprocessingml.document"):
		return FormatDOCX
	case mediaType == "text/plain":
		return FormatText
	case strings.HasSuffix(mediaType, "html"):
		return FormatHTML
	}
	return ""
}

// Binary reports whether a format is one whose files are programs of a kind:
// they can unpack to any size, run in circles and break their reader. Strangers'
// files of such a format are read in a process of its own; those of the others
// are read in time and space linear in their length.
func (f Format) Binary() bool { return f == FormatDOCX || f == FormatPDF }

// Open reads the document in r by the extension of name: html, htm, md,
// markdown, txt, text, docx or pdf. Limit is how many bytes of r may be read;
// a longer file is an error.
func Open(name string, r io.Reader, limit int64) (Document, error) {
	format := FormatOf(name)
	if format == "" {
		return Document{}, fmt.Errorf("open %s: %w", name, ErrFormat)
	}
	data, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return Document{}, fmt.Errorf("open %s: %w", name, err)
	}
	if int64(len(data)) > limit {
		return Document{}, fmt.Errorf("open %s: %w: over %d bytes", name, ErrTooLarge, limit)
	}
	d, err := Read(format, data)
	if err != nil {
		return Document{}, fmt.Errorf("open %s: %w", name, err)
	}
	return d, nil
}

// Read reads a document of a format. One without any text is an error.
func Read(format Format, data []byte) (d Document, err error) {
	plain := func() string { return strings.TrimPrefix(string(data), "\ufeff") }
	switch format {
	case FormatHTML:
		d = FromHTML(plain())
	case FormatMarkdown:
		d = FromMarkdown(plain())
	case FormatText:
		d = FromText(plain())
	case FormatDOCX:
		d, err = fromDOCX(data)
	case FormatPDF:
		d, err = fromPDF(data)
	default:
		err = fmt.Errorf("%w: %q", ErrFormat, format)
	}
	if err == nil && len(d.Blocks) == 0 {
		err = ErrNoText
	}
	return d, err
}
