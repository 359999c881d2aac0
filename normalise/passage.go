package normalise

import (
	"strings"

	"github.com/sendwatch/sendwatch/document"
	"github.com/sendwatch/sendwatch/taxonomy"
)

// readBytes is how much of an advert's text is judged. The longest job packs
// seen have under 60,000 letters; what follows is kept but not judged.
const readBytes = 150_000

// passage is one sentence, item or cell of an advert, and where it stands.
type passage struct {
	text string
	low  string // text, folded
	// trace is low's.
	trace *trace
	kind  document.Kind
	// part is what the heading above opens; empty when no heading tells.
	part    taxonomy.Part
	section taxonomy.Section
	// Of "Salary: Scale 3" or a row with that label, the label (folded,
	// without colon) and the value as written; else both empty.
	label, value string
	// topic is set where the heading is "Experience": items below it leave the
	// word out.
	topic string
}

// alone makes a passage of a text that stands in no part.
func alone(text string) *passage {
	low := fold(text)
	return &passage{text: text, low: low, trace: traceOf(low)}
}

// walk is where the reading of a document's blocks stands.
type walk struct {
	taxonomy *taxonomy.Taxonomy
	out      []passage
	bytes    int

	part    taxonomy.Part
	section taxonomy.Section
	level   int
	topic   string
	// headed is set while nothing but a heading stands before the next block.
	headed bool
	// guessed is set where the part was judged by a list below a heading of no
	// known wording; running text after that list is in no part.
	guessed bool
	// columns are the sections of the current table's columns.
	columns []column
}

// passages reads blocks in order, keeping track of the headings.
func passages(t *taxonomy.Taxonomy, d document.Document) []passage {
	w := walk{taxonomy: t, section: taxonomy.SectionNone}
	for blocks := abreast(unfolded(d.Blocks)); len(blocks) > 0 && w.bytes <= readBytes; {
		blocks = blocks[w.next(blocks):]
	}
	relevel(w.out)
	return w.out
}

// next reads the first of blocks, with those that belong to it, and gives how
// many that were.
func (w *walk) next(blocks []document.Block) int {
	b := &blocks[0]
	if b.Kind != document.Row && !w.across(blocks) {
		w.columns = nil
	}
	if w.guessed && !w.headed && b.Kind == document.Paragraph && len(b.Text) > headBytes {
		w.part, w.section, w.guessed = "", taxonomy.SectionNone, false
	}
	before := len(w.out)
	n := w.read(blocks)
	w.headed = len(w.out) > before && w.out[len(w.out)-1].kind == document.Heading
	return n
}

// read is next, without the account of where it stands.
func (w *walk) read(blocks []document.Block) int {
	b := &blocks[0]
	switch {
	case b.Kind == document.Row:
		w.row(b)
	case strings.HasSuffix(b.Text, ":") && (welcomes.in(fold(b.Text)) || oneOf.in(fold(b.Text))) && w.listed(blocks) > 0:
		return w.list(blocks)
	case b.Kind == document.Heading && w.criterionAlone(blocks):
		w.item(b.Text)
	case b.Kind == document.Heading && w.demandAlone(b.Text):
		w.add(passage{text: b.Text, kind: document.Item, part: taxonomy.PartRequirements, section: taxonomy.SectionEssential})
	case b.Kind == document.Heading:
		w.heading(b.Text, b.Level, blocks[1:])
		w.add(passage{text: b.Text, kind: document.Heading})
	case len(b.Text) <= headBytes && w.opens(b.Text, b.Kind):
		w.add(passage{text: b.Text, kind: document.Heading})
	case b.Kind == document.Item:
		return w.run(blocks)
	case w.listed(blocks) > 0:
		return w.list(blocks)
	case w.leads(blocks):
		return w.led(blocks)
	default:
		w.paragraph(b.Text)
	}
	return 1
}

// more is what job boards put at the end of a text that they cut short.
const more = "click apply for full job details"

// add appends a passage with where it stands.
func (w *walk) add(p passage) {
	p.text = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(p.text), more))
	if p.text == "" || w.bytes > readBytes {
		return
	}
	w.bytes += len(p.text)
	if p.part == "" {
		p.part = w.part
	}
	if p.section == "" {
		p.section = w.section
	}
	if p.part == taxonomy.PartRequirements && p.kind != document.Heading {
		if rest, section := graded(p.text); section != "" {
			p.text, p.section = rest, section
		}
	}
	p.low = fold(p.text)
	p.trace = traceOf(p.low)
	if p.topic == "" && p.part == taxonomy.PartRequirements {
		p.topic = w.topic
	}
	w.out = append(w.out, p)
}
