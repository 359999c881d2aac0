package normalise

import (
	"strings"
	"unicode"
	"unicode/utf8"

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
	// columns are the sections of the current table's columns.
	columns []taxonomy.Section
}

// passages reads blocks in order, keeping track of the headings.
func passages(t *taxonomy.Taxonomy, d document.Document) []passage {
	w := walk{taxonomy: t, section: taxonomy.SectionNone}
	for i := 0; i < len(d.Blocks) && w.bytes <= readBytes; i++ {
		b := &d.Blocks[i]
		if b.Kind != document.Row {
			w.columns = nil
		}
		switch {
		case b.Kind == document.Row:
			w.row(b)
		case b.Kind == document.Heading:
			w.heading(b.Text, b.Level)
			w.add(passage{text: b.Text, kind: document.Heading})
		case welcomes.in(fold(b.Text)) && listed(d.Blocks[i:]) > 0:
			n := listed(d.Blocks[i:])
			w.list(d.Blocks[i : i+n+1])
			i += n
		case len(b.Text) <= 80 && w.opens(b.Text):
			w.add(passage{text: b.Text, kind: document.Heading})
		case b.Kind == document.Item:
			w.item(b.Text)
		case listed(d.Blocks[i:]) > 0:
			n := listed(d.Blocks[i:])
			w.list(d.Blocks[i : i+n+1])
			i += n
		default:
			w.paragraph(b.Text)
		}
	}
	return w.out
}

// heading moves to the part that a heading opens.
func (w *walk) heading(text string, level int) {
	part, section, ok := w.partOf(text)
	deeper := level > w.level && w.level > 0
	w.topic = topic(text)
	switch {
	case ok && deeper && part == taxonomy.PartRequirements && w.part == part && !levelled.in(fold(text)):
		// "Qualifications" under "Essential" is essential still.
	case ok:
		w.part, w.section, w.level = part, section, level
	case deeper || strings.HasSuffix(text, ":") && w.part == taxonomy.PartRequirements:
		// A heading of nothing known divides what it stands in.
	case w.part == taxonomy.PartDuties || w.part == taxonomy.PartAbout:
		// Duties are often grouped under headings of their own.
	default:
		w.part, w.section, w.level = "", taxonomy.SectionNone, level
	}
}

// opens moves to the part that a short line opens, if it is a heading though
// nothing marks it as one.
func (w *walk) opens(text string) bool {
	part, section, ok := w.partOf(text)
	if ok {
		w.part, w.section, w.level, w.topic = part, section, 0, topic(text)
	}
	return ok
}

// Headings that a list of fixed forms cannot hold, on folded text.
var (
	offers  = compile(`^(?:what (?:we|you|the [\w ]+|[\w']+)(?:'ll| will| can)? (?:gives?|gets?|offers?|receives?|provides?|expect)\b.{0,30}|why [\w' ]{2,50}|(?:our|the) (?:offer|package|benefits)|(?:the )?benefits (?:of|for|to) .{0,50}|training|development|benefits|in return)$`)
	tasks   = compile(`^(?:[\w ,]{0,60} )?you(?:'ll| will)$`)
	asksFor = compile(`^(?:(?:what|who) (?:[\w']+ ){0,6}(?:looking for|need|needs|bring|ask for|require|seek|must have|have)\b.{0,30}|(?:key |job |role |candidate )?requirements (?:of|for) .{0,60}|(?:skills|qualifications|experience|knowledge)(?:,| and| or|/| ){1,3}[\w ,/]{0,50}(?:required|requirements|needed|looking for)|(?:the |our |your )?(?:ideal |successful |right )?(?:candidate|applicant|person)(?: profile| requirements| will have| will be| should have| must have)?|about you|you(?:'ll| will| should| must)? (?:also )?(?:have|need|be|bring).{0,30})$`)
	ideal   = compile(`\bideal(?:ly)?\b|\bdesirable\b|\bprefer`)
	// levelled finds that a heading itself says how much a thing is asked for.
	levelled = compile(`\bessential|\bdesirable|\bmust\b|\bneed|\bideal|\bprefer|\bminimum\b|\brequired\b|^\(?[ed]\)?$`)
	applies  = compile(`^(?:safer recruitment|safeguarding|how to apply|next steps?|interviews?)$`)
)

// partOf reads a heading by the taxonomy's forms, else by the wordings above.
func (w *walk) partOf(text string) (taxonomy.Part, taxonomy.Section, bool) {
	low := strings.Trim(fold(text), " .:?!*-")
	switch {
	case tasks.in(low) && w.part == taxonomy.PartRequirements:
		// "About you", then "You will:": it goes on.
		return w.part, w.section, true
	case tasks.in(low):
		return taxonomy.PartDuties, taxonomy.SectionNone, true
	}
	if part, section, ok := w.taxonomy.Part(text); ok {
		if section == taxonomy.SectionEssential && ideal.in(low) && !strings.Contains(low, "essential") {
			section = taxonomy.SectionDesirable
		}
		return part, section, true
	}
	if len(text) > 80 {
		return "", taxonomy.SectionNone, false
	}
	switch {
	case asksFor.in(low) && ideal.in(low):
		return taxonomy.PartRequirements, taxonomy.SectionDesirable, true
	case asksFor.in(low):
		return taxonomy.PartRequirements, taxonomy.SectionEssential, true
	case offers.in(low):
		return taxonomy.PartOffer, taxonomy.SectionNone, true
	case applies.in(low):
		return taxonomy.PartApply, taxonomy.SectionNone, true
	}
	return "", taxonomy.SectionNone, false
}

// topic is "experience" for headings of nothing else.
func topic(text string) string {
	low := fold(text)
	if experienced.in(low) && !besides.in(low) {
		return "experience"
	}
	return ""
}

var (
	experienced = compile(`\bexperience\b`)
	besides     = compile(`\b(?:knowledge|skills?|qualifications?|qualities|abilities|training|education)\b`)
)

// more is what job boards put at the end of a text that they cut short.
const more = "click apply for full job details"

// add appends a passage with where it stands.
func (w *walk) add(p passage) {
	p.text = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(p.text), more))
	if p.text == "" || w.bytes > readBytes {
		return
	}
	w.bytes += len(p.text)
	p.low = fold(p.text)
	p.trace = traceOf(p.low)
	if p.part == "" {
		p.part = w.part
	}
	if p.section == "" {
		p.section = w.section
	}
	if p.topic == "" && p.part == taxonomy.PartRequirements {
		p.topic = w.topic
	}
	w.out = append(w.out, p)
}

// Bounds of a list that reads on from the sentence before it, in items and
// bytes an item.
const (
	listItems = 15
	itemBytes = 60
)

// backgrounds finds a sentence that a list of kinds of experience completes:
// "We welcome people with backgrounds in:".
var backgrounds = compile(`\b(?:backgrounds?|experience|worked|come from|roles)\b[^.]{0,40}:$`)

// welcomes finds such a sentence where a heading might be seen in it.
var welcomes = compile(`\b(?:from|people|candidates|applicants|anyone|those|staff)\b[^.]{0,40}\bbackgrounds?\b[^.]{0,20}:$`)

// listed gives how many items complete the sentence that blocks begin with, or
// 0 when they stand by themselves.
func listed(blocks []document.Block) int {
	if blocks[0].Kind != document.Paragraph || !backgrounds.in(fold(blocks[0].Text)) {
		return 0
	}
	n := 0
	for n+1 < len(blocks) && blocks[n+1].Kind == document.Item && len(blocks[n+1].Text) <= itemBytes {
		n++
	}
	if n > listItems {
		return 0
	}
	return n
}

// list adds the sentences of a paragraph, the last of them with the items that
// complete it.
func (w *walk) list(blocks []document.Block) {
	text := blocks[0].Text
	for i := range blocks[1:] {
		joint := " or "
		if i == 0 {
			joint = " "
		}
		text += joint + strings.TrimRight(blocks[i+1].Text, ".;,")
	}
	for _, s := range sentences(text) {
		w.add(passage{text: s, kind: document.Paragraph})
	}
}

// item adds a list item, which stays whole.
func (w *walk) item(text string) {
	p := passage{text: text, kind: document.Item}
	p.label, p.value = labelled(text)
	w.add(p)
}

// paragraph adds the sentences of running text.
func (w *walk) paragraph(text string) {
	label, value := labelled(text)
	all := sentences(text)
	var part taxonomy.Part
	var section taxonomy.Section
	if len(all) > 1 && strings.HasSuffix(all[0], ".") && strings.Count(all[0], " ") < runInWords {
		// "Training. We send everyone on …": a heading that runs in.
		if p, s, ok := w.partOf(strings.TrimSuffix(all[0], ".")); ok {
			part, section, all = p, s, all[1:]
		}
	}
	for i, s := range all {
		if i+1 < len(all) && len(s) < glueBytes && isLower(s[len(s)-1]) {
			// A heading whose line break was lost.
			if p, sec, ok := w.partOf(s); ok {
				part, section = p, sec
				continue
			}
		}
		if head, rest := w.glued(s); head != "" {
			part, section, _ = w.partOf(head)
			s = rest
		} else if strings.HasSuffix(s, "?") && strings.Count(s, " ") < runInWords {
			if p, sec, ok := w.partOf(s); ok {
				part, section = p, sec
			}
		}
		p := passage{text: s, kind: document.Paragraph, part: part, section: section}
		if i == 0 && label != "" {
			p.label, p.value = label, value
		}
		w.add(p)
	}
}

// glueBytes is how far into a sentence a heading may reach.
const glueBytes = 50

// glued takes off a heading whose line break was lost: "The Ideal
// CandidateDegree in …".
func (w *walk) glued(s string) (head, rest string) {
	for i := 4; i < min(len(s), glueBytes); i++ {
		if s[i] >= 'A' && s[i] <= 'Z' && isLower(s[i-1]) {
			if _, _, ok := w.partOf(s[:i]); ok {
				return s[:i], s[i:]
			}
		}
	}
	return "", s
}

// runInWords is the most words of a heading that runs into its paragraph.
const runInWords = 5

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

// labelled takes "Hours of work: 30" apart. Both parts are empty when the text
// is no label with a value.
func labelled(text string) (label, value string) {
	at := strings.IndexByte(text, ':')
	if at < 2 || at > 45 {
		// "Salary - £95 a day" is a label too, but only with spaces about it.
		if at = strings.Index(text, " - "); at < 3 || at > 25 {
			return "", ""
		}
		return trimLabel(text[:at]), strings.TrimSpace(text[at+3:])
	}
	return trimLabel(text[:at]), strings.TrimSpace(text[at+1:])
}

func trimLabel(s string) string {
	return strings.Trim(fold(s), " :*-•.\t")
}

// abbreviations end in a full stop that ends no sentence.
var abbreviations = []string{"e.g.", "i.e.", "etc.", "inc.", "incl.", "approx.", "no.", "st.", "mr.", "mrs.", "ms.", "dr.", "p.a.", "hrs.", "yrs.", "max.", "min."}

// sentences cuts running text after full stops, question and exclamation
// marks that a new sentence follows.
func sentences(text string) []string {
	var out []string
	start := 0
	for i := 0; i < len(text); i++ {
		c := text[i]
		if i > start && runsOn(text, i) {
			out = append(out, strings.TrimSpace(text[start:i]))
			start = i
			continue
		}
		if c != '.' && c != '?' && c != '!' || i+1 >= len(text) {
			continue
		}
		next, _ := utf8.DecodeRuneInString(text[i+1:])
		if next != ' ' {
			// Pages that lost their line breaks run sentences together.
			if !unicode.IsUpper(next) || i == 0 || !isLower(text[i-1]) {
				continue
			}
		} else {
			after, _ := utf8.DecodeRuneInString(text[i+2:])
			if unicode.IsLower(after) || c == '.' && abbreviated(text[start:i+1]) {
				continue
			}
		}
		out = append(out, strings.TrimSpace(text[start:i+1]))
		start = i + 1
	}
	if rest := strings.TrimSpace(text[start:]); rest != "" {
		out = append(out, rest)
	}
	return out
}

// runsOn reports whether a capital at text[i] begins a line whose break was
// lost: "the schoolYou will", "SENResilient". Names such as "McKay" and
// "LinkedIn" have too few small letters on one side.
func runsOn(text string, i int) bool {
	if text[i] < 'A' || text[i] > 'Z' || i+3 >= len(text) || i < 4 || !small(text[i+1]) || !small(text[i+2]) {
		return false
	}
	word := i
	for word > 0 && text[word-1] != ' ' && text[word-1] != '-' && text[word-1] != '/' {
		word--
	}
	before := text[word:i]
	if capitals := strings.ToUpper(before); before == capitals {
		return len(before) > 2 && letters(before) == len(before) && small(text[i+3])
	}
	return len(before) > 3 && small(text[i-1]) && small(text[i-2]) && !camel[strings.ToLower(before)]
}

// camel are the first halves of names that have a capital within.
var camel = map[string]bool{"team": true, "class": true, "power": true, "what": true, "share": true, "face": true, "parent": true, "linked": true}

func small(c byte) bool { return c >= 'a' && c <= 'z' }

func isLower(c byte) bool { return c >= 'a' && c <= 'z' || c == ')' }

func abbreviated(sentence string) bool {
	tail := sentence
	if len(tail) > 8 {
		tail = tail[len(tail)-8:]
	}
	tail = strings.ToLower(tail)
	for _, a := range abbreviations {
		if strings.HasSuffix(tail, a) && (len(tail) == len(a) || !isLower(tail[len(tail)-len(a)-1])) {
			return true
		}
	}
	return false
}
