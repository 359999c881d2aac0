package normalise

import (
	"strings"

	"github.com/sendwatch/sendwatch/document"
	"github.com/sendwatch/sendwatch/taxonomy"
)

// row reads a row of a table: one that names columns, one of a person
// specification, a heading across the table, or a label with its value.
func (w *walk) row(b *document.Block) {
	said := nonempty(b.Cells)
	if len(said) == 1 && w.banner(said[0]) {
		return
	}
	if columns := w.header(b.Cells); columns != nil {
		w.columns = columns
		return
	}
	if w.columns != nil {
		w.specified(b.Cells)
		return
	}
	if section, rest := rowCode(said); section != "" {
		for _, text := range rest {
			w.cell(text, taxonomy.PartRequirements, section)
		}
		return
	}
	switch {
	case len(said) == 2 && len(said[0]) <= 60 && letters(said[0]) > 1:
		w.add(passage{text: said[0] + ": " + strings.ReplaceAll(said[1], "\n", "; "), kind: document.Row,
			label: trimLabel(said[0]), value: strings.ReplaceAll(said[1], "\n", "; ")})
	default:
		for _, cell := range said {
			w.cell(cell, "", "")
		}
	}
}

// across reports whether blocks begin with a line that stands across a table,
// whose columns go on below it.
func (w *walk) across(blocks []document.Block) bool {
	return w.columns != nil && len(blocks) > 1 && len(blocks[0].Text) <= headerBytes && blocks[1].Kind == document.Row &&
		len(blocks[1].Cells) == len(w.columns) && !levelled.in(fold(blocks[0].Text))
}

// banner reads a row of one cell that is a heading with a level of its own, such
// as "Desirable criteria" across the table; it rules the rows below it.
func (w *walk) banner(text string) bool {
	if len(text) > headerBytes || strings.Contains(text, "\n") || !levelled.in(fold(text)) {
		return false
	}
	part, section, ok := w.partOf(text)
	if !ok || section == taxonomy.SectionNone {
		return false
	}
	w.part, w.section, w.level, w.topic, w.columns = part, section, 0, topic(text), nil
	w.add(passage{text: text, kind: document.Heading})
	return true
}

// rowCode reads a row one of whose cells says only E or D, as many person
// specifications do; rest are the other cells.
func rowCode(cells []string) (section taxonomy.Section, rest []string) {
	for _, cell := range cells {
		if s := coded(cell); s != "" && section == "" {
			section = s
			continue
		}
		if !assessed.MatchString(strings.TrimSpace(cell)) {
			rest = append(rest, cell)
		}
	}
	if len(rest) == 0 {
		return "", nil
	}
	return section, rest
}
