package document

import (
	"strings"
	"unicode"
)

// flow turns a stream of text and structure, as HTML and word processors have
// it, into lines. Its caller says where lines, blocks, rows and cells begin
// and end; missing ends are forgiven.
type flow struct {
	lines  lines
	tables []table
	buf    strings.Builder
	// Letters of the current line, and how many of them are bold.
	letters, bold int
	kind          Kind
	level         int
}

// table is a row being read, and what was being read around it.
type table struct {
	outer  lines
	cells  []lines
	inCell bool
	// across is set while the first cell covers every column so far.
	across bool
}

// say adds text to the current line.
func (f *flow) say(s string, bold bool) {
	f.buf.WriteString(s)
	for _, r := range s {
		if unicode.IsLetter(r) {
			f.letters++
			if bold {
				f.bold++
			}
		}
	}
}

// breakLine ends the current line. Within an item or heading that markup
// declares it is no more than white space.
func (f *flow) breakLine() {
	if f.kind != 0 {
		f.buf.WriteByte(' ')
		return
	}
	f.lines.add(f.take())
}

// take gives the current line and begins another.
func (f *flow) take() line {
	l := line{kind: f.kind, level: f.level, text: f.buf.String(), bold: f.letters > 0 && f.bold == f.letters}
	f.buf.Reset()
	f.letters, f.bold = 0, 0
	return l
}

// block ends the current block and begins one of the given kind, zero for
// plain text.
func (f *flow) block(kind Kind, level int) {
	l := f.take()
	l.text = squeeze(l.text)
	if l.text != "" {
		f.lines.add(l)
		if l.kind == Item {
			// What follows in the same item is text of its own.
			f.kind, f.level = 0, 0
		}
	}
	if f.kind == 0 || kind != 0 {
		f.lines.add(line{})
	}
	f.kind, f.level = kind, level
}

// startRow begins a row of a table.
func (f *flow) startRow() {
	f.block(0, 0)
	if len(f.tables) >= MaxDepth {
		return
	}
	f.tables = append(f.tables, table{outer: f.lines})
	f.lines = lines{text: f.lines.text, marked: f.lines.marked}
}

// startCell begins a cell of the current row.
func (f *flow) startCell() {
	if len(f.tables) == 0 {
		return
	}
	f.endCell()
	t := &f.tables[len(f.tables)-1]
	t.inCell = true
	t.across = t.across && len(t.cells) == 0
}

// endCell ends the current cell, if there is one.
func (f *flow) endCell() {
	if len(f.tables) == 0 {
		return
	}
	f.block(0, 0)
	t := &f.tables[len(f.tables)-1]
	if t.inCell || len(f.lines.all) > 0 {
		t.cells = append(t.cells, f.lines)
		f.lines = lines{text: f.lines.text, marked: f.lines.marked}
	}
	t.inCell = false
}

// span adds the columns that the last cell covers beside its own.
func (f *flow) span(more int) {
	if len(f.tables) == 0 || more == 0 {
		return
	}
	t := &f.tables[len(f.tables)-1]
	t.across = len(t.cells) == 1
	for range more {
		t.cells = append(t.cells, lines{})
	}
}

// layout reports whether a row is only layout: it has one cell, and that holds
// more than the title of the rows below.
func (t *table) layout() bool {
	return len(t.cells) == 1 || t.across && len(t.cells[0].all) > 2
}

// endRow ends the current row. A row of one cell is only layout, and its lines
// flow on as if there were no table.
func (f *flow) endRow() {
	if len(f.tables) == 0 {
		return
	}
	f.endCell()
	last := len(f.tables) - 1
	t := f.tables[last]
	f.tables = f.tables[:last]
	taken := f.lines.text
	f.lines = t.outer
	f.lines.text = taken
	if t.layout() {
		f.lines.all = append(f.lines.all, t.cells[0].all...)
		f.lines.add(line{})
		return
	}
	row := line{kind: Row}
	for i := range t.cells {
		row.cells = append(row.cells, (Document{Blocks: t.cells[i].blocks()}).Text())
	}
	if row.text = rowText(row.cells); row.text == "" {
		return
	}
	f.lines.all = append(f.lines.all, row)
}

// document ends everything that is open and gives what was read.
func (f *flow) document() Document {
	for len(f.tables) > 0 {
		f.endRow()
	}
	f.block(0, 0)
	return Document{Blocks: f.lines.blocks()}
}
