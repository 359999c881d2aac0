package document

import (
	"regexp"
	"strings"
)

// FromText reads plain text: one block for each line that is not the rest of
// the line before it. Items are known by their bullets and numbers, headings
// by capitals or by standing short over something, rows by tabs.
func FromText(s string) Document {
	var ls lines
	for raw := range strings.Lines(capped(s)) {
		ls.addText(raw)
	}
	return Document{Blocks: ls.blocks()}
}

// capped cuts s to what a document may hold.
func capped(s string) string {
	if len(s) > MaxText {
		return s[:MaxText]
	}
	return s
}

// pasted finds the end tags of markup that was pasted into plain text.
var pasted = regexp.MustCompile(`(?i)</(?:p|ul|ol|li|div|span|pre|strong|b|em|h[1-6]|table|td)>`)

// addText adds one raw line of plain text. A carriage return alone also ends
// a line, as old word processors write it.
func (ls *lines) addText(raw string) {
	for raw != "" {
		one, rest, _ := strings.Cut(raw, "\r")
		raw = rest
		ls.addTabbed(one)
	}
}

// addTabbed adds a line whose tabs may part the cells of a row.
func (ls *lines) addTabbed(one string) {
	if pasted.MatchString(one) {
		one = tagless(one)
	}
	if !strings.Contains(one, "\t") {
		ls.add(line{text: one})
		return
	}
	var cells []string
	for cell := range strings.SplitSeq(strings.TrimSpace(one), "\t") {
		cells = append(cells, squeeze(cell))
	}
	switch {
	case len(cells) == 1:
		ls.add(line{text: cells[0]})
	case onlyMarker(cells[0]):
		// A bullet or number with a tab behind it.
		ls.add(line{text: cells[0] + " " + strings.Join(cells[1:], " ")})
	default:
		ls.add(line{kind: Row, text: rowText(cells), cells: cells})
	}
}
