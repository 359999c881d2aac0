package document

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode"
)

// How letters make words and columns, in parts of their size.
const (
	wordGapLeast   = 0.16 // less is the space between letters
	columnGapLeast = 1.5  // more parts a line's columns
	markGapLeast   = 0.6  // parts a mark from what it marks
	sameLine       = 0.35 // baselines that differ less are one line
	// markerGap is how far, in points, a bullet may stand before its text.
	markerGap = 50
)

// chunk is a run of words on one line, with no column's gap within.
type chunk struct {
	x0, x1, y, size float64
	text            string
	bold            bool // every letter of it
}

func (c *chunk) middle() float64 { return (c.x0 + c.x1) / 2 }

// textLine is what stands on one baseline, from left to right.
type textLine struct {
	y      float64
	chunks []chunk
}

func (l *textLine) size() float64 {
	size := 0.0
	for i := range l.chunks {
		size = max(size, l.chunks[i].size)
	}
	return size
}

// text is all that a line says.
func (l *textLine) text() string {
	var b strings.Builder
	for i := range l.chunks {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(l.chunks[i].text)
	}
	return b.String()
}

// textLines gathers a page's letters into lines from top to bottom. Lines cut
// by an upright rule, as cells are, are cut into chunks there.
func textLines(glyphs []glyph, uprights []segment) []textLine {
	glyphs = distinct(glyphs)
	slices.SortStableFunc(glyphs, func(a, b glyph) int { return cmp.Compare(a.y, b.y) })
	var out []textLine
	for len(glyphs) > 0 {
		n, size := 1, glyphs[0].size
		for n < len(glyphs) && glyphs[n].y-glyphs[0].y <= sameLine*max(size, glyphs[n].size) {
			size = max(size, glyphs[n].size)
			n++
		}
		if l := lineOf(glyphs[:n], uprights); len(l.chunks) > 0 {
			out = append(out, l)
		}
		glyphs = glyphs[n:]
	}
	return out
}

// distinct leaves out letters that are drawn twice to look bold.
func distinct(glyphs []glyph) []glyph {
	type place struct {
		x, y int
		text string
	}
	seen := make(map[place]float64, len(glyphs))
	out := glyphs[:0]
	for _, g := range glyphs {
		p := place{int(math.Round(g.x0 / 2)), int(math.Round(g.y)), g.text}
		twice := false
		for _, dx := range []int{-1, 0, 1} {
			at, ok := seen[place{p.x + dx, p.y, p.text}]
			twice = twice || ok && math.Abs(at-g.x0) < 0.12*g.size
		}
		if !twice || strings.TrimSpace(g.text) == "" {
			out = append(out, g)
		}
		seen[p] = g.x0
	}
	return out
}

// lineOf makes one line of its letters.
func lineOf(glyphs []glyph, uprights []segment) textLine {
	glyphs = slices.Clone(glyphs)
	slices.SortStableFunc(glyphs, func(a, b glyph) int { return cmp.Compare(a.x0, b.x0) })
	var w lineWriter
	w.uprights = uprights
	for _, g := range glyphs {
		w.put(g)
	}
	w.end()
	l := textLine{chunks: joinMarkers(w.chunks)}
	for i := range l.chunks {
		if i == 0 || l.chunks[i].size > l.chunks[0].size {
			l.y = l.chunks[i].y
		}
	}
	return l
}

// lineWriter writes chunks as letters come from left to right.
type lineWriter struct {
	uprights []segment
	chunks   []chunk
	b        strings.Builder
	now      chunk
	letters  int
	bold     int
	spaced   bool
}

func (w *lineWriter) put(g glyph) {
	if strings.TrimSpace(g.text) == "" && g.text != "\u00ad" {
		w.spaced = w.b.Len() > 0
		return
	}
	if w.b.Len() > 0 {
		gap := g.x0 - w.now.x1
		if gap > columnGapLeast*g.size || gap > 1 && w.cut(w.now.x1, g) || gap > markGapLeast*g.size && marks(w.b.String()) {
			w.end()
		} else if w.spaced || gap > wordGapLeast*g.size {
			w.b.WriteByte(' ')
		}
	}
	w.spaced = false
	if w.b.Len() == 0 {
		w.now = chunk{x0: g.x0, y: g.y}
	}
	w.b.WriteString(g.text)
	w.now.x1 = max(w.now.x1, g.x1)
	if g.size > w.now.size {
		w.now.size, w.now.y = g.size, g.y
	}
	for _, r := range g.text {
		if unicode.IsLetter(r) {
			w.letters++
			if g.bold {
				w.bold++
			}
		}
	}
}

// cut reports whether an upright rule stands between x and a letter.
func (w *lineWriter) cut(x float64, g glyph) bool {
	for _, s := range w.uprights {
		if s.x0 > x-0.5 && s.x0 < g.x0+0.5 && s.y0 <= g.y && s.y1 >= g.y-0.3*g.size {
			return true
		}
	}
	return false
}

func (w *lineWriter) end() {
	if w.b.Len() > 0 {
		w.now.text, w.now.bold = w.b.String(), w.letters > 0 && w.letters == w.bold
		w.chunks = append(w.chunks, w.now)
	}
	w.b.Reset()
	w.now, w.letters, w.bold, w.spaced = chunk{}, 0, 0, false
}

// joinMarkers puts bullets and numbers before the text they mark.
func joinMarkers(chunks []chunk) []chunk {
	var out []chunk
	for i := 0; i < len(chunks); i++ {
		c := chunks[i]
		if i+1 < len(chunks) && chunks[i+1].x0-c.x1 < markerGap && marks(c.text) {
			next := chunks[i+1]
			text := c.text
			if text == "o" { // the hollow bullet of word processors
				text = "◦"
			}
			next.text, next.x0 = text+" "+next.text, c.x0
			c = next
			i++
		}
		if c.text == dot {
			continue // a figure that marks nothing
		}
		out = append(out, c)
	}
	return out
}

// marks reports whether a chunk is a bullet or a number by itself. Ticks are
// what a table says, not bullets.
func marks(text string) bool {
	return !ticked(text) && (text == "o" || text == dot || onlyMarker(text))
}
