package document

import "math"

// thin is how thick, in points, a filled box may be and still be a line:
// many programs draw the borders of tables so.
const thin = 2.5

// dotMost is how large a filled figure may be and still be a bullet.
const dotMost = 7

// pathEdges is how many edges one path may have.
const pathEdges = 4_000

// strokes are what is drawn and not yet painted: the edges of each of its figures.
type strokes struct {
	figures [][]segment
	edges   int
	x, y    float64 // where the pen stands
	sx, sy  float64 // where the figure began
}

func (p *strokes) begin(x, y float64) {
	p.x, p.y, p.sx, p.sy = x, y, x, y
	if p.edges < pathEdges {
		p.figures = append(p.figures, nil)
	}
}

func (p *strokes) to(x, y float64) {
	if n := len(p.figures); n > 0 && p.edges < pathEdges {
		p.edges++
		p.figures[n-1] = append(p.figures[n-1], segment{p.x, p.y, x, y})
	}
	p.x, p.y = x, y
}

func (p *strokes) close() { p.to(p.sx, p.sy) }

// paint does the operators of drawing. It reports false for others.
func (c *canvas) paint(operator string, args []pdfToken, p *pen, d *strokes) bool {
	at := func(i int) (float64, float64) {
		if i+1 >= len(args) {
			return 0, 0
		}
		return p.ctm.point(args[i].num, args[i+1].num)
	}
	switch operator {
	case "m":
		d.begin(at(0))
	case "l":
		d.to(at(0))
	case "c":
		d.to(at(4))
	case "v", "y":
		d.to(at(2))
	case "h":
		d.close()
	case "re":
		if len(args) < 4 {
			return true
		}
		x, y, w, h := args[0].num, args[1].num, args[2].num, args[3].num
		d.begin(p.ctm.point(x, y))
		d.to(p.ctm.point(x+w, y))
		d.to(p.ctm.point(x+w, y+h))
		d.to(p.ctm.point(x, y+h))
		d.close()
	case "S", "s", "B", "B*", "b", "b*":
		if operator == "s" || operator[0] == 'b' {
			d.close()
		}
		for _, figure := range d.figures {
			for _, edge := range figure {
				c.page.rule(edge)
			}
		}
		*d = strokes{}
	case "f", "F", "f*":
		for _, figure := range d.figures {
			switch box := bounds(figure); {
			case box.x1-box.x0 <= thin || box.y1-box.y0 <= thin:
				c.page.rule(bar(box))
			case box.x1-box.x0 <= dotMost && box.y1-box.y0 <= dotMost && len(c.page.dots) < pdfRules:
				c.page.dots = append(c.page.dots, box)
			}
		}
		*d = strokes{}
	case "n":
		*d = strokes{}
	default:
		return false
	}
	return true
}

// bounds is the box around a figure.
func bounds(figure []segment) segment {
	if len(figure) == 0 {
		return segment{}
	}
	s := figure[0]
	for _, e := range figure {
		s.x0, s.x1 = min(s.x0, e.x0, e.x1), max(s.x1, e.x0, e.x1)
		s.y0, s.y1 = min(s.y0, e.y0, e.y1), max(s.y1, e.y0, e.y1)
	}
	return s
}

// bar is the line that a thin box looks like.
func bar(s segment) segment {
	if s.y1-s.y0 < s.x1-s.x0 {
		s.y0 = (s.y0 + s.y1) / 2
		s.y1 = s.y0
	} else {
		s.x0 = (s.x0 + s.x1) / 2
		s.x1 = s.x0
	}
	return s
}

// rule keeps a line that is level or upright.
func (c *pageCanvas) rule(s segment) {
	if !sane(s.x0) || !sane(s.y0) || !sane(s.x1) || !sane(s.y1) || len(c.rules) >= pdfRules {
		return
	}
	w, h := math.Abs(s.x1-s.x0), math.Abs(s.y1-s.y0)
	if w <= 0.7 || h <= 0.7 {
		if w+h > 1.5 {
			c.rules = append(c.rules, s)
		}
	}
}
