package document

import (
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// How wide, in points, the white between two columns is at least, and commonly.
const (
	gutterLeast = 5
	gutterWidth = 12
)

// gutter is white that runs down between two columns, and whether text was seen
// to its left and right.
type gutter struct {
	x0, x1      float64
	left, right bool
}

// columnsAt finds columns at the beginning of lines: how many lines stand in
// them, and the gutters between. It gives none where text runs across.
func (f *pageFlow) columnsAt(ls []textLine) (int, []gutter) {
	open := narrowed([]gutter{f.extent}, &ls[0])
	n := 1
	for n < min(len(ls), bandMost) && ls[n].y-ls[n-1].y < 5*ls[n].size() && !f.apart(ls, n) {
		next := narrowed(open, &ls[n])
		if len(next) == 0 || parts(open) && !parts(next) {
			break
		}
		open = next
		n++
	}
	if n < 2 || !parts(open) {
		return 0, nil
	}
	from, n := trimmed(ls[:n], open)
	if from > 0 || n < 2 {
		// What stands before the columns is read first.
		return 0, nil
	}
	open = []gutter{f.extent}
	for i := range ls[:n] {
		open = narrowed(open, &ls[i])
	}
	open = slices.DeleteFunc(open, func(g gutter) bool { return !g.left || !g.right })
	for _, g := range open {
		left, right := 0, 0
		for i := range ls[:n] {
			l, r := sides(&ls[i], g)
			if l {
				left++
			}
			if r {
				right++
			}
		}
		if left >= 2 && right >= 2 {
			return n, open
		}
	}
	return 0, nil
}

// apart reports whether line n is a heading with nothing beside it.
func (f *pageFlow) apart(ls []textLine, n int) bool {
	l := &ls[n]
	size := l.size()
	return len(l.chunks) == 1 && f.large(size) && l.y-ls[n-1].y > size && (n+1 == len(ls) || ls[n+1].y-l.y > size)
}

// parts reports whether white has text on both of its sides.
func parts(open []gutter) bool {
	return slices.ContainsFunc(open, func(g gutter) bool { return g.left && g.right })
}

// extent is how far text reaches to both sides.
func extent(ls []textLine) gutter {
	e := gutter{x0: math.Inf(1), x1: math.Inf(-1)}
	for i := range ls {
		for k := range ls[i].chunks {
			e.x0, e.x1 = min(e.x0, ls[i].chunks[k].x0), max(e.x1, ls[i].chunks[k].x1)
		}
	}
	return e
}

// narrowed is the white that a line leaves of given white.
func narrowed(open []gutter, l *textLine) []gutter {
	for i := range l.chunks {
		c := &l.chunks[i]
		var next []gutter
		for _, g := range open {
			switch {
			case c.x1 <= g.x0:
				g.left = true
				next = append(next, g)
				continue
			case c.x0 >= g.x1:
				g.right = true
				next = append(next, g)
				continue
			}
			if c.x0-g.x0 >= gutterLeast {
				next = append(next, gutter{g.x0, c.x0, g.left, true})
			}
			if g.x1-c.x1 >= gutterLeast {
				next = append(next, gutter{c.x1, g.x1, true, g.right})
			}
		}
		open = next
	}
	return open
}

// sides reports whether a line says something to the left and right of white.
func sides(l *textLine, g gutter) (left, right bool) {
	for i := range l.chunks {
		left = left || l.chunks[i].middle() < g.x0+0.01
		right = right || l.chunks[i].middle() > g.x1-0.01
	}
	return left, right
}

// trimmed leaves out what stands at one side only before and after the columns
// stand side by side.
func trimmed(ls []textLine, open []gutter) (from, to int) {
	beside := func(i int) bool {
		for _, g := range open {
			l, r := sides(&ls[i], g)
			for _, k := range []int{i - 1, i + 1} {
				if l == r || k < 0 || k >= len(ls) || math.Abs(ls[k].y-ls[i].y) > 1.8*ls[i].size() {
					continue
				}
				// Columns whose lines do not stand level. What stands alone at the left
				// over a line of both may be their title.
				if l2, r2 := sides(&ls[k], g); l2 && r || r2 && l && !l2 {
					return true
				}
			}
			if l && r {
				return true
			}
		}
		return false
	}
	from = 0
	for from < len(ls) && !beside(from) {
		from++
	}
	to = len(ls)
	for to > from && !beside(to-1) {
		to--
	}
	// Wrapped lines of a last cell, and the rest of a longer column, follow
	// closely.
	for to < len(ls) && to > from && ls[to].y-ls[to-1].y < 1.6*ls[to].size() {
		to++
	}
	return from, to
}

// column is what stands in one column of some lines, and in which of them.
type column struct {
	chunks []chunk
	lines  []int
}

func (c *column) add(at int, k chunk) {
	if n := len(c.lines) - 1; n >= 0 && c.lines[n] == at {
		c.chunks[n].text += " " + k.text
		c.chunks[n].x1 = max(c.chunks[n].x1, k.x1)
		return
	}
	c.chunks, c.lines = append(c.chunks, k), append(c.lines, at)
}

// columns reads lines that stand in columns: row by row when they are a table,
// else one column after the other.
func (f *pageFlow) columns(ls []textLine, gutters []gutter) {
	columns := make([]column, len(gutters)+1)
	for i := range ls {
		for _, c := range ls[i].chunks {
			at := 0
			for at < len(gutters) && c.middle() > gutters[at].x0 {
				at++
			}
			columns[at].add(i, c)
		}
	}
	f.out.add(line{})
	if tabular(ls, columns) {
		f.rows(ls, columns)
		return
	}
	for k := range columns {
		c := &columns[k]
		right := c.right()
		if !c.filled() && !c.listed() {
			// Its longest line need not be full.
			right = f.right
			if k < len(gutters) {
				right = gutters[k].x1 - gutterWidth
			}
		}
		f.reflow(c.chunks, right)
		f.out.add(line{})
	}
}

// rows reads columns as a table.
func (f *pageFlow) rows(ls []textLine, columns []column) {
	starts := append(rowStarts(ls, &columns[0]), len(ls))
	for r := range len(starts) - 1 {
		cells := make([]string, len(columns))
		for k := range columns {
			c := &columns[k]
			var in []textLine
			for i, at := range c.lines {
				if starts[r] <= at && at < starts[r+1] {
					in = append(in, textLine{y: c.chunks[i].y, chunks: c.chunks[i : i+1]})
				}
			}
			if len(in) > 0 {
				cells[k] = f.cell(in, c.right()+cellPadding)
			}
		}
		f.row(cells)
	}
}

// tabular tells the columns of a table from those of prose: prose fills its
// columns, and lists run down them.
func tabular(ls []textLine, columns []column) bool {
	beside := 0
	for i := range ls {
		if len(ls[i].chunks) > 1 {
			beside++
		}
	}
	if beside*3 < len(ls) {
		return false
	}
	prose := 0
	for k := range columns {
		if columns[k].filled() || columns[k].listed() {
			prose++
		}
	}
	first := &columns[0]
	switch {
	case prose == len(columns):
		return false
	case prose < len(columns)-1, !first.filled() && !first.listed():
		return true
	}
	// The first column says something in few of the lines, as labels do.
	return len(first.lines)*10 <= len(ls)*7
}

func (c *column) right() float64 {
	right := math.Inf(-1)
	for i := range c.chunks {
		right = max(right, c.chunks[i].x1)
	}
	return right
}

// filled reports whether most lines of a column reach its right edge, as the
// lines of paragraphs do.
func (c *column) filled() bool {
	if len(c.chunks) < 3 {
		return false
	}
	x0, x1 := math.Inf(1), c.right()
	words := 0
	for i := range c.chunks {
		x0 = min(x0, c.chunks[i].x0)
		words += 1 + strings.Count(c.chunks[i].text, " ")
	}
	full := 0
	for i := range c.chunks {
		if c.chunks[i].x1-x0 > 0.75*(x1-x0) {
			full++
		}
	}
	return full*2 > len(c.chunks) && words > 3*len(c.chunks)
}

// listed reports whether a column is mostly a list.
func (c *column) listed() bool {
	n := 0
	for i := range c.chunks {
		if _, ok := bulleted(squeeze(c.chunks[i].text)); ok {
			n++
		}
	}
	return n >= 2 && n*3 >= len(c.chunks)
}

// rowStarts are the lines in which the rows of a table begin that no rules
// part: after a wider gap, or where the first column says something new.
func rowStarts(ls []textLine, first *column) []int {
	gap := math.Inf(1)
	for i := 1; i < len(ls); i++ {
		if d := ls[i].y - ls[i-1].y; d > 0.8*ls[i].size() {
			gap = min(gap, d)
		}
	}
	wide := func(i int) bool { return ls[i].y-ls[i-1].y > 1.25*gap }
	spaced := 0
	for i := 1; i < len(ls); i++ {
		if wide(i) {
			spaced++
		}
	}
	starts := []int{0}
	for i := 1; i < len(ls); i++ {
		if wide(i) || spaced*4 < len(ls) && first.news(i) {
			starts = append(starts, i)
		}
	}
	return starts
}

// news reports whether a column begins something in a line.
func (c *column) news(at int) bool {
	i, ok := slices.BinarySearch(c.lines, at)
	if !ok {
		return false
	}
	r, _ := utf8.DecodeRuneInString(c.chunks[i].text)
	return !unicode.IsLower(r)
}
