package document

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// Limits of a DOCX file: a zip of a few kilobytes can claim gigabytes.
const (
	docxEntries = 10_000
	docxXML     = 32 << 20 // bytes of word/document.xml after decompression
	docxDepth   = 2_000    // elements in one another
	docxSpan    = 64       // columns that one cell covers
)

// wordSpace is the namespace of WordprocessingML (ECMA-376 part 1), and its
// strict variant (ISO/IEC 29500).
var wordSpace = map[string]bool{
	"http://schemas.openxmlformats.org/wordprocessingml/2006/main": true,
	"http://purl.oclc.org/ooxml/wordprocessingml/main":             true,
}

// compound begins a file of Microsoft's compound format: an old Word document,
// or a new one behind a password.
const compound = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

// passworded is the name, in UTF-16, of the stream that holds an encrypted
// document ([MS-OFFCRYPTO] 2.3.4.4).
var passworded = []byte("E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e\x00")

// fromDOCX reads the main text of a Word document; headers, footers, comments
// and deleted text are left out.
func fromDOCX(data []byte) (Document, error) {
	if bytes.HasPrefix(data, []byte(compound)) {
		if bytes.Contains(data, passworded) {
			return Document{}, fmt.Errorf("read docx: %w", ErrEncrypted)
		}
		return Document{}, fmt.Errorf("read docx: %w: a document of Word 97 to 2003", ErrFormat)
	}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return Document{}, fmt.Errorf("read docx: %w: %w", ErrBroken, err)
	}
	if len(z.File) > docxEntries {
		return Document{}, fmt.Errorf("read docx: %w: over %d parts", ErrTooLarge, docxEntries)
	}
	part, err := z.Open("word/document.xml")
	if err != nil {
		return Document{}, fmt.Errorf("read docx: %w: %w", ErrBroken, err)
	}
	defer part.Close() //nolint:errcheck // read only
	d, err := readWord(&capReader{part, docxXML})
	if err == nil && len(d.Blocks) == 0 && pictured(z) {
		err = ErrScanned
	}
	if err != nil {
		return Document{}, fmt.Errorf("read docx: %w", err)
	}
	return d, nil
}

// pictured reports whether a document holds pictures.
func pictured(z *zip.Reader) bool {
	for _, f := range z.File {
		if strings.HasPrefix(f.Name, "word/media/") {
			return true
		}
	}
	return false
}

// capReader fails with ErrTooLarge once so many bytes were read.
type capReader struct {
	io.Reader
	left int64
}

func (c *capReader) Read(b []byte) (int, error) {
	if c.left <= 0 {
		return 0, fmt.Errorf("%w: its text", ErrTooLarge)
	}
	n, err := c.Reader.Read(b[:min(int64(len(b)), c.left)])
	c.left -= int64(n)
	return n, err
}

// readWord walks the tokens of word/document.xml. Where the text breaks off in
// damage, that is an error; ten pages of fifteen may lack the requirements.
func readWord(r io.Reader) (Document, error) {
	dec := xml.NewDecoder(r)
	dec.Strict = false
	var w wordWalk
	for depth := 0; ; {
		tok, err := dec.Token()
		if errors.Is(err, io.EOF) {
			return w.flow.document(), nil
		}
		if errors.Is(err, ErrTooLarge) {
			return Document{}, err
		}
		if err != nil {
			return Document{}, fmt.Errorf("%w: %w", ErrBroken, err)
		}
		switch t := tok.(type) {
		case xml.StartElement:
			if depth++; depth > docxDepth {
				return Document{}, fmt.Errorf("%w: elements nest deeper than %d", ErrTooLarge, docxDepth)
			}
			w.start(t)
		case xml.EndElement:
			depth--
			w.end(t)
		case xml.CharData:
			if w.inText && !w.hidden && w.repeated == 0 {
				w.flow.say(string(t), w.bold)
			}
		}
	}
}

// wordWalk is where the walk through the tokens stands.
type wordWalk struct {
	flow                 flow
	inText, bold, hidden bool
	// repeated counts open elements inside what is said elsewhere too: an
	// alternative for older programs, or a passage that was moved away.
	repeated int
	// spans are, for every open cell, how many more columns it covers.
	spans []int
}

// again reports whether an element holds what is said elsewhere too.
func again(name xml.Name) bool {
	return name.Local == "Fallback" && strings.HasSuffix(name.Space, "/markup-compatibility/2006") ||
		name.Local == "moveFrom" && wordSpace[name.Space]
}

func (w *wordWalk) start(t xml.StartElement) {
	if w.repeated > 0 || again(t.Name) {
		w.repeated++
		return
	}
	if !wordSpace[t.Name.Space] {
		return
	}
	switch t.Name.Local {
	case "p":
		w.flow.block(0, 0)
	case "pStyle":
		w.style(attr(t, "val"))
	case "ilvl":
		w.flow.kind, w.flow.level = Item, 1+max(0, min(number(attr(t, "val")), MaxDepth-1))
	case "numPr":
		w.flow.kind, w.flow.level = Item, max(1, w.flow.level)
	case "r":
		w.bold, w.hidden = false, false
	case "b":
		w.bold = !off(t)
	case "vanish":
		w.hidden = !off(t)
	case "t":
		w.inText = true
	case "sym":
		w.symbol(attr(t, "char"))
	case "tab":
		w.flow.say(" ", false)
	case "br", "cr":
		w.flow.breakLine()
	case "tr":
		w.flow.startRow()
	case "tc":
		w.spans = append(w.spans, 0)
		w.flow.startCell()
	case "gridSpan":
		if n := len(w.spans); n > 0 {
			w.spans[n-1] = max(0, min(number(attr(t, "val")), docxSpan)-1)
		}
	}
}

func (w *wordWalk) end(t xml.EndElement) {
	if w.repeated > 0 {
		w.repeated--
		return
	}
	if !wordSpace[t.Name.Space] {
		return
	}
	switch t.Name.Local {
	case "t":
		w.inText = false
	case "p":
		w.flow.block(0, 0)
	case "tc":
		if n := len(w.spans); n > 0 {
			w.flow.endCell()
			w.flow.span(w.spans[n-1])
			w.spans = w.spans[:n-1]
		}
	case "tr":
		w.flow.endRow()
	}
}

// symbol says a mark of a symbol font, which stands outside the text.
func (w *wordWalk) symbol(char string) {
	n, err := strconv.ParseUint(char, 16, 16)
	if err == nil && !w.hidden {
		w.flow.say(string(symbol(0xf000|rune(n))), w.bold)
	}
}

// off reports whether a property that is named is switched off.
func off(t xml.StartElement) bool {
	v := attr(t, "val")
	return v == "0" || v == "false"
}

func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}

// style reads the paragraph's style: Word names its own "Heading1" to
// "Heading9" and "Title" in every language, and "ListParagraph" for lists.
func (w *wordWalk) style(name string) {
	if level, ok := strings.CutPrefix(name, "Heading"); ok {
		n, err := strconv.Atoi(level)
		if err == nil {
			w.flow.kind, w.flow.level = Heading, max(1, min(n, 9))
		}
		return
	}
	if name == "Title" {
		w.flow.kind, w.flow.level = Heading, 1
	}
}

// attr is the value of an attribute of the element's own namespace.
func attr(t xml.StartElement, name string) string {
	for _, a := range t.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}
