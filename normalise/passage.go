package normalise

import (
	"regexp"
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
		case strings.HasSuffix(b.Text, ":") && welcomes.in(fold(b.Text)) && listed(d.Blocks[i:]) > 0:
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
	offers = compile(`^(?:what (?:we|you|the [\w ]+|[\w']+)(?:'ll| will| can)? (?:gives?|gets?|offers?|receives?|provides?|expect)\b.{0,30}|why [\w' ]{2,50}|(?:our|the) (?:offer|package|benefits)|(?:the )?benefits (?:of|for|to) .{0,50}|training|development|benefits|in return)$`)
	tasks  = compile(`^(?:[\w ,]{0,60} )?you(?:'ll| will)$`)
	// jobs are the duties of a post that the heading names.
	jobs    = compile(`^(?:key |main |core |your |job |daily |day[- ]to[- ]day )*(?:role|duties|responsibilities|tasks)(?: and (?:duties|responsibilities|tasks))?(?: (?:of|for|as|include|in) .{0,70})$`)
	asksFor = compile(`^(?:(?:what|who) (?:[\w']+ ){0,6}(?:looking for|need|needs|bring|ask for|require|seek|must have|have)\b.{0,30}|(?:key |job |role |candidate )?requirements (?:of|for) .{0,60}|what (?:are|is) the (?:\w+ )?(?:requirements?|criteria|essentials?)(?: .{0,40})?|(?:we|they|the (?:school|academy|team|client))(?:'re| are| is)? (?:also )?(?:needs?|requires?|asks? for|wants?|seeks?|looking for|seeking|require)|to (?:be (?:considered|successful|eligible|shortlisted|suitable)|apply|succeed|qualify)\b.{0,60}|(?:what )?(?:(?:would|will|might|could|can|really) )*(?:makes? you|help you|sets? you|make (?:an )?application)s? (?:stand out|apart|shine)|(?:skills|qualifications|experience|knowledge)(?:,| and| or|/| ){1,3}[\w ,/]{0,50}(?:required|requirements|needed|looking for)|(?:the |our |your )?(?:ideal |successful |right |perfect |best |chosen )?(?:candidate|applicant|person|individual|teaching assistant|lsa|ta)s?(?: profile| requirements|(?:'ll| will| should| must| would| needs?)(?: also| ideally)?(?: to)?(?: have| be| need| hold| bring| possess| demonstrate| show)?(?: to)?(?: be| have| able to| a person who)*)?|(?:the|our|this) (?:[\w/-]+ ){1,5}(?:will|must|should) (?:need|have|hold|bring)(?: to)?(?: be| have)?|(?:for this (?:post|role|position),? )?it(?:'s| is| would be) (?:essential|desirable|an advantage|preferable|preferred) (?:that|if|for) (?:you|candidates|applicants|the \w+(?: \w+)?)(?: to)?(?: have| are| be| can| is| has)?|(?:the )?essentials|(?:the )?nice[- ]to[- ]haves?|(?:the )?desirables|about you|you(?:'ll| will| should| must)? (?:also )?(?:have|need|be|bring).{0,30})$`)
	ideal   = compile(`\bideal(?:ly)?\b|\bdesirable\b|\bprefer|\bnice[- ]to|\badvantage\b|\bstand out\b|\bapart\b|\bshine\b`)
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
	case jobs.in(low):
		return taxonomy.PartDuties, taxonomy.SectionNone, true
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

// inlines finds the headings of a person specification that lost its line
// breaks: "… invites applications. ESSENTIAL CRITERIA: 1. GCSE English …".
var inlines = regexp.MustCompile(`(?:^|[.;:)\]] |[a-z] )((?:ESSENTIAL|DESIRABLE|Essential|Desirable)(?: (?:[Cc]riteria|CRITERIA|[Rr]equirements?|[Ss]kills|[Ee]xperience|[Qq]ualifications|[Qq]ualities|[Aa]ttributes))?):? (?:\d{1,2}[.)] )?[A-Z0-9]`)

// paragraph adds the sentences of running text, part by part where headings
// stand inside it.
func (w *walk) paragraph(text string) {
	if !inlined(text) {
		w.running(text)
		return
	}
	from := 0
	for _, m := range inlines.FindAllStringSubmatchIndex(text, inlinesEach) {
		if m[2] == 0 && from == 0 && m[3] < len(text) && text[m[3]] == ':' {
			continue // "Essential: …" is the line's own label
		}
		part, section, ok := w.partOf(text[m[2]:m[3]])
		if !ok {
			continue
		}
		w.numbered(text[from:m[2]], from > 0)
		w.part, w.section, w.level, w.topic = part, section, 0, ""
		from = m[3]
		for from < len(text) && (text[from] == ':' || text[from] == ' ') {
			from++
		}
	}
	w.numbered(text[from:], from > 0)
}

// numbered adds the items of a numbered list whose line breaks were lost, or,
// outside such a list, the sentences of running text.
func (w *walk) numbered(text string, list bool) {
	if !list {
		w.running(strings.TrimSpace(text))
		return
	}
	for _, item := range itemNumbers.Split(text, -1) {
		w.running(strings.TrimSpace(item))
	}
}

// inlined reports whether a paragraph may hold such headings; few do.
func inlined(text string) bool {
	return strings.Contains(text, "Essential") || strings.Contains(text, "Desirable") || strings.Contains(text, "ESSENTIAL") || strings.Contains(text, "DESIRABLE")
}

// inlinesEach is the most headings that are looked for inside one paragraph.
const inlinesEach = 12

// itemNumbers finds the numbers of a list whose line breaks were lost.
var itemNumbers = regexp.MustCompile(`(?:^|[.;] )\d{1,2}[.)] `)

// running adds the sentences of running text without a heading inside.
func (w *walk) running(text string) {
	if text == "" {
		return
	}
	label, value := labelled(text)
	all := sentences(text)
	var part taxonomy.Part
	var section taxonomy.Section
	if p, s, ok := w.partOf(label + ":"); label != "" && ok && p == taxonomy.PartRequirements {
		part, section = p, s // "Essentials: a Level 3 certificate; first aid."
	}
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
