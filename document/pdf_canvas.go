package document

import (
	"io"
	"strings"

	"github.com/ledongthuc/pdf"
)

// Limits of one PDF, over all its pages and the drawings that they share.
const (
	pdfContent = 64 << 20 // bytes of content after decompression
	pdfGlyphs  = 2 << 20  // letters; adverts have a few thousand
	pdfForms   = 12       // drawings within drawings
	pdfFonts   = 512      // fonts that are remembered
	formCost   = 4 << 10  // bytes of content that a drawing within counts for
)

// affine is a transformation of the plane: x' = a·x + c·y + e, y' = b·x + d·y + f.
type affine struct{ a, b, c, d, e, f float64 }

func (m affine) times(n affine) affine {
	return affine{
		m.a*n.a + m.b*n.c, m.a*n.b + m.b*n.d,
		m.c*n.a + m.d*n.c, m.c*n.b + m.d*n.d,
		m.e*n.a + m.f*n.c + n.e, m.e*n.b + m.f*n.d + n.f,
	}
}

func (m affine) point(x, y float64) (float64, float64) {
	return m.a*x + m.c*y + m.e, m.b*x + m.d*y + m.f
}

// canvas interprets the content of pages: it keeps where letters and lines
// stand, and paints nothing.
type canvas struct {
	content int // bytes left
	letters int // left
	fonts   map[string]*pdfFont
	// spent is set when a limit was reached.
	spent bool

	page *pageCanvas
}

// pen is the graphics state.
type pen struct {
	ctm                    affine
	font                   *pdfFont
	size, charGap, wordGap float64
	stretch, leading, rise float64
	mode                   int
	text, line             affine
	actual                 string // what a marked passage says, before its first letter
	replaced               bool   // the passage's letters say nothing themselves
}

func newCanvas() *canvas {
	return &canvas{content: pdfContent, letters: pdfGlyphs, fonts: map[string]*pdfFont{}}
}

// draw interprets one page and turns it so that most of its text runs level.
func (c *canvas) draw(page pdf.Page) drawn {
	c.page = &pageCanvas{}
	data := c.streams(page.V.Key("Contents"))
	c.run(data, resourcesOf(page.V), pen{ctm: affine{1, 0, 0, 1, 0, 0}, stretch: 1}, 0)
	return c.page.upright()
}

// resourcesOf are a page's fonts and drawings: its own or those of what it
// stands in, which may run in a circle.
func resourcesOf(v pdf.Value) pdf.Value {
	for range pdfDepth {
		if own := v.Key("Resources"); own.Kind() == pdf.Dict {
			return own
		}
		v = v.Key("Parent")
	}
	return pdf.Value{}
}

// streams reads a stream, or several as if they were one.
func (c *canvas) streams(v pdf.Value) []byte {
	if v.Kind() != pdf.Array {
		return c.stream(v)
	}
	var out []byte
	for i := range min(v.Len(), 10_000) {
		guarded(func() { out = append(append(out, c.stream(v.Index(i))...), '\n') })
	}
	return out
}

func (c *canvas) stream(v pdf.Value) []byte {
	if v.Kind() != pdf.Stream || c.content <= 0 {
		return nil
	}
	data, _ := io.ReadAll(io.LimitReader(v.Reader(), int64(c.content))) // a cut stream is read to where it is cut
	if c.content -= len(data); c.content <= 0 {
		c.spent = true
	}
	return data
}

// run interprets content in the light of its resources.
func (c *canvas) run(data []byte, resources pdf.Value, p pen, depth int) {
	s := pdfScanner{data: data}
	var saved []pen
	var marks []pen
	var drawing strokes
	var args []pdfToken
	for c.letters > 0 {
		operator, operands, ok := s.operation(args[:0])
		if !ok {
			return
		}
		args = operands
		switch operator {
		case "q":
			if len(saved) < pdfOperands {
				saved = append(saved, p)
			}
		case "Q":
			if n := len(saved) - 1; n >= 0 {
				p, saved = saved[n], saved[:n]
			}
		case "Do":
			if len(args) > 0 {
				guarded(func() { c.object(resources.Key("XObject").Key(args[0].str), resources, p, depth) })
			}
		case "ID":
			s.pictureEnd()
			c.page.pictures++
		case "Tf":
			if len(args) >= 2 {
				p.size = args[1].num
				guarded(func() { p.font = c.font(resources.Key("Font").Key(args[0].str)) })
			}
		case "BDC", "BMC":
			if len(marks) < pdfOperands {
				marks = append(marks, p)
			}
			if text, ok := actualText(args); ok {
				p.actual, p.replaced = text, true
			}
		case "EMC":
			if n := len(marks) - 1; n >= 0 {
				p.actual, p.replaced, marks = marks[n].actual, marks[n].replaced, marks[:n]
			}
		default:
			if !c.paint(operator, args, &p, &drawing) {
				c.write(operator, args, &p)
			}
		}
	}
	c.spent = true
}

// actualText is what a marked passage says it says (ISO 32000-1, 14.9.4).
func actualText(args []pdfToken) (string, bool) {
	if len(args) < 2 || args[1].kind != pdfDict {
		return "", false
	}
	d := args[1].list
	for i := 0; i+1 < len(d); i += 2 {
		if d[i].kind == pdfName && d[i].str == "ActualText" && d[i+1].kind == pdfText {
			text, wide := strings.CutPrefix(d[i+1].str, "\xfe\xff")
			if wide {
				text = utf16Text(text)
			}
			return tidy(text), true
		}
	}
	return "", false
}

// object draws a picture, which is only counted, or a drawing of its own.
func (c *canvas) object(v, resources pdf.Value, p pen, depth int) {
	switch v.Key("Subtype").Name() {
	case "Image":
		c.page.pictures++
	case "Form":
		if depth >= pdfForms {
			return
		}
		if m := v.Key("Matrix"); m.Len() == 6 {
			n := func(i int) float64 { return m.Index(i).Float64() }
			p.ctm = affine{n(0), n(1), n(2), n(3), n(4), n(5)}.times(p.ctm)
		}
		if own := v.Key("Resources"); own.Kind() == pdf.Dict {
			resources = own
		}
		// A drawing costs more than its bytes, so that drawings of drawings end.
		c.content -= formCost
		c.run(c.stream(v), resources, p, depth+1)
	}
}

// font reads a font once.
func (c *canvas) font(v pdf.Value) *pdfFont {
	if v.Kind() != pdf.Dict {
		return nil
	}
	key := v.String()
	f := c.fonts[key]
	if f == nil {
		f = readFont(v)
		if len(c.fonts) < pdfFonts {
			c.fonts[key] = f
		}
	}
	return f
}

// write does the operators of text.
func (c *canvas) write(operator string, args []pdfToken, p *pen) {
	n := func(i int) float64 {
		if i < len(args) {
			return args[i].num
		}
		return 0
	}
	switch operator {
	case "BT":
		p.text = affine{1, 0, 0, 1, 0, 0}
		p.line = p.text
	case "Tc":
		p.charGap = n(0)
	case "Tw":
		p.wordGap = n(0)
	case "Tz":
		p.stretch = n(0) / 100
	case "TL":
		p.leading = n(0)
	case "Ts":
		p.rise = n(0)
	case "Tr":
		p.mode = int(n(0))
	case "Td":
		p.move(n(0), n(1))
	case "TD":
		p.leading = -n(1)
		p.move(n(0), n(1))
	case "T*":
		p.move(0, -p.leading)
	case "Tm":
		p.line = affine{n(0), n(1), n(2), n(3), n(4), n(5)}
		p.text = p.line
	case "cm":
		p.ctm = affine{n(0), n(1), n(2), n(3), n(4), n(5)}.times(p.ctm)
	case "\"":
		p.wordGap, p.charGap = n(0), n(1)
		p.move(0, -p.leading)
		c.show(p, last(args).str)
	case "'":
		p.move(0, -p.leading)
		c.show(p, last(args).str)
	case "Tj":
		c.show(p, last(args).str)
	case "TJ":
		for _, t := range last(args).list {
			if t.kind == pdfText {
				c.show(p, t.str)
			} else {
				p.advance(-t.num / 1000 * p.size * p.stretch)
			}
		}
	}
}

func last(args []pdfToken) pdfToken {
	if len(args) == 0 {
		return pdfToken{}
	}
	return args[len(args)-1]
}

func (p *pen) move(x, y float64) {
	p.line = affine{1, 0, 0, 1, x, y}.times(p.line)
	p.text = p.line
}

func (p *pen) advance(x float64) { p.text = affine{1, 0, 0, 1, x, 0}.times(p.text) }

// show puts the letters of a string on the page.
func (c *canvas) show(p *pen, codes string) {
	if p.font == nil {
		return
	}
	for codes != "" && c.letters > 0 {
		width, text, n := p.font.letter(codes)
		at := affine{p.size * p.stretch, 0, 0, p.size, 0, p.rise}.times(p.text).times(p.ctm)
		if p.replaced {
			text, p.actual = p.actual, ""
		}
		c.page.put(at, width, text, p)
		c.letters--
		step := width*p.size + p.charGap
		if n == 1 && codes[0] == ' ' {
			step += p.wordGap
		}
		p.advance(step * p.stretch)
		codes = codes[n:]
	}
}
