package taxonomy

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

// maxLine is the most text, in bytes, that is read of one line. The longest
// paragraph of requirements met in adverts has about a third of it.
const maxLine = 4000

// Requirements reads one line or short paragraph that stands under a section
// into what it asks of the candidate, in the order of the text. Duties, offers,
// descriptions, instructions and denials give nothing. Under SectionNone a
// plain statement counts as essential. Groups are numbered from 1 within the
// line. Any text gives an answer; what exceeds 4,000 bytes is not read.
func (t *Taxonomy) Requirements(section Section, line string) []Requirement {
	return t.Read(section, line).Requirements
}

// Read is Requirements with the choices that the flat form cannot hold.
func (t *Taxonomy) Read(section Section, line string) Asked {
	r := &reading{taxonomy: t, section: section, text: capText(line)}
	r.tokens = tokenise(r.text, t.vocabulary)
	r.markBrackets()
	r.markCues()
	r.markAges()
	for _, s := range r.sentences() {
		r.read(s)
	}
	r.choose()
	asked := Asked{Requirements: r.requirements()}
	asked.Choices = r.standing()
	return asked
}

func capText(s string) string {
	if len(s) <= maxLine {
		return s
	}
	s = s[:maxLine]
	for len(s) > 0 && !utf8.ValidString(s[len(s)-min(len(s), utf8.UTFMax):]) {
		if r, size := utf8.DecodeLastRuneInString(s); r != utf8.RuneError || size != 1 {
			break
		}
		s = s[:len(s)-1]
	}
	return s
}

// reading is the work on one line.
type reading struct {
	taxonomy *Taxonomy
	section  Section
	text     string
	tokens   []token
	bracket  []int // for each token the first token of the bracket around it, or -1
	cues     []span
	items    []item
	claimed  []span // tokens that a grammar has read
	ages     []ages // how old the pupils are
	groups   int
	choices  []Choice
	numbers  map[int]int // the numbers that groups have in the end
	gcse     bool        // the last stretch was of GCSEs, and subjects may go on
	silent   bool        // an inline heading of another part rules
	applying bool        // that part is how to apply, which names checks too
	// topic is what an inline heading such as "Experience:" says of the items
	// after it that have no head word of their own.
	topic headSet
}

// span is a cue's place: tokens lo to hi, hi excluded.
type span struct {
	lo, hi int
	cue    cue
}

// item is a requirement found, before duplicates are united.
type item struct {
	lo, hi  int // tokens
	from    int // the first token of its evidence
	concept int
	level   Level
	years   *float64
	group   int
	head    headSet
	locked  bool // its group is decided by a grammar
	within  bool // it is asked only within an alternative of a choice
	comes   bool // it is where candidates come from: "youth work backgrounds"
}

func (it *item) id(t *Taxonomy) string   { return t.concepts[it.concept].ID }
func (it *item) kind(t *Taxonomy) string { return t.concepts[it.concept].Kind }

// markBrackets notes which tokens stand in a bracket.
func (r *reading) markBrackets() {
	r.bracket = make([]int, len(r.tokens))
	open := -1
	for i, tok := range r.tokens {
		if tok.before&(gapClose|gapBreak) != 0 {
			open = -1
		}
		if tok.before&gapOpen != 0 {
			open = i
		}
		r.bracket[i] = open
	}
}

// markCues finds the cue words of the line. A cue inside a longer one of the
// same kind is left out.
func (r *reading) markCues() {
	var last [cueCount]int
	for i := range r.tokens {
		var best [cueCount]int
		r.taxonomy.cues.walk(r.tokens, i, func(end int, values []int32) {
			for _, v := range values {
				best[v] = end
			}
		})
		for c, end := range best {
			if end > last[c] && !r.onOccasion(i, cue(c)) {
				r.cues = append(r.cues, span{lo: i, hi: end, cue: cue(c)})
				last[c] = end
			}
		}
	}
}

// onOccasion says whether a word of need only says when something is done: "as
// required", "where necessary".
func (r *reading) onOccasion(i int, kind cue) bool {
	if i == 0 || kind != cueNeedBefore && kind != cueNeedAfter && kind != cueAsks {
		return false
	}
	switch r.tokens[i-1].word {
	case "when", "where", "as", "if", "whenever", "wherever":
	default:
		return false
	}
	switch r.tokens[i].word {
	case "required", "needed", "necessary", "essential", "is", "are", "expected", "desired":
		return true
	}
	return false
}

// sentence is a stretch of tokens that is read as one statement.
type sentence struct {
	lo, hi int
}

// sentences splits the line at sentence ends, semicolons and table cells.
func (r *reading) sentences() []sentence {
	var out []sentence
	lo := 0
	for i := 1; i <= len(r.tokens); i++ {
		if i == len(r.tokens) || r.tokens[i].before&gapBreak != 0 {
			out = append(out, sentence{lo: lo, hi: i})
			lo = i
		}
	}
	if len(r.tokens) == 0 {
		return nil
	}
	return out
}

// within lists the cues of a kind inside a stretch.
func (r *reading) within(lo, hi int, kinds ...cue) []span {
	var out []span
	for _, c := range r.cues {
		if c.lo >= lo && c.hi <= hi && slices.Contains(kinds, c.cue) {
			out = append(out, c)
		}
	}
	return out
}

// read reads one sentence.
func (r *reading) read(s sentence) {
	s = r.inlineHeading(s)
	if s.lo >= s.hi {
		return
	}
	if r.silent || !r.asks(s) {
		r.readBrackets(s)
		r.readChecks(s)
		return
	}
	for _, clause := range r.clauses(s) {
		if !r.offered(clause) {
			r.readClause(clause)
		}
	}
}

// inlineHeading takes a heading such as "Desirable:" off the front of a
// sentence; it rules the rest of the line.
func (r *reading) inlineHeading(s sentence) sentence {
	for i := s.lo + 1; i < s.hi && i <= s.lo+8; i++ {
		if r.tokens[i].before&gapColon == 0 {
			continue
		}
		part, section, ok := r.taxonomy.partOf(r.tokens[s.lo:i], true)
		if !ok {
			return s
		}
		r.silent, r.applying = part != PartRequirements, part == PartApply
		r.topic = r.topicOf(s.lo, i)
		if section != SectionNone && (section == SectionDesirable || r.section == SectionNone || r.explicit(s.lo, i)) {
			r.section = section
		}
		s.lo = i
		return s
	}
	return s
}

// topicOf says what an inline heading of nothing but experience or knowledge
// lets its items leave unsaid.
func (r *reading) topicOf(lo, hi int) headSet {
	out := headSet(0)
	for _, tok := range r.tokens[lo:hi] {
		switch tok.word {
		case "experience":
			out |= headExperience
		case "knowledge", "understanding":
			out |= headKnowledge
		case "skill", "qualification", "quality", "ability", "training", "education":
			return 0
		}
	}
	if out == headExperience|headKnowledge {
		return 0 // of which of the two an item is, it does not say
	}
	return out
}

// explicit says whether a heading names its level in words.
func (r *reading) explicit(lo, hi int) bool {
	return r.taxonomy.levelWord(r.tokens[lo:hi]) != SectionNone
}

// readBrackets reads the brackets of a sentence that itself asks nothing, where
// a bracket says its own level: "Location: Ludlow (driver preferred)".
func (r *reading) readBrackets(s sentence) {
	for i := s.lo; i < s.hi; i++ {
		if r.bracket[i] != i {
			continue
		}
		hi := i
		for hi < s.hi && r.bracket[hi] == i {
			hi++
		}
		if len(r.within(i, hi, cuePreferAfter, cueNeedAfter)) > 0 && len(r.within(i, hi, cueOffer)) == 0 {
			r.readClause(sentence{lo: i, hi: hi})
		}
	}
}

// readChecks reads the checks that a sentence about the application itself
// demands: "we cannot sponsor visas; you must have the right to work", "Safer
// recruitment: an enhanced DBS".
func (r *reading) readChecks(s sentence) {
	demands := len(r.within(s.lo, s.hi, cueNeedBefore, cueNeedAfter, cueAsks)) > 0
	switch {
	case r.applying && (demands || r.checkAt(s, s.lo)):
	case r.silent || !demands || !r.instructs(s):
		return
	}
	before := len(r.items)
	r.readClause(s)
	kept := r.items[:before]
	for _, it := range r.items[before:] {
		if it.kind(r.taxonomy) == "check" || it.group != 0 && slices.ContainsFunc(kept[before:], func(k item) bool { return k.group == it.group }) {
			kept = append(kept, it)
		}
	}
	r.items = kept
}

// readClause finds the items of a clause, their levels, groups and years.
func (r *reading) readClause(s sentence) {
	levels := r.levels(s)
	items := r.qualifications(s)
	items = append(items, r.phrases(s)...)
	slices.SortStableFunc(items, func(a, b item) int {
		return cmp.Or(cmp.Compare(a.lo, b.lo), cmp.Compare(b.hi, a.hi))
	})
	kept := items[:0]
	for _, it := range items {
		it.level = levels[it.lo-s.lo]
		if it.level != "" && !r.taught(s, it) {
			kept = append(kept, it)
		}
	}
	kept = r.settle(kept)
	r.group(s, kept)
	r.attachYears(s, kept)
	r.items = append(r.items, kept...)
}

// requirements unites what was found more than once: the stricter level and
// the stated years win.
func (r *reading) requirements() []Requirement {
	out := make([]Requirement, 0, len(r.items))
	at := map[int]int{}
	for i := range r.items {
		it := &r.items[i]
		if it.within {
			continue
		}
		if j, ok := at[it.concept]; ok {
			if it.level == Essential {
				out[j].Level = Essential
			}
			if out[j].MinYears == nil {
				out[j].MinYears = it.years
			}
			if group := it.group; group > 0 && out[j].AnyOfGroup == nil && it.level == out[j].Level {
				out[j].AnyOfGroup = &group
			}
			continue
		}
		at[it.concept] = len(out)
		req := Requirement{ID: it.id(r.taxonomy), Level: it.level, MinYears: it.years, Evidence: r.evidence(it)}
		if it.group > 0 {
			group := it.group
			req.AnyOfGroup = &group
		}
		out = append(out, req)
	}
	r.numbers = renumber(out)
	return out
}

// standing gives the choices whose group is left in the flat form, under the
// number that it has there.
func (r *reading) standing() []Choice {
	var out []Choice
	for _, c := range r.choices {
		if n, ok := r.numbers[c.Group]; ok {
			c.Group = n
			out = append(out, c)
		}
	}
	return out
}

// renumber numbers the groups from 1 in the order of the text, dissolves those
// that have one member left, and gives the new number of each old one.
func renumber(reqs []Requirement) map[int]int {
	size := map[int]int{}
	for _, q := range reqs {
		if q.AnyOfGroup != nil {
			size[*q.AnyOfGroup]++
		}
	}
	number := map[int]int{}
	for i := range reqs {
		g := reqs[i].AnyOfGroup
		if g == nil {
			continue
		}
		if size[*g] < 2 {
			reqs[i].AnyOfGroup = nil
			continue
		}
		if number[*g] == 0 {
			number[*g] = len(number) + 1
		}
		n := number[*g]
		reqs[i].AnyOfGroup = &n
	}
	return number
}

func (r *reading) evidence(it *item) string {
	return strings.TrimSpace(r.text[r.tokens[it.from].start:r.tokens[it.hi-1].end])
}
