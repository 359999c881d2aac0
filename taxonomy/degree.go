package taxonomy

import (
	"slices"
	"strings"
)

// degreesOf reads degrees with their subjects: "degree in psychology or a
// related field", "psychology graduates", "education studies degree".
func (r *reading) degreesOf(s sentence) []item {
	var out []item
	for i := s.lo; i < s.hi; i++ {
		kind := r.degreeWord(s, i)
		if kind == "" || r.taken(i, i+1) {
			continue
		}
		subjects := append(r.subjectsBefore(s, i), r.subjectsAfter(s, i)...)
		if len(subjects) == 0 {
			continue // the wordings of the data name a degree in anything
		}
		if first := subjects[0].lo; first > i && len(r.within(i+1, first, cuePreferBefore)) > 0 {
			out = append(out, r.named("degree", i, i+1)...)
		}
		if from := r.recently(s, min(i, subjects[0].lo)); from >= 0 && r.tokens[i].word == "graduate" {
			out = append(out, r.named("recent-graduate", from, i+1)...)
		}
		out = append(out, r.degreeItems(subjects, i, kind)...)
	}
	return out
}

// recently gives where "recent" or "new" stands before a graduate's subjects,
// or -1.
func (r *reading) recently(s sentence, i int) int {
	if i > s.lo {
		switch r.tokens[i-1].word {
		case "recent", "new", "recently":
			return i - 1
		}
	}
	return -1
}

// degreeWord says whether a token is a degree's: "degree", "masters" or "".
func (r *reading) degreeWord(s sentence, i int) string {
	w := r.tokens[i].word
	switch w {
	case "degree":
		if i > s.lo && (r.tokens[i-1].word == "foundation" || r.tokens[i-1].word == "high") || i+1 < s.hi && r.tokens[i+1].word == "of" {
			return ""
		}
		return w
	case "graduate", "undergraduate", "bachelor", "bsc":
		return "degree"
	case "studying", "studied":
		if hi, _ := r.taxonomy.degrees.longest(r.tokens[:s.hi], i+1); hi > i+1 {
			return "degree"
		}
	case "msc", "master":
		return "masters"
	case "qualified":
		if i+1 < s.hi && r.tokens[i+1].word == "in" {
			return "degree"
		}
	}
	return ""
}

// place is a subject of a degree and where it stands.
type place struct {
	lo, hi  int
	subject int32
}

// subjectsBefore lists the subjects right before a degree word, and those that
// a list joins to them.
func (r *reading) subjectsBefore(s sentence, i int) []place {
	var out []place
	end := i
	for end > s.lo {
		found := false
		for lo := max(s.lo, end-4); lo < end; lo++ {
			if hi, values := r.taxonomy.degrees.longest(r.tokens[:end], lo); hi == end && len(values) > 0 && !r.parted(lo+1, end-1) {
				out = append(out, place{lo, hi, values[0]})
				end, found = lo, true
				break
			}
		}
		if !found {
			break
		}
		joined := end > s.lo && (r.tokens[end].before&(gapComma|gapSlash) != 0)
		if w := r.tokens[max(end-1, s.lo)].word; end-1 > s.lo && (w == "or" || w == "and") {
			end, joined = end-1, true
		}
		if !joined {
			break
		}
	}
	slices.Reverse(out)
	return out
}

// subjectsAfter lists the subjects after "degree in", "degree (", and those
// that a list joins to them.
func (r *reading) subjectsAfter(s sentence, i int) []place {
	j := i + 1
	for j < s.hi && (leadsToSubject[r.tokens[j].word] || r.degreeWord(s, j) != "") {
		j++
	}
	if j >= s.hi || j == i+1 && r.tokens[j].before&(gapColon|gapOpen) == 0 && !strings.HasPrefix(r.tokens[i].word, "stud") {
		return nil
	}
	var out []place
	for j < s.hi {
		hi, values := r.taxonomy.degrees.longest(r.tokens[:s.hi], j)
		if hi == j || len(values) == 0 {
			break
		}
		out = append(out, place{j, hi, values[0]})
		j = r.afterJoint(s, hi)
		if j == hi && (j >= s.hi || r.tokens[j].before&(gapComma|gapSlash) == 0) {
			break
		}
	}
	return out
}

// joinsSubjects are the words between two subjects of one degree.
var joinsSubjects = map[string]bool{
	"or": true, "and": true, "a": true, "an": true, "any": true, "another": true, "other": true, "closely": true, "similarly": true,
}

// afterJoint gives where the next subject would stand after the words that join
// it: "or a closely", "such as".
func (r *reading) afterJoint(s sentence, j int) int {
	for j < s.hi {
		to := j
		for _, c := range r.cues {
			if c.lo == j && c.cue == cueExample {
				to = c.hi
			}
		}
		switch {
		case to > j:
			j = to
		case joinsSubjects[r.tokens[j].word]:
			j++
		default:
			return j
		}
	}
	return j
}

// leadsToSubject are the words between a degree and its subject.
var leadsToSubject = map[string]bool{
	"in": true, "a": true, "an": true, "or": true, "higher": true, "equivalent": true, "qualification": true, "hon": true, "level": true,
	"honour": true, "educated": true, "above": true, "preferably": true, "ideally": true, "with": true, "subject": true, "within": true,
}

// degreeItems makes items of a degree's subjects; several are alternatives.
func (r *reading) degreeItems(subjects []place, at int, kind string) []item {
	var out []item
	both := kind == "masters" && at >= 2 && r.tokens[at-1].word == "or"
	r.claim(at, at+1)
	for _, p := range subjects {
		r.claim(p.lo, p.hi)
		d := r.taxonomy.degreeData[p.subject]
		ids := []string{d.Degree}
		if kind == "masters" && d.Masters != "" {
			ids = []string{d.Masters}
			if both {
				ids = []string{d.Degree, d.Masters}
			}
		}
		for _, id := range ids {
			for _, it := range r.named(id, p.lo, p.hi) {
				it.from = min(p.lo, at)
				it.hi = max(p.hi, it.hi)
				out = append(out, it)
			}
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
