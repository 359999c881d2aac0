package document

import (
	"cmp"
	"math"
	"regexp"
	"slices"
	"strings"
)

// sheet is one page: its drawn tables, and the lines that stand outside them.
type sheet struct {
	lines  []textLine
	tables []sheetTable
}

// sheetTable is a drawn table with what stands in its cells.
type sheetTable struct {
	grid  grid
	top   float64
	cells map[int][]textLine // by their first field
}

// right is the right edge of a cell.
func (t *sheetTable) right(field int) float64 {
	n := t.grid.columns()
	c := field % n
	for c+1 < n && t.grid.cells[field/n*n+c+1] == field {
		c++
	}
	return t.grid.xs[c+1]
}

// sheetOf sorts what was drawn on a page.
func sheetOf(d drawn) sheet {
	found := grids(d.rules)
	var uprights []segment
	for _, s := range d.rules {
		if !s.level() {
			uprights = append(uprights, s)
		}
	}
	p := sheet{tables: make([]sheetTable, len(found))}
	for i := range found {
		p.tables[i] = sheetTable{grid: found[i], top: found[i].ys[0], cells: map[int][]textLine{}}
	}
	for _, l := range textLines(d.glyphs, uprights) {
		p.place(l)
	}
	p.tables = slices.DeleteFunc(p.tables, func(t sheetTable) bool { return len(t.cells) == 0 })
	return p
}

// place puts the chunks of a line into the cells where they stand.
func (p *sheet) place(l textLine) {
	var rest textLine
	for _, c := range l.chunks {
		t, cell := p.at(c.middle(), c.y-0.3*c.size)
		if t == nil {
			rest.chunks = append(rest.chunks, c)
			continue
		}
		in := t.cells[cell]
		if n := len(in) - 1; n >= 0 && math.Abs(in[n].y-c.y) < sameLine*c.size {
			in[n].chunks = append(in[n].chunks, c)
		} else {
			in = append(in, textLine{y: c.y, chunks: []chunk{c}})
		}
		t.cells[cell] = in
	}
	if len(rest.chunks) > 0 {
		rest.y = l.y
		p.lines = append(p.lines, rest)
	}
}

// at is the innermost table at a point, and the cell there.
func (p *sheet) at(x, y float64) (*sheetTable, int) {
	var best *sheetTable
	for i := range p.tables {
		t := &p.tables[i]
		if t.grid.holds(x, y) && (best == nil || t.width() < best.width()) {
			best = t
		}
	}
	if best == nil {
		return nil, 0
	}
	return best, best.grid.cell(x, y)
}

func (t *sheetTable) width() float64 { return t.grid.xs[len(t.grid.xs)-1] - t.grid.xs[0] }

// Where running heads and feet stand: so many lines from the top and bottom.
const (
	headLines = 2
	footLines = 3
)

// pageNumber is a line that only counts pages.
var pageNumber = regexp.MustCompile(`(?i)^(?:page|p\.?)?\s*[-–|]?\s*#(?:\s*(?:of|/|\|)\s*#)?\s*(?:page)?[-–|]?$`)

var digits = regexp.MustCompile(`[0-9]+`)

// withoutMargins takes out what repeats at the head and foot of pages, and the
// pages' numbers. The first of several heads stays: it names the school.
func withoutMargins(sheets []sheet) {
	heads, feet := map[string]int{}, map[string]int{}
	for i := range sheets {
		for k := range sheets[i].lines {
			key, head, foot := sheets[i].margin(k)
			if head {
				heads[key]++
			}
			if foot {
				feet[key]++
			}
		}
	}
	repeats := func(n int) bool { return n >= 2 && n*5 >= len(sheets)*3 }
	kept := map[string]bool{}
	for i := range sheets {
		p := &sheets[i]
		var rest []textLine
		for k := range p.lines {
			key, head, foot := p.margin(k)
			out := foot && repeats(feet[key]) || (head || foot) && pageNumber.MatchString(key)
			if head && repeats(heads[key]) {
				out = out || kept[key]
				kept[key] = true
			}
			if !out {
				rest = append(rest, p.lines[k])
			}
		}
		p.lines = rest
	}
}

// margin tells whether a line stands at the head or the foot of its page, and
// what it says there but for numbers.
func (p *sheet) margin(k int) (key string, head, foot bool) {
	head, foot = k < headLines, k >= len(p.lines)-footLines
	for i := range p.tables {
		t := &p.tables[i]
		head = head && p.lines[k].y < t.top
		foot = foot && p.lines[k].y > t.top
	}
	if !head && !foot {
		return "", false, false
	}
	foot = foot && !head // of a page with little on it the first stays
	return digits.ReplaceAllString(strings.ToLower(squeeze(p.lines[k].text())), "#"), head, foot
}

// bodySize is the size of most letters, and the larger sizes of headings.
func bodySize(sheets []sheet) (body float64, larger []float64) {
	letters := map[float64]int{}
	each := func(ls []textLine) {
		for i := range ls {
			for _, c := range ls[i].chunks {
				letters[math.Round(2*c.size)/2] += len(c.text)
			}
		}
	}
	for i := range sheets {
		each(sheets[i].lines)
		for k := range sheets[i].tables {
			for _, ls := range sheets[i].tables[k].cells {
				each(ls)
			}
		}
	}
	for size, n := range letters {
		if n > letters[body] || n == letters[body] && size < body {
			body = size
		}
	}
	for size := range letters {
		if size >= largeShare*body {
			larger = append(larger, size)
		}
	}
	slices.SortFunc(larger, func(a, b float64) int { return cmp.Compare(b, a) })
	return body, larger
}
