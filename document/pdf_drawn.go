package document

import (
	"math"
	"strings"
)

// pdfRules is how many drawn lines of one page are kept.
const pdfRules = 20_000

// glyph is one letter on a page, in points, y growing downwards.
type glyph struct {
	x0, x1, y, size float64
	text            string
	bold            bool
}

// segment is a drawn line that is level or upright.
type segment struct{ x0, y0, x1, y1 float64 }

// drawn is what one page holds.
type drawn struct {
	glyphs []glyph
	rules  []segment
	// pictures counts images, hidden the letters that are not painted, as those
	// that a scanner's software lays under its picture; unknown those of which
	// nobody says what they mean.
	pictures, hidden, unknown int
}

// letters is how many letters a page has.
func (d *drawn) letters() int {
	n := 0
	for i := range d.glyphs {
		if d.glyphs[i].text != dot {
			n++
		}
	}
	return n
}

// pageCanvas is what is drawn on one page, by the direction in which text runs.
type pageCanvas struct {
	turns [4]drawn
	rules []segment
	dots  []segment // small filled figures
	// pictures counts images.
	pictures int
}

// put keeps one letter with those that run in the same direction. Slanted ones
// are watermarks.
func (c *pageCanvas) put(at affine, width float64, text string, p *pen) {
	if !sane(at.e) || !sane(at.f) {
		return
	}
	along, size := math.Hypot(at.a, at.b), math.Hypot(at.c, at.d)
	if along == 0 || size < 0.5 || size > 1000 {
		return
	}
	cos, sin := at.a/along, at.b/along
	turn := 0
	x, y := at.e, -at.f
	switch {
	case cos > 0.98:
	case sin > 0.98: // upwards
		turn, x, y = 1, at.f, at.e
	case cos < -0.98:
		turn, x, y = 2, -at.e, at.f
	case sin < -0.98: // downwards
		turn, x, y = 3, -at.f, -at.e
	default:
		return
	}
	d := &c.turns[turn]
	w := width * along
	if !sane(w) || w < 0 {
		w = 0
	}
	if text == "" {
		// The rest of a passage that something else stands for.
		if n := len(d.glyphs) - 1; n >= 0 && p.replaced && d.glyphs[n].y == y {
			d.glyphs[n].x1 = max(d.glyphs[n].x1, x+w)
		}
		return
	}
	if p.mode == 3 {
		d.hidden++
	}
	if strings.ContainsRune(text, '\ufffd') {
		d.unknown++
	}
	d.glyphs = append(d.glyphs, glyph{x0: x, x1: x + w, y: y, size: size, text: text, bold: p.font.bold || p.mode == 2})
}

// sane reports whether a coordinate can stand on paper.
func sane(x float64) bool { return x > -1e5 && x < 1e5 }

// upright is the page turned so that most of its text runs level. What runs
// otherwise is left out: marks at the margin.
func (c *pageCanvas) upright() drawn {
	best := 0
	for i := range c.turns {
		if len(c.turns[i].glyphs) > len(c.turns[best].glyphs) {
			best = i
		}
	}
	d := c.turns[best]
	d.pictures = c.pictures
	for _, s := range c.rules {
		d.rules = append(d.rules, turned(s, best))
	}
	for _, s := range c.dots {
		s = turned(s, best)
		// Its baseline is somewhat below its middle; text on that line says how
		// much.
		d.glyphs = append(d.glyphs, glyph{x0: s.x0, x1: s.x1, y: (s.y0+s.y1)/2 + dotRise, size: 1, text: dot})
	}
	return d
}

// dot is the bullet that a small filled figure may be, and dotRise how high it
// stands over its line, in points.
const (
	dot     = "\u2022\u200b"
	dotRise = 3
)

// turned is a line of the page as text that runs in a direction sees it.
func turned(s segment, turn int) segment {
	switch turn {
	case 0:
		s = segment{s.x0, -s.y0, s.x1, -s.y1}
	case 1:
		s = segment{s.y0, s.x0, s.y1, s.x1}
	case 2:
		s = segment{-s.x0, s.y0, -s.x1, s.y1}
	case 3:
		s = segment{-s.y0, -s.x0, -s.y1, -s.x1}
	}
	return segment{min(s.x0, s.x1), min(s.y0, s.y1), max(s.x0, s.x1), max(s.y0, s.y1)}
}
