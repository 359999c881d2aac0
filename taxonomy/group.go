package taxonomy

// link is how two neighbours of a list are joined.
type link int

const (
	linkDirect  link = iota // one phrase: "children with autism"
	linkComma               // whatever joins the rest of the list
	linkAnd                 // both
	linkOr                  // either
	linkExample             // the second is an example of the first
)

// group finds the alternatives among the items of a clause and gives each
// list of them one group. Willingness to obtain joins what it is said of.
func (r *reading) group(s sentence, items []item) {
	links := r.links(s, items)
	for i := 1; i < len(items); i++ {
		if links[i] != linkOr || items[i].level != items[i-1].level {
			continue
		}
		if items[i].locked || items[i-1].locked {
			continue
		}
		r.unite(items, i-1, i)
	}
	r.backgrounds(s, items)
	for i := range items {
		if r.orTrains(items, i) {
			items[i].concept = r.taxonomy.conceptByID["willing-to-obtain"]
		}
		if items[i].id(r.taxonomy) == "willing-to-obtain" {
			r.joinWilling(items, i)
		}
	}
}

// backgrounds makes alternatives of the backgrounds of a list, which nobody is
// expected to have all of, and asks for none of them in particular, unless a
// word of need does: "people from youth work, care and sports backgrounds".
func (r *reading) backgrounds(s sentence, items []item) {
	first, n := -1, 0
	for i := range items {
		if !items[i].comes || items[i].kind(r.taxonomy) != "experience" || items[i].locked {
			continue
		}
		if n++; n == 1 {
			first = i
			continue
		}
		r.unite(items, first, i)
	}
	if n < 2 || r.section != SectionNone || len(r.within(s.lo, s.hi, cueNeedBefore, cueNeedAfter)) > 0 {
		return
	}
	for i := range items {
		if items[i].comes {
			items[i].level = Desirable
		}
	}
}

// orTrains says whether a willingness to be trained is the alternative to what
// stands before it, as in "Thrive trained, or willing to undertake training".
func (r *reading) orTrains(items []item, i int) bool {
	if i == 0 || items[i].id(r.taxonomy) != "cpd-commitment" {
		return false
	}
	if _, ok := r.taxonomy.conceptByID["willing-to-obtain"]; !ok {
		return false
	}
	switch items[i-1].kind(r.taxonomy) {
	case "qualification", "training", "licence", "check":
	default:
		return false
	}
	return r.link(items[i-1].hi, items[i].lo) == linkOr || items[i].lo < items[i].hi && r.joinsOr(items[i].lo)
}

// links reads what stands between each item and the one before it, and turns
// the commas of a list into what its last members are joined by.
func (r *reading) links(s sentence, items []item) []link {
	links := make([]link, len(items))
	example := len(items) > 0 && r.opensExamples(items[0].lo)
	for i := 1; i < len(items); i++ {
		links[i] = r.link(items[i-1].hi, items[i].lo)
		if items[i].lo < items[i-1].hi {
			links[i] = linkAnd
			if items[i].group > 0 && items[i].group == items[i-1].group {
				links[i] = linkOr
			}
		}
		example = example || links[i] == linkExample
		if example && (links[i] == linkComma || links[i] == linkAnd || links[i] == linkExample) {
			links[i] = linkOr
		}
	}
	if n := len(items); n > 1 && links[n-1] == linkComma && r.endsInOr(s, items[n-1].hi) {
		links[n-1] = linkOr
	}
	for i := len(items) - 2; i > 0; i-- {
		if links[i] == linkComma && links[i+1] != linkDirect {
			links[i] = links[i+1]
		}
	}
	return links
}

// endsInOr says whether a list goes on with "or" and a last member that no
// concept has: "youth work, care or retail".
func (r *reading) endsInOr(s sentence, i int) bool {
	for j := i; j < min(i+2, s.hi-1); j++ {
		if r.tokens[j].before&(apart|gapComma) != 0 && j > i {
			return false
		}
		if r.joinsOr(j) {
			return true
		}
	}
	return false
}

// opensExamples says whether an example word stands right before a token, after
// an umbrella that no concept has: "visual aids such as".
func (r *reading) opensExamples(i int) bool {
	for _, c := range r.cues {
		if c.cue == cueExample && c.hi == i {
			return true
		}
	}
	return false
}

// link reads the words between two places: the last joining word decides.
func (r *reading) link(from, to int) link {
	if from > to {
		return linkDirect
	}
	out := linkDirect
	for i := from; i <= to && i < len(r.tokens); i++ {
		before := r.tokens[i].before
		switch {
		case before&gapSlash != 0 && (i == to || i == from):
			out = linkOr
		case before&(gapComma|gapDash|gapColon) != 0 && out != linkOr:
			out = linkComma
		case before&(gapOpen|gapClose) != 0 && out == linkDirect:
			out = linkAnd
		}
		if i == to {
			if r.joinsOr(i) {
				out = linkOr // the wording itself begins with "or"
			}
			break
		}
		if r.joinsOr(i) {
			out = linkOr
		}
		switch r.tokens[i].word {
		case "and", "plus", "including", "incl", "include", "area":
			if i+1 < len(r.tokens) && r.tokens[i+1].word == "or" {
				continue
			}
			out = linkAnd
		}
	}
	if len(r.within(from, to, cueExample)) > 0 {
		return linkExample
	}
	return out
}

// unite puts two items, and all that are grouped with either, into one group.
func (r *reading) unite(items []item, a, b int) {
	switch {
	case items[a].group == 0 && items[b].group == 0:
		r.groups++
		items[a].group, items[b].group = r.groups, r.groups
	case items[a].group == 0:
		items[a].group = items[b].group
	case items[b].group == 0:
		items[b].group = items[a].group
	default:
		from, to := items[b].group, items[a].group
		for i := range items {
			if items[i].group == from {
				items[i].group = to
			}
		}
	}
}

// undertakes says whether a willingness that opens a clause is one to do the
// thing itself, not to obtain it: "willing to undertake personal care".
func (r *reading) undertakes(items []item, i int) bool {
	if i+1 >= len(items) || i > 0 || r.link(items[i].hi, items[i+1].lo) != linkDirect {
		return false
	}
	kind := items[i+1].kind(r.taxonomy)
	return (kind == "skill" || kind == "attribute") && r.tokens[items[i].hi-1].word == "undertake"
}

// trainsIn says whether a willingness to be trained opens the clause and the
// trainings after it are all still to come: "willing to be trained in PECS".
func (r *reading) trainsIn(items []item, i int) bool {
	if _, ok := r.taxonomy.conceptByID["cpd-commitment"]; !ok || i > 0 || i+1 >= len(items) || items[i+1].kind(r.taxonomy) != "training" {
		return false
	}
	if r.link(items[i].hi, items[i+1].lo) != linkDirect || r.joinsOr(items[i].lo) {
		return false
	}
	return r.oneOf(sentence{lo: items[i].lo, hi: items[i].hi}, items[i].lo, items[i].hi, "train", "trained", "training")
}

// joinWilling groups a willingness with what stands before it, or, where it
// opens the clause ("hold or be working towards"), with what follows.
func (r *reading) joinWilling(items []item, i int) {
	other := i - 1
	if i == 0 {
		other = 1
	}
	if other < len(items) && other >= 0 {
		r.unite(items, other, i)
		return
	}
	if n := len(r.items); n > 0 {
		last := &r.items[n-1]
		if last.group == 0 {
			r.groups++
			last.group = r.groups
		}
		items[i].group, items[i].level = last.group, last.level
	}
}
