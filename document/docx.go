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
	docxXML     = 64 << 20 // bytes of word/document.xml after decompression
)

// wordSpace is the namespace of WordprocessingML (ECMA-376 part 1), and its
// strict variant (ISO/IEC 29500).
var wordSpace = map[string]bool{
	"http://schemas.openxmlformats.org/wordprocessingml/2006/main": true,
	"http://purl.oclc.org/ooxml/wordprocessingml/main":             true,
}

// fromDOCX reads the main text of a Word document; headers, footers, comments
// and deleted text are left out.
func fromDOCX(data []byte) (Document, error) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return Document{}, fmt.Errorf("read docx: %w", err)
	}
	if len(z.File) > docxEntries {
		return Document{}, fmt.Errorf("read docx: %w: over %d parts", ErrTooLarge, docxEntries)
	}
	part, err := z.Open("word/document.xml")
	if err != nil {
		return Document{}, fmt.Errorf("read docx: %w", err)
	}
	defer part.Close() //nolint:errcheck // read only
	return readWord(io.LimitReader(part, docxXML))
}

// readWord walks the tokens of word/document.xml.
func readWord(r io.Reader) (Document, error) {
	dec := xml.NewDecoder(r)
	dec.Strict = false
	var w wordWalk
	for {
		tok, err := dec.Token()
		if errors.Is(err, io.EOF) {
			return w.flow.document(), nil
		}
		if err != nil {
			return Document{}, fmt.Errorf("read docx: %w", err)
		}
		switch t := tok.(type) {
		case xml.StartElement:
			w.start(t)
		case xml.EndElement:
			w.end(t)
		case xml.CharData:
			if w.inText {
				w.flow.say(string(t), w.bold)
			}
		}
	}
}

// wordWalk is where the walk through the tokens stands.
type wordWalk struct {
	flow         flow
	inText, bold bool
}

func (w *wordWalk) start(t xml.StartElement) {
	if !wordSpace[t.Name.Space] {
		return
	}
	switch t.Name.Local {
	case "p":
		w.flow.block(0, 0)
	case "pStyle":
		w.style(attr(t, "val"))
	case "ilvl":
		n, err := strconv.Atoi(attr(t, "val"))
		if err != nil {
			n = 0
		}
		w.flow.kind, w.flow.level = Item, 1+max(0, min(n, MaxDepth-1))
	case "numPr":
		w.flow.kind, w.flow.level = Item, max(1, w.flow.level)
	case "r":
		w.bold = false
	case "b":
		v := attr(t, "val")
		w.bold = v != "0" && v != "false"
	case "t":
		w.inText = true
	case "tab":
		w.flow.say(" ", false)
	case "br", "cr":
		w.flow.breakLine()
	case "tr":
		w.flow.startRow()
	case "tc":
		w.flow.startCell()
	}
}

func (w *wordWalk) end(t xml.EndElement) {
	if !wordSpace[t.Name.Space] {
		return
	}
	switch t.Name.Local {
	case "t":
		w.inText = false
	case "p":
		w.flow.block(0, 0)
	case "tc":
		w.flow.endCell()
	case "tr":
		w.flow.endRow()
	}
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
