package document

import "strings"

// Limits of what is read of one document. They are far above any advert: the
// longest application packs hold well under 100,000 letters.
const (
	// MaxText is how many bytes of text are read; what follows is left out.
	MaxText = 5 << 20
	// MaxBlocks is how many blocks a document holds at most.
	MaxBlocks = 200_000
	// MaxDepth is how deep lists and tables may nest. What lies deeper is read
	// as if it stood at this depth.
	MaxDepth = 512
)

// Kind says what a block is.
type Kind int

// The kinds of block.
const (
	Heading   Kind = iota + 1 // a title over what follows
	Paragraph                 // running text
	Item                      // one item of a list
	Row                       // one row of a table
)

// String names the kind as golden files write it.
func (k Kind) String() string {
	switch k {
	case Heading:
		return "heading"
	case Paragraph:
		return "paragraph"
	case Item:
		return "item"
	case Row:
		return "row"
	}
	return "unknown"
}

// Block is one piece of a document. Text has no markup, no line breaks and no
// runs of white space. It is never empty.
type Block struct {
	Kind Kind
	// Level is the depth of a heading (1 is the highest, 0 when the source
	// does not tell) or of a list item (1 is the outermost). Else zero.
	Level int
	Text  string
	// Cells are a row's cells in order, empty ones kept. A cell that holds
	// several blocks has them separated by newlines. Text is then the cells
	// that say something, joined by " | ". Nil for other kinds.
	Cells []string
}

// Document is what was read of one file, in reading order.
type Document struct {
	Blocks []Block
	// Notes are plain sentences on what of the file was not read.
	Notes []string
}

// Text is the blocks joined by newlines.
func (d Document) Text() string {
	var b strings.Builder
	for i := range d.Blocks {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(d.Blocks[i].Text)
	}
	return b.String()
}
