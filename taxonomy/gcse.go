package taxonomy

import "slices"

// exam is a way of proving English and maths.
type exam int

const (
	examGCSE exam = iota
	examFunctional
	examLevel2
)

// examConcepts names the concept of a subject under an exam.
var examConcepts = map[exam][2]string{
	examGCSE:       {"gcse-english", "gcse-maths"},
	examFunctional: {"fs-english-2", "fs-maths-2"},
	examLevel2:     {"english-level-2", "maths-level-2"},
}

// manyGCSEs is the number of passes from which a list of GCSEs counts as the
// usual "five good GCSEs".
const manyGCSEs = 4

// mostGCSEs is the most that an advert asks for; a bigger number is an age.
const mostGCSEs = 12

// schoolSubjects reads GCSEs, Functional Skills and Level 2 in English and
// maths, whatever the order of exam, grade and subject. Several exams for one
// subject are alternatives; the two subjects are not.
func (r *reading) schoolSubjects(s sentence) []item {
	exams := r.exams(s)
	if len(exams) == 0 {
		return r.moreSubjects(s)
	}
	var out []item
	if lo, hi, ok := r.fiveGCSEs(s, exams); ok {
		r.claim(lo, hi)
		out = append(out, r.named("gcse-five", lo, hi)...)
	}
	for subject := range 2 {
		place := r.subject(s, subject, exams)
		if place < 0 {
			continue
		}
		var alternatives []item
		for _, e := range []exam{examFunctional, examGCSE, examLevel2} {
			if at, ok := exams[e]; ok {
				r.claim(at.lo, at.hi)
				if r.bracket[at.lo] == r.bracket[place] {
					// Skills that a bracket only measures by an exam are asked too.
					r.claim(place, r.pastNames(place, subject, s.hi))
				}
				for _, it := range r.named(examConcepts[e][subject], place, place+1) {
					it.from, it.hi = min(place, at.lo), max(place+1, at.hi)
					alternatives = append(alternatives, it)
				}
			}
		}
		if len(alternatives) > 1 {
			r.groups++
			for i := range alternatives {
				alternatives[i].group, alternatives[i].locked = r.groups, true
			}
		}
		out = append(out, alternatives...)
	}
	_, r.gcse = exams[examGCSE]
	r.gcse = r.gcse && len(exams) == 1 && len(out) > 0
	return out
}

// moreSubjects reads a stretch that is nothing but the subject of the exam that
// the stretch before it names: "GCSE grade 4 in: English; Maths / Numeracy".
func (r *reading) moreSubjects(s sentence) []item {
	if !r.gcse {
		return nil
	}
	for subject := range 2 {
		if hi := r.pastNames(s.lo, subject, s.hi); hi == s.hi {
			r.claim(s.lo, s.hi)
			return r.named(examConcepts[examGCSE][subject], s.lo, s.hi)
		}
	}
	r.gcse = false
	return nil
}

// pastNames is where the names of a subject end that stand at a token, of which
// there may be several: "English / Literacy".
func (r *reading) pastNames(i, subject, hi int) int {
	names := subjectWords[subject]
	for i < hi && slices.Contains(names, r.tokens[i].word) {
		i++
		if i < hi && r.tokens[i].word == "language" {
			i++
		}
		switch {
		case i+1 < hi && r.tokens[i].word == "or" && slices.Contains(names, r.tokens[i+1].word):
			i++
		case i < hi && r.tokens[i].before&gapSlash == 0:
			return i
		}
	}
	return i
}

// exams finds where a clause names GCSEs, Functional Skills and Level 2.
func (r *reading) exams(s sentence) map[exam]span {
	out := map[exam]span{}
	put := func(e exam, lo, hi int) {
		if _, ok := out[e]; !ok {
			out[e] = span{lo: lo, hi: hi}
		}
	}
	word := func(i int) string {
		if i >= s.lo && i < s.hi {
			return r.tokens[i].word
		}
		return ""
	}
	for i := s.lo; i < s.hi; i++ {
		switch w := word(i); {
		case w == "gcse" || w == "igcse" || w == "cse" || w == "o" && word(i+1) == "level" || w == "national" && word(i+1) == "5":
			if !r.comparison(s, i) {
				put(examGCSE, i, i+1)
			}
		case w == "grade" && (word(i+1) == "c" || word(i+1) == "4" || word(i+1) == "a" && word(i+2) == "c" || word(i+1) == "9" || word(i+1) == "5"):
			if !r.comparison(s, i) {
				put(examGCSE, i, i+2)
			}
		case w == "essential" && word(i+1) == "skill" && r.oneOf(s, i, i+6, "level"):
			put(examLevel2, i, r.pastLevel(i+2, s.hi))
		case (w == "functional" || w == "key") && word(i+1) == "skill" && (w == "functional" || r.oneOf(s, i, i+6, "level")), w == "fs" && r.oneOf(s, i, i+5, "l2", "level", "english", "maths"):
			put(examFunctional, i, i+2)
		case w == "level" && (word(i+1) == "2" || word(i+1) == "two"), w == "l2":
			if word(i+2) != "or" || levelWords[word(i+3)] == 0 && word(i+3) != "level" {
				put(examLevel2, i, i+2)
			}
		}
	}
	_, functional := out[examFunctional]
	if functional {
		// Functional Skills are at a level: "Level 2" is theirs.
		if at, ok := out[examLevel2]; ok {
			r.claim(at.lo, at.hi)
			delete(out, examLevel2)
		}
	}
	if at, ok := out[examLevel2]; ok {
		if _, gcse := out[examGCSE]; gcse && word(at.lo) != "essential" && !r.near(s, at.lo) {
			delete(out, examLevel2)
			if at.hi < s.hi && r.tokens[at.hi].word == "equivalent" {
				r.claim(at.lo, at.hi) // "or Level 2 equivalent" adds nothing
			}
		}
	}
	return out
}

// pastLevel is where a level ends that stands at a token: "Essential Skills
// Level 2" is one name.
func (r *reading) pastLevel(i, hi int) int {
	if i < hi {
		if m, ok := r.levelMark(i, hi); ok {
			return m.hi
		}
	}
	return i
}

// comparison says whether an exam is only what something else is compared with:
// "level two qualifications (equivalent to grade C at GCSE)".
func (r *reading) comparison(s sentence, i int) bool {
	open := r.bracket[i]
	if open < 0 {
		return false
	}
	for j := open; j < min(open+5, s.hi); j++ {
		if r.tokens[j].word == "equivalent" && j+1 < s.hi && r.tokens[j+1].word == "to" {
			return true
		}
	}
	return false
}

// near says whether a "Level 2" beside GCSEs is of the same subjects: nothing
// but a word of equivalence stands around it, and no field of its own follows.
func (r *reading) near(s sentence, i int) bool {
	m, ok := r.levelMark(i, s.hi)
	if !ok {
		return false
	}
	if fields, _, _ := r.fieldOf(s, m); len(fields) > 0 {
		return false
	}
	if m.hi < s.hi && r.tokens[m.hi].word == "equivalent" {
		return false
	}
	return r.oneOf(s, i-3, i, "equivalent", "or") || r.tokens[i].before&gapSlash != 0
}

// subjectWords are the school subjects asked for and their other names.
var subjectWords = [2][]string{{"english", "literacy"}, {"math", "mathematic", "mathematics", "numeracy", "maths"}}

// subject finds a subject in a clause, or -1. Literacy and numeracy count only
// as subjects of an exam.
func (r *reading) subject(s sentence, which int, exams map[exam]span) int {
	best, distance := -1, 0
	for i := s.lo; i < s.hi; i++ {
		matched := false
		for _, w := range subjectWords[which] {
			matched = matched || r.tokens[i].word == w
		}
		if !matched {
			continue
		}
		for _, at := range exams {
			d := max(at.lo-i, i-at.hi, 0)
			if w := r.tokens[i].word; d > 2 && (w == "literacy" || w == "numeracy") {
				d += skillPenalty // skills of one's own, where the subject is named too
			}
			if d <= subjectReach && (best < 0 || d < distance) {
				best, distance = i, d
			}
		}
	}
	return best
}

// subjectReach is how many words may stand between an exam and its subject.
const subjectReach = 16

// skillPenalty is by how many words English beats literacy as the subject of an
// exam that stands between them.
const skillPenalty = 6

// fiveGCSEs finds "5 GCSEs", "at least five GCSEs", "good GCSE passes".
func (r *reading) fiveGCSEs(s sentence, exams map[exam]span) (lo, hi int, ok bool) {
	at, named := exams[examGCSE]
	if !named || r.tokens[at.lo].word == "grade" {
		return 0, 0, false
	}
	for i := max(s.lo, at.lo-4); i < at.lo; i++ {
		if n, isNumber := number(r.tokens[i].word); isNumber && n >= manyGCSEs && n <= mostGCSEs && r.tokens[i].word != "9" {
			return i, at.hi, true
		}
	}
	noSubject := r.subject(s, 0, exams) < 0 && r.subject(s, 1, exams) < 0
	passes := r.oneOf(s, at.lo, at.hi+3, "pass", "grade")
	if noSubject && passes {
		return at.lo, at.hi, true
	}
	return 0, 0, false
}
