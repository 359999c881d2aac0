package normalise

import (
	"strings"

	"github.com/sendwatch/sendwatch/document"
	"github.com/sendwatch/sendwatch/taxonomy"
)

// row reads a row of a table: one that names columns, one of a person
// specification, or a label with its value.
func (w *walk) row(b *document.Block) {
	if columns := w.header(b.Cells); columns != nil {
		w.columns = columns
		return
	}
	if w.columns != nil {
		w.specified(b.Cells)
		return
	}
	said := nonempty(b.Cells)
	if section, rest, ok := w.coded(said); ok {
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

// header reads a row whose cells name sections: the columns of a person
// specification. It gives nil for any other row.
func (w *walk) header(cells []string) []taxonomy.Section {
	columns := make([]taxonomy.Section, len(cells))
	found := false
	for i, cell := range cells {
		if len(cell) > 60 {
			return nil
		}
		columns[i] = taxonomy.SectionNone
		if _, section, ok := w.taxonomy.Part(cell); ok && section != taxonomy.SectionNone && levelled.in(fold(cell)) {
			columns[i], found = section, true
		}
	}
	if !found {
		return nil
	}
	return columns
}

// specified adds a row's cells under the sections of their columns. The other
// columns hold a heading or how a thing is assessed.
func (w *walk) specified(cells []string) {
	about := ""
	for i, cell := range cells {
		if i >= len(w.columns) || w.columns[i] == taxonomy.SectionNone {
			about = topic(cell)
			continue
		}
		w.topic = about
		w.cell(cell, taxonomy.PartRequirements, w.columns[i])
	}
	w.topic = ""
}

// coded reads a row one of whose cells says only E or D, as many person
// specifications do.
func (w *walk) coded(cells []string) (section taxonomy.Section, rest []string, ok bool) {
	for _, cell := range cells {
		switch strings.ToLower(strings.Trim(cell, " ().*")) {
		case "e", "essential":
			section, ok = taxonomy.SectionEssential, true
		case "d", "desirable":
			section, ok = taxonomy.SectionDesirable, true
		default:
			rest = append(rest, cell)
		}
	}
	return section, rest, ok && len(rest) > 0
}

// cell adds the blocks of one cell.
func (w *walk) cell(cell string, part taxonomy.Part, section taxonomy.Section) {
	for text := range strings.SplitSeq(cell, "\n") {
		w.add(passage{text: text, kind: document.Row, part: part, section: section})
	}
}

func nonempty(cells []string) []string {
	var said []string
	for _, c := range cells {
		if strings.TrimSpace(c) != "" {
			said = append(said, c)
		}
	}
	return said
}
