package taxonomy

import "slices"

// qualifications reads what wordings cannot hold: school subjects with grades,
// levels with fields, degrees with subjects.
func (r *reading) qualifications(s sentence) []item {
	r.claimed = r.claimed[:0]
	items := r.schoolSubjects(s)
	items = append(items, r.levelled(s)...)
	return append(items, r.degreesOf(s)...)
}

// claim notes that a grammar has read some tokens; nothing else reads them.
func (r *reading) claim(lo, hi int) { r.claimed = append(r.claimed, span{lo: lo, hi: hi}) }

// taken says whether a grammar has read any token of a stretch.
func (r *reading) taken(lo, hi int) bool {
	return slices.ContainsFunc(r.claimed, func(c span) bool { return c.lo < hi && lo < c.hi })
}

// named makes an item of a concept's id; none where the data lacks it.
func (r *reading) named(id string, lo, hi int) []item {
	c, ok := r.taxonomy.conceptByID[id]
	if !ok || id == "" {
		return nil
	}
	return []item{{lo: lo, hi: hi, from: lo, concept: c}}
}

// at gives the field's qualification of a level: that level's, else the nearest
// below it, else the nearest above. Level 0 is unstated.
func (f *fieldData) at(level int) string {
	if level == 0 || len(f.Levels) == 0 {
		return f.Unstated
	}
	for l := level; l > 0; l-- {
		if id, ok := f.Levels[l]; ok {
			return id
		}
	}
	for l := level + 1; l <= 8; l++ {
		if id, ok := f.Levels[l]; ok {
			return id
		}
	}
	return f.Unstated
}

// levelWords are levels as they are written out.
var levelWords = map[string]int{
	"1": 1, "2": 2, "3": 3, "4": 4, "5": 5, "6": 6, "7": 7, "8": 8,
	"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
	"i": 1, "ii": 2, "iii": 3, "iv": 4,
	"l1": 1, "l2": 2, "l3": 3, "l4": 4, "nvq1": 1, "nvq2": 2, "nvq3": 3, "nvq4": 4, "ta2": 2, "ta3": 3,
}

// levelMark is a place where levels are stated.
type levelMark struct {
	lo, hi int
	levels []int
	nvq    bool // a National Vocational Qualification
	bare   bool // "NVQ 3": the word level is not there
}

// levelMarks finds "Level 2", "Level 2 or Level 3", "NVQ 2/3", "L3".
func (r *reading) levelMarks(s sentence) []levelMark {
	var out []levelMark
	for i := s.lo; i < s.hi; {
		m, ok := r.levelMark(i, s.hi)
		if !ok {
			i++
			continue
		}
		out = append(out, m)
		i = m.hi
	}
	return out
}

func (r *reading) levelMark(i, hi int) (levelMark, bool) {
	m := levelMark{lo: i}
	word := func(j int) string {
		if j < hi {
			return r.tokens[j].word
		}
		return ""
	}
	j := i
	switch w := word(i); w {
	case "nvq", "svq":
		m.nvq, m.bare = true, true
		j++
		if word(j) == "level" || word(j) == "at" && word(j+1) == "level" {
			m.bare = false
			for word(j) != "level" {
				j++
			}
			j++
		}
	case "level":
		j++
		if word(j) == "of" || word(j) == "at" {
			return m, false
		}
	case "nvq1", "nvq2", "nvq3", "nvq4":
		m.nvq, m.bare = true, true
	case "l2", "l3", "l4":
	default:
		return m, false
	}
	for {
		n, ok := levelWords[word(j)]
		if !ok {
			break
		}
		m.levels = append(m.levels, n)
		j++
		m.hi = j
		next := j
		for next-j < 3 && joinsLevels[word(next)] {
			next++
		}
		if next == j && (next >= hi || r.tokens[next].before&gapSlash == 0) {
			break
		}
		j = next
	}
	if i > 0 && r.tokens[i-1].word == "scqf" {
		for k, n := range m.levels {
			m.levels[k] = scottish[n]
		}
	}
	return m, len(m.levels) > 0 && !slices.Contains(m.levels, 0)
}

// scottish are the levels of the Scottish framework (SCQF) as those of the rest
// of the country, from "Qualifications can cross boundaries" (QAA, SCQF
// Partnership and others).
var scottish = map[int]int{4: 1, 5: 2, 6: 3, 7: 4, 8: 5, 9: 6, 10: 6, 11: 7, 12: 8}

// joinsLevels are the words between the levels of a list.
var joinsLevels = map[string]bool{"or": true, "and": true, "to": true, "nvq": true, "level": true}

// statedLevel is the only level that a clause states, or 0. A level that has a
// field of its own beside it says nothing of other fields.
func (r *reading) statedLevel(s sentence) int {
	marks := r.levelMarks(s)
	if len(marks) == 1 && len(marks[0].levels) == 1 {
		if fields, _, _ := r.fieldOf(s, marks[0]); len(fields) == 0 {
			return marks[0].levels[0]
		}
	}
	return 0
}

// fieldReach is how many words may stand between a level and its field.
const fieldReach = 8

// levelled reads levels with their fields: "Level 3 diploma in childcare".
func (r *reading) levelled(s sentence) []item {
	var out []item
	for _, m := range r.levelMarks(s) {
		if !r.taken(m.lo, m.hi) {
			out = append(out, r.levelItems(s, m)...)
		}
	}
	return out
}

func (r *reading) levelItems(s sentence, m levelMark) []item {
	fields, lo, hi := r.fieldOf(s, m)
	if len(fields) == 0 {
		return r.plainLevel(s, m)
	}
	if r.taken(lo, hi) {
		return nil
	}
	r.claim(min(lo, m.lo), max(hi, m.hi))
	if r.isPostGrade(s, m, lo, fields) {
		// The words are claimed all the same, so that they name nothing else.
		return nil
	}
	var out []item
	for _, f := range fields {
		for _, level := range m.levels {
			field := &r.taxonomy.fields[f]
			out = append(out, r.named(field.at(level), min(lo, m.lo), max(hi, m.hi))...)
		}
	}
	if len(out) > 1 {
		r.groups++
		for i := range out {
			out[i].group = r.groups
		}
	}
	return out
}

// fieldOf finds the field of a level: right before it ("Safeguarding Level 3"),
// or after it among words such as "diploma in", or before those words.
func (r *reading) fieldOf(s sentence, m levelMark) (fields []int32, lo, hi int) {
	t := r.taxonomy
	for i := max(s.lo, m.lo-5); i < m.lo; i++ {
		end, found := t.fieldWords.longest(r.tokens[:m.lo], i)
		if end > i && onlyFillers(r.tokens[end:m.lo]) && !r.parted(end, m.lo-1) && r.tokens[m.lo].before&(apart&^gapOpen|gapComma) == 0 {
			return found[:1], i, end
		}
	}
	if m.bare && m.lo-s.lo > 1 && r.tokens[m.lo-1].word == "or" {
		// "NNEB or NVQ 2" is of one field.
		for i := max(s.lo, m.lo-4); i < m.lo-1; i++ {
			if end, found := t.fieldWords.longest(r.tokens[:m.lo], i); end == m.lo-1 && t.fields[found[0]].Unstated == "childcare-level-2" {
				return found[:1], i, end
			}
		}
	}
	for i := m.hi; i < min(s.hi, m.hi+fieldReach); i++ {
		if r.tokens[i].before&(gapOpen|gapClose|gapBreak) != 0 || i > m.hi && r.tokens[i].before&(gapComma|gapSlash) != 0 {
			break
		}
		if w := r.tokens[i].word; w == "or" && i+1 < s.hi && r.tokens[i+1].word != "above" && r.tokens[i+1].word != "equivalent" && r.tokens[i+1].word != "higher" {
			break
		}
		if end, found := t.fieldWords.longest(r.tokens[:s.hi], i); end > i {
			return r.fieldsAfter(s, found[:1:1], i, end)
		}
		if _, ok := r.levelMark(i, s.hi); ok {
			break
		}
	}
	return nil, m.lo, m.hi
}

// fieldsAfter adds the fields that commas and "or" join to the first: "youth
// work, social care or a related field". Without an "or" there is no list.
func (r *reading) fieldsAfter(s sentence, fields []int32, lo, hi int) ([]int32, int, int) {
	listed, end, joined := fields, hi, false
	for i := hi; i < s.hi && !joined; {
		if end := r.exampleAt(i); end > i {
			return r.exampleFields(s, listed, lo, hi, end)
		}
		joined = r.tokens[i].word == "or"
		if !joined && (r.tokens[i].before&gapComma == 0 || lo == 0 || r.tokens[lo-1].word != "in") {
			break
		}
		for i < s.hi && beforeField[r.tokens[i].word] {
			i++
		}
		next, more := r.taxonomy.fieldWords.longest(r.tokens[:s.hi], i)
		if next == i || i >= s.hi {
			return fields, lo, hi
		}
		listed, end, i = append(listed, more[0]), next, next
	}
	if !joined {
		return fields, lo, hi
	}
	return listed, lo, end
}

// exampleAt is where an example word that begins at a token ends, or the token.
func (r *reading) exampleAt(i int) int {
	for _, c := range r.cues {
		if c.cue == cueExample && c.lo == i {
			return c.hi
		}
	}
	return i
}

// exampleFields adds the fields that are given as examples of the first: "a
// relevant subject, e.g. childcare, youth work".
func (r *reading) exampleFields(s sentence, fields []int32, lo, hi, from int) ([]int32, int, int) {
	for i := from; i < s.hi; {
		next, more := r.taxonomy.fieldWords.longest(r.tokens[:s.hi], i)
		if next == i {
			break
		}
		fields, hi, i = append(fields, more[0]), next, next
		for i < s.hi && (beforeField[r.tokens[i].word] || r.tokens[i].word == "and") {
			i++
		}
	}
	return fields, lo, hi
}

// beforeField are the words that may stand before a field of a list.
var beforeField = map[string]bool{"or": true, "a": true, "an": true, "other": true, "in": true}

// onlyFillers says whether nothing but words for a certificate stand between.
func onlyFillers(tokens []token) bool {
	for _, tok := range tokens {
		switch tok.word {
		case "qualification", "certificate", "diploma", "award", "at", "to", "training", "trained", "nvq", "qualified", "minimum", "is", "skill", "least",
			"specific", "equivalent", "relevant", "related", "a", "standard":
		default:
			return false
		}
	}
	return true
}

// parted says whether a comma or anything stronger stands between two places.
func (r *reading) parted(from, to int) bool {
	for i := from; i <= to && i < len(r.tokens); i++ {
		if r.tokens[i].before&(apart|gapComma) != 0 {
			return true
		}
	}
	return false
}

// isPostGrade says whether "teaching assistant level 2" names the post's pay
// grade: the field stands before the level, outside a person specification, and
// nothing speaks of a qualification.
func (r *reading) isPostGrade(s sentence, m levelMark, lo int, fields []int32) bool {
	if lo > m.lo || m.nvq || r.section != SectionNone {
		return false
	}
	if r.taxonomy.fields[fields[0]].Unstated != "ta-qualification" {
		return false
	}
	return len(r.within(s.lo, s.hi, cueQualification, cueTraining)) == 0
}

// plainLevel reads a level without a field, where it is one of qualification.
func (r *reading) plainLevel(s sentence, m levelMark) []item {
	said := m.nvq || r.section != SectionNone ||
		len(r.within(max(s.lo, m.lo-6), min(s.hi, m.hi+6), cueQualification)) > 0 || r.oneOf(s, m.lo-4, m.hi+4, "equivalent", "educated", "above")
	if !said {
		return nil
	}
	r.claim(m.lo, m.hi)
	if r.oneOf(s, m.lo-2, m.lo, "reach", "progress", "upgrade") {
		return nil // what one will have one day
	}
	var out []item
	for _, level := range m.levels {
		id := ""
		switch {
		case m.bare && level <= 4:
			id = "ta-level-" + string(rune('0'+level))
		case level >= 2 && level <= 4:
			id = "relevant-level-" + string(rune('0'+level))
		case level == 5:
			id = "foundation-degree"
		case level == 6:
			id = "degree"
		case level == 1:
			id = "relevant-qualification"
		}
		out = append(out, r.named(id, m.lo, m.hi)...)
	}
	if len(out) > 1 {
		r.groups++
		for i := range out {
			out[i].group = r.groups
		}
	}
	return out
}

func (r *reading) oneOf(s sentence, lo, hi int, words ...string) bool {
	for i := max(s.lo, lo); i < min(s.hi, hi); i++ {
		if slices.Contains(words, r.tokens[i].word) {
			return true
		}
	}
	return false
}
