package document

import (
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// pageFlow makes lines of text, as every reader does, of what stands on a page.
type pageFlow struct {
	out *lines
	// body is the size of most letters; headings are larger.
	body  float64
	sizes []float64 // of headings, largest first
	// extent is how far the text of the page at hand reaches, and right its
	// right edge.
	extent gutter
	right  float64
}

// page adds one page. Its tables stand where they begin.
func (f *pageFlow) page(p *sheet) {
	rest := p.lines
	f.extent = extent(rest)
	f.right = f.extent.x1
	for i := range p.tables {
		f.right = max(f.right, p.tables[i].grid.xs[p.tables[i].grid.columns()])
	}
	for i := range p.tables {
		t := &p.tables[i]
		above := 0
		for above < len(rest) && rest[above].y < t.top {
			above++
		}
		f.bands(rest[:above])
		rest = rest[above:]
		f.out.add(line{})
		f.table(t)
	}
	f.bands(rest)
	f.out.add(line{})
}

// table adds the rows of a drawn table. One with a single column is a frame
// around text, which flows on.
func (f *pageFlow) table(t *sheetTable) {
	n := t.grid.columns()
	for r := range t.grid.rows() {
		cells := make([]string, n)
		said := 0
		for c := range n {
			field := r*n + c
			if t.grid.cells[field] != field || len(t.cells[field]) == 0 {
				continue
			}
			if n == 1 {
				f.bands(t.cells[field])
				f.out.add(line{})
				continue
			}
			right := t.right(field)
			cells[c] = f.cell(t.cells[field], right)
			said++
		}
		if said > 0 {
			f.row(cells)
		}
	}
}

// cell is the text of a cell, its paragraphs parted by line breaks.
func (f *pageFlow) cell(ls []textLine, right float64) string {
	inner := lines{}
	sub := pageFlow{out: &inner, body: f.body}
	var run []chunk
	for i := range ls {
		run = append(run, whole(&ls[i]))
	}
	sub.reflow(run, right-cellPadding)
	return (Document{Blocks: inner.blocks()}).Text()
}

func (f *pageFlow) row(cells []string) {
	if text := rowText(cells); text != "" {
		f.out.add(line{kind: Row, text: text, cells: cells})
	}
}

// cellPadding is how far text stays from the border of its cell, in points:
// Word leaves 5.4, others less.
const cellPadding = 5

// whole is a line as one chunk.
func whole(l *textLine) chunk {
	c := l.chunks[0]
	c.text, c.y = l.text(), l.y
	for i := range l.chunks[1:] {
		next := &l.chunks[i+1]
		c.x1, c.size = max(c.x1, next.x1), max(c.size, next.size)
		c.bold = c.bold && next.bold
	}
	return c
}

// bandMost is how many lines of text one band of columns may have.
const bandMost = 400

// bands reads lines from top to bottom, and by columns where there are some.
func (f *pageFlow) bands(ls []textLine) {
	var plain []chunk
	flush := func() {
		f.reflow(plain, f.right)
		plain = plain[:0]
	}
	for i := 0; i < len(ls); {
		if n, gutters := f.columnsAt(ls[i:]); n > 0 {
			flush()
			f.columns(ls[i:i+n], gutters)
			i += n
			continue
		}
		if l := &ls[i]; len(l.chunks) > 1 {
			flush()
			cells := make([]string, len(l.chunks))
			for k := range l.chunks {
				cells[k] = squeeze(l.chunks[k].text)
			}
			f.row(cells)
		} else {
			plain = append(plain, l.chunks[0])
		}
		i++
	}
	flush()
}

// reflow joins the lines of each paragraph, and marks where paragraphs part.
// The right edge is the text's own when none is given.
func (f *pageFlow) reflow(run []chunk, right float64) {
	if len(run) == 0 {
		return
	}
	if math.IsInf(right, -1) {
		for i := range run {
			right = max(right, run[i].x1)
		}
	}
	lead := leading(run)
	text, first := run[0].text, 0
	for i := 1; i <= len(run); i++ {
		if i < len(run) && wraps(&run[i-1], &run[i], right, lead) {
			text = glue(text, run[i].text)
			continue
		}
		f.say(text, run[first:i])
		if i < len(run) {
			if run[i].y-run[i-1].y > 1.35*lead {
				f.out.add(line{})
			}
			text, first = run[i].text, i
		}
	}
}

// leading is the usual distance of lines: the most common one, in half points.
func leading(run []chunk) float64 {
	count := map[int]int{}
	best := 0
	for i := 1; i < len(run); i++ {
		d := int(math.Round(2 * (run[i].y - run[i-1].y)))
		if float64(d) < 0.8*2*run[i].size || float64(d) > 2.2*2*run[i].size {
			continue
		}
		count[d]++
		if count[d] > count[best] || count[d] == count[best] && d < best {
			best = d
		}
	}
	if best == 0 {
		return 1.25 * run[0].size
	}
	return float64(best) / 2
}

// wraps reports whether a line goes on in the next: it is full, so that the
// next one's first word found no room, and nothing begins there.
func wraps(a, b *chunk, right, lead float64) bool {
	if math.Abs(a.size-b.size) > 0.6 || b.y-a.y > 1.15*max(lead, 1.1*a.size) || begun(b.text) || a.bold && !b.bold {
		return false
	}
	if strings.HasSuffix(a.text, "\u00ad") {
		return true
	}
	word, _, _ := strings.Cut(b.text, " ")
	letters := max(utf8.RuneCountInString(b.text), 1)
	room := (b.x1-b.x0)*float64(utf8.RuneCountInString(word))/float64(letters) + 0.25*b.size
	r, _ := utf8.DecodeRuneInString(b.text)
	if a.x1+room < right-0.5 || unicode.IsUpper(r) && a.x1-a.x0 < fullShare*(right-a.x0) {
		return false
	}
	if b.bold && !a.bold {
		return unicode.IsLower(r)
	}
	return true
}

// fullShare is how much of its column a line fills at least that a capital
// goes on: in narrow columns a long word never finds room.
const fullShare = 0.7

// begun reports whether a line begins an item.
func begun(text string) bool {
	_, item := bulleted(text)
	return item || numbered(text) > 0 || onlyMarker(text)
}

// glue joins two lines of a paragraph. A hyphen at the end stays, a soft one
// and a typographic one before a small letter do not.
func glue(a, b string) string {
	r, _ := utf8.DecodeRuneInString(b)
	switch {
	case strings.HasSuffix(a, "\u00ad"):
		return strings.TrimSuffix(a, "\u00ad") + b
	case strings.HasSuffix(a, "\u2010") && unicode.IsLower(r):
		return strings.TrimSuffix(a, "\u2010") + b
	case strings.HasSuffix(a, "-") && !strings.HasSuffix(a, " -") && unicode.IsLetter(r):
		return a + b
	}
	return a + " " + b
}

// say adds one paragraph, a heading when its letters are large.
func (f *pageFlow) say(text string, of []chunk) {
	l := line{text: text, bold: true}
	size := 0.0
	for i := range of {
		l.bold = l.bold && of[i].bold
		size = max(size, of[i].size)
	}
	if f.large(size) && titleShape(squeeze(text)) {
		l.kind, l.level = Heading, 1+slices.IndexFunc(f.sizes, func(s float64) bool { return s <= size+0.3 })
		f.out.add(line{})
	}
	f.out.add(l)
}

// large reports whether letters of a size are a heading's.
func (f *pageFlow) large(size float64) bool {
	return len(f.sizes) > 0 && size >= largeShare*f.body
}

// largeShare is how much larger than the body a heading is at least.
const largeShare = 1.12

// titleShape reports whether text in large letters is a heading.
func titleShape(text string) bool {
	if _, item := bulleted(text); item || text == "" || len(text) > headingBytes {
		return false
	}
	switch text[len(text)-1] {
	case '.', ',', ';':
		return false
	}
	letters := 0
	for _, r := range text {
		if unicode.IsLetter(r) {
			letters++
		}
	}
	return letters > 2
}
