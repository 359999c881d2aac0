package normalise

import (
	"regexp"
	"strings"

	"github.com/sendwatch/sendwatch/document"
	"github.com/sendwatch/sendwatch/taxonomy"
)

// headBytes is how long a line may be to count as a heading that no markup tells.
const headBytes = 80

// heading moves to the part that a heading opens; below is what it stands over.
func (w *walk) heading(text string, level int, below []document.Block) {
	part, section, ok := w.partOf(text)
	w.guessed = false
	if !ok {
		part, section, ok = w.judge(text, below)
		w.guessed = ok
	}
	deeper := level > w.level && w.level > 0
	w.topic = topic(text)
	switch {
	case ok && deeper && part == taxonomy.PartRequirements && w.part == part && !levelled.in(fold(text)):
		// "Qualifications" under "Essential" is essential still.
	case ok:
		w.part, w.section, w.level = part, section, level
	case deeper || endsInColon(text) && w.part == taxonomy.PartRequirements:
		// A heading of nothing known divides what it stands in.
	case w.part == taxonomy.PartDuties || w.part == taxonomy.PartAbout:
		// Duties are often grouped under headings of their own.
	default:
		w.part, w.section, w.level = "", taxonomy.SectionNone, level
	}
}

// opens moves to the part that a short line opens, if it is a heading though
// nothing marks it as one.
func (w *walk) opens(text string, kind document.Kind) bool {
	part, section, ok := w.partOf(text)
	if !ok && kind == document.Paragraph {
		if section, ok = divides(text); ok {
			part = taxonomy.PartRequirements
		}
	}
	if ok {
		w.part, w.section, w.level, w.topic = part, section, 0, topic(text)
		w.guessed = false
	}
	return ok
}

// Headings that a list of fixed forms cannot hold, on folded text.
var (
	offers = compile(`^(?:what (?:we|you|the [\w ]+|[\w']+)(?:'ll| will| can)? (?:gives?|gets?|offers?|receives?|provides?|expect)\b.{0,30}|why [\w' ]{2,50}|(?:our|the) (?:offer|package|benefits)|(?:the )?benefits (?:of|for|to) .{0,50}|what(?:'s| is) in it for (?:you|me)|training|development|benefits|in return)$`)
	tasks  = compile(`^(?:[\w ,]{0,60} )?you(?:'ll| will)$`)
	// jobs are the duties of a post that the heading names.
	jobs    = compile(`^(?:key |main |core |your |job |daily |day[- ]to[- ]day )*(?:role|duties|responsibilities|tasks)(?: and (?:duties|responsibilities|tasks))?(?: (?:of|for|as|include|in) .{0,70})$`)
	asksFor = compile(`^(?:(?:what|who) (?:[\w']+ ){0,6}(?:looking for|need|needs|bring|ask for|require|seek|must have|have)\b.{0,30}|(?:key |job |role |candidate )?requirements (?:of|for) .{0,60}|what (?:are|is) the (?:\w+ )?(?:requirements?|criteria|essentials?)(?: .{0,40})?|(?:we|they|the (?:school|academy|team|client))(?:'re| are| is)? (?:also )?(?:needs?|requires?|asks? for|wants?|seeks?|looking for|seeking|require)|to (?:be (?:considered|successful|eligible|shortlisted|suitable)|apply|succeed|qualify)\b.{0,60}|(?:what )?(?:(?:would|will|might|could|can|really) )*(?:makes? you|help you|sets? you|make (?:an )?application)s? (?:stand out|apart|shine)|(?:skills|qualifications|experience|knowledge)(?:,| and| or|/| ){1,3}[\w ,/]{0,50}(?:required|requirements|needed|looking for)|(?:the |our |your )?(?:ideal |successful |right |perfect |best |chosen )?(?:candidate|applicant|person|individual|teaching assistant|lsa|ta)s?(?: profile| requirements|(?:'ll| will| should| must| would| needs?)(?: also| ideally)?(?: to)?(?: have| be| need| hold| bring| possess| demonstrate| show)?(?: to)?(?: be| have| able to| a person who)*)?|(?:the|our|this) (?:[\w/-]+ ){1,5}(?:will|must|should) (?:need|have|hold|bring)(?: to)?(?: be| have)?|(?:for this (?:post|role|position),? )?it(?:'s| is| would be) (?:essential|desirable|an advantage|preferable|preferred) (?:that|if|for) (?:you|candidates|applicants|the \w+(?: \w+)?)(?: to)?(?: have| are| be| can| is| has)?|(?:the )?essentials|(?:the )?nice[- ]to[- ]haves?|(?:the )?desirables|about you|you(?:'ll| will| should| must)? (?:also )?(?:have|need|be|bring).{0,30})$`)
	ideal   = compile(`\bideal(?:ly)?\b|\bdesirable\b|\bprefer|\bnice[- ]to|\badvantage\b|\bstand out\b|\bapart\b|\bshine\b`)
	// levelled finds that a heading itself says how much a thing is asked for.
	levelled = compile(`\bessential|\bdesirable|\bmust\b|\bneed|\bideal|\bprefer|\bminimum\b|\brequired\b|^\(?[ed]\)?$`)
	applies  = compile(`^(?:safer recruitment|safeguarding|how to apply|next steps?|interviews?)$`)
)

// counter finds the number of a heading: "2.", "2 a)", "Section 3 -".
var counter = regexp.MustCompile(`^(?:(?i:section|part) \d{1,2}|\d{1,2}(?:\.\d{1,2})*|[A-Za-z])(?:[.)]|(?: ?[a-z]\)))? ?[-–:.)]? `)

// unnumbered takes the number off a heading.
func unnumbered(text string) string {
	if len(text) < 4 || text[0] > '9' && text[1] > ')' && !strings.HasPrefix(strings.ToLower(text), "section") && !strings.HasPrefix(strings.ToLower(text), "part ") {
		return text
	}
	if m := counter.FindString(text); m != "" && strings.ContainsAny(m, "0123456789.)") {
		return text[len(m):]
	}
	return text
}

// partOf reads a heading by the taxonomy's forms, else by the wordings above.
func (w *walk) partOf(text string) (taxonomy.Part, taxonomy.Section, bool) {
	text = unnumbered(text)
	low := strings.Trim(fold(text), headTrim)
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
	if len(text) > headBytes {
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
