package normalise

import (
	"strings"

	"github.com/sendwatch/sendwatch/document"
	"github.com/sendwatch/sendwatch/taxonomy"
)

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

// optionBytes is how long an item of a list may be of which one is enough.
const optionBytes = 200

// listed gives how many items complete the sentence that blocks begin with, or
// 0 when they stand by themselves.
func (w *walk) listed(blocks []document.Block) int {
	var longest int
	switch low := fold(blocks[0].Text); {
	case blocks[0].Kind == document.Item || blocks[0].Kind == document.Row:
		return 0
	case blocks[0].Kind == document.Paragraph && backgrounds.in(low):
		longest = itemBytes
	case len(low) <= alternativeBytes && oneOf.in(low):
		longest = optionBytes
	default:
		return 0
	}
	n := 0
	for n < w.items(blocks[1:]) && len(blocks[n+1].Text) <= longest {
		n++
	}
	if n > listItems || n < 2 && longest == optionBytes {
		return 0
	}
	return n
}

// list adds the sentences of a paragraph, the last of them with the items that
// complete it, and gives how many blocks that were.
func (w *walk) list(blocks []document.Block) int {
	blocks = blocks[:1+w.listed(blocks)]
	text := blocks[0].Text
	part, section, ok := w.partOf(text)
	if !ok || !oneOf.in(fold(text)) {
		part, section = w.part, w.section
	}
	for i := range blocks[1:] {
		joint := " or "
		if i == 0 {
			joint = " "
		}
		text += joint + strings.TrimRight(blocks[i+1].Text, ".;,")
	}
	for _, s := range sentences(text) {
		w.add(passage{text: s, kind: document.Paragraph, part: part, section: section})
	}
	return len(blocks)
}

// items counts the list items that blocks begin with. Where markup tells none,
// they are the lines that read as criteria.
func (w *walk) items(blocks []document.Block) int {
	n := 0
	for n < len(blocks) && blocks[n].Kind == document.Item {
		n++
	}
	if n > 0 {
		return n
	}
	for n < min(len(blocks), listItems) && blocks[n].Kind == document.Paragraph && len(blocks[n].Text) <= optionBytes &&
		w.taxonomy.Leaning(blocks[n].Text) == taxonomy.PartRequirements {
		n++
	}
	return n
}

// leads reports whether blocks begin with a text that leads up to a list.
func (w *walk) leads(blocks []document.Block) bool {
	return endsInColon(blocks[0].Text) && w.items(blocks[1:]) > 0
}

// endsInColon reports whether a text ends in a colon, whatever dash follows it.
func endsInColon(text string) bool {
	return strings.HasSuffix(strings.TrimRight(text, " -–"), ":")
}

// led reads a text whose last sentence leads up to a list, and the list, which
// stands in the part that this sentence opens; behind it the text goes on as
// before. It gives how many blocks that were.
func (w *walk) led(blocks []document.Block) int {
	all := sentences(blocks[0].Text)
	lead := all[len(all)-1]
	w.paragraph(strings.TrimSpace(strings.TrimSuffix(blocks[0].Text, lead)))
	n := 1 + w.items(blocks[1:])
	part, section, ok := w.partOf(lead)
	if !ok {
		part, section, ok = w.judge(lead, blocks[1:n])
	}
	if !ok {
		w.paragraph(lead)
		return 1
	}
	was, level := w.part, w.section
	if len(lead) > headBytes {
		w.paragraph(lead)
	}
	w.part, w.section = part, section
	if len(lead) <= headBytes {
		w.add(passage{text: lead, kind: document.Heading})
	}
	for i := range blocks[1:n] {
		w.item(blocks[1+i].Text)
	}
	w.part, w.section = was, level
	return n
}

// run reads a list. Where most of its items are of another part than the one it
// stands in, it is a part of its own. It gives how many items the list has.
func (w *walk) run(blocks []document.Block) int {
	n := w.items(blocks)
	was, level := w.part, w.section
	if part := w.listPart(blocks[:n]); part != w.part {
		w.part, w.section = part, taxonomy.SectionNone
		if part == taxonomy.PartRequirements {
			w.section = taxonomy.SectionEssential
		}
	}
	for i := range blocks[:n] {
		w.item(blocks[i].Text)
	}
	w.part, w.section = was, level
	return n
}

// listPart says which part a list belongs to. One that stands right below its
// heading is what the heading says, but for duties that are none.
func (w *walk) listPart(list []document.Block) taxonomy.Part {
	v := w.vote(list)
	switch {
	case len(list) < listVotes:
	case w.part == taxonomy.PartRequirements:
		if part := v.winner(listVotes, 80); part == taxonomy.PartOffer {
			return part
		}
	case w.part == "" && w.headed:
		// The heading was judged with the list below it.
	case w.part == "":
		if part := v.winner(listVotes, 60); part != "" {
			return part
		}
	case w.part == taxonomy.PartOffer && w.headed:
	default:
		if part := v.winner(listVotes, 80); part != "" {
			return part
		}
	}
	return w.part
}

// listVotes is how many items must agree before a list is taken out of the part
// that it stands in.
const listVotes = 3

// criterionAlone reports whether what looks like a heading is the only criterion
// below one: in plain text both are short lines with blank ones around them.
func (w *walk) criterionAlone(blocks []document.Block) bool {
	text := blocks[0].Text
	if w.part != taxonomy.PartRequirements || blocks[0].Level > 0 || strings.HasSuffix(text, ":") || strings.HasSuffix(text, "?") {
		return false
	}
	if _, section := graded(text); section != "" {
		return true
	}
	if len(blocks) > 1 && blocks[1].Kind == document.Item {
		return false
	}
	if _, ok := divides(text); ok {
		return false
	}
	if _, _, known := w.partOf(text); known {
		return false
	}
	for _, m := range w.taxonomy.FindRoles(text) {
		if 2*(m.End-m.Start) > len(text) {
			return false
		}
	}
	return w.taxonomy.Leaning(text) == taxonomy.PartRequirements
}

// demandAlone reports whether what looks like a heading is itself what is asked:
// "Driving licence required".
func (w *walk) demandAlone(text string) bool {
	if len(text) > headBytes || !closesAsking.in(fold(text)) {
		return false
	}
	if _, _, known := w.partOf(text); known {
		return false
	}
	if _, ok := divides(text); ok {
		return false
	}
	return len(w.taxonomy.Requirements(taxonomy.SectionNone, text)) > 0
}

// closesAsking finds lines that end in asking for what they name.
var closesAsking = compile(`\w (?:(?:is|are|will be) )?(?:required|essential|needed|a must|necessary) ?!*$`)

// item adds a list item, which stays whole.
func (w *walk) item(text string) {
	p := passage{text: text, kind: document.Item}
	p.label, p.value = labelled(text)
	if w.part == taxonomy.PartDuties && w.quality(text) {
		p.part, p.section = taxonomy.PartRequirements, taxonomy.SectionEssential
	}
	w.add(p)
}

// quality reports whether an item among duties says what somebody is or can do.
func (w *walk) quality(text string) bool {
	return qualities.in(fold(text)) && len(w.taxonomy.Requirements(taxonomy.SectionEssential, text)) > 0
}

// qualities finds such items, which some lists of duties hold as well: "Ability
// to build trust", "Good listening skills", "Kind, steady and a good listener".
var qualities = compile(`^(?:(?:an? |the )?(?:\w+ )?ability to|able to|willing(?:ness)? to|(?:excellent|good|strong|great|outstanding|effective|sound) (?:[\w-]+,? (?:and )?){0,4}skills?\b|(?:[a-z-]+(?:ful|ous|[st]ive|ient)|kind|compassionate|articulate|confident|competent|independent|reliable|adaptable|approachable|caring|understanding|outgoing|calm|nurturing|warm|friendly|honest)(?:,| and) [a-z])`)
