package taxonomy

import "slices"

// branch is one alternative of a choice: items that are asked together.
type branch struct {
	items []int // of reading.items
}

// choose finds the alternatives of the line that are several things together,
// leaves of each the first in the flat form, and keeps the whole as a choice.
// English says "A and B or C" of two different things; only where the writing
// itself sets the sides apart (OR in capitals, options by number or letter,
// either … or, a comma or a bracket between unlike things) is it a choice.
func (r *reading) choose() {
	cuts, from, marked := r.divides()
	if len(cuts) == 0 {
		return
	}
	branches := r.branches(cuts, max(from, r.opening(cuts[0])), r.ending(cuts[len(cuts)-1]))
	if !r.chosen(branches, marked) {
		return
	}
	r.groups++
	group := r.groups
	var alternatives []Clause
	for _, b := range branches {
		alternatives = append(alternatives, r.clause(b))
		r.flatten(b, group)
	}
	r.choices = append(r.choices, Choice{Group: group, Clause: Clause{AnyOf: alternatives}})
}

// divides finds the words "or" that set the sides of a choice apart, where the
// choice begins, and whether its writing marks it as one.
func (r *reading) divides() (cuts []int, from int, marked bool) {
	together := false
	var plain []int // the cuts of "either … or", where nothing else makes one
	for i := range r.tokens {
		switch w := r.tokens[i].word; {
		case w == "either" || r.option(i) && len(cuts) == 0:
			if len(cuts) == 0 && (!marked || !together) {
				from, marked, together = i, true, false
			}
		case w == "and" || w == "plus" || w == "with" || w == "including":
			together = together || i > from
		case w == "or" && i > from && r.joinsOr(i):
			capitals := r.written(i) == "OR"
			if capitals || r.tokens[i].before&(gapBreak|gapComma|gapClose) != 0 || i+1 < len(r.tokens) && (r.tokens[i+1].before&gapOpen != 0 || r.option(i+1)) {
				cuts = append(cuts, i)
				marked = marked || capitals
			} else if marked && together {
				plain = append(plain, i)
			}
		}
	}
	switch {
	case !together:
		return nil, 0, false
	case len(cuts) == 0:
		return plain, from, marked
	}
	return cuts, from, marked
}

// option says whether a token begins a numbered alternative: "option 1", "(a)".
func (r *reading) option(i int) bool {
	switch w := r.tokens[i].word; w {
	case "option":
		return i+1 < len(r.tokens) && len(r.tokens[i+1].word) == 1
	case "a", "b", "i", "ii":
		return r.bracket[i] == i && (i+1 >= len(r.tokens) || r.bracket[i+1] != i)
	}
	return false
}

// written is a token as the text has it.
func (r *reading) written(i int) string { return r.text[r.tokens[i].start:r.tokens[i].end] }

// opening is where the sentence of a cut begins; of a cut that itself begins
// one ("… OR Option 2"), the sentence before it, from its first option on.
func (r *reading) opening(cut int) int {
	first := cut
	if r.tokens[cut].before&gapBreak != 0 {
		first--
	}
	for first > 0 && r.tokens[first].before&gapBreak == 0 {
		first--
	}
	if first > 0 && r.tokens[first].word == "and" && r.written(first) == "AND" {
		return r.opening(first)
	}
	return max(first, 0)
}

// ending is where the sentence of a cut ends.
func (r *reading) ending(cut int) int {
	end := cut + 1
	for end < len(r.tokens) && r.tokens[end].before&gapBreak == 0 {
		end++
	}
	return end
}

// branches puts the items of the line between the cuts into their branches.
func (r *reading) branches(cuts []int, from, to int) []branch {
	out := make([]branch, len(cuts)+1)
	for n := range r.items {
		if r.items[n].lo < from || r.items[n].lo >= to {
			continue
		}
		at, _ := slices.BinarySearch(cuts, r.items[n].lo)
		out[at].items = append(out[at].items, n)
	}
	// An "or" that nothing asked follows belongs to what stands before it.
	return slices.DeleteFunc(out, func(b branch) bool { return len(b.items) == 0 })
}

// chosen says whether branches make a choice: there are several, all at one
// level, and one for several things, of unlike kinds where nothing but a
// comma sets the sides apart.
func (r *reading) chosen(branches []branch, marked bool) bool {
	level, joint := Level(""), false
	for _, b := range branches {
		for k, n := range b.items {
			it := &r.items[n]
			if level == "" {
				level = it.level
			}
			if it.level != level || it.id(r.taxonomy) == "willing-to-obtain" || !testable[it.kind(r.taxonomy)] {
				return false
			}
			if k == 0 {
				continue
			}
			had := &r.items[b.items[k-1]]
			if r.apartInBranch(had, it) && (marked || had.kind(r.taxonomy) != it.kind(r.taxonomy)) {
				joint = true
			}
		}
	}
	return joint && len(branches) > 1
}

// testable are the kinds that a choice is made of: what a candidate can show.
var testable = map[string]bool{"qualification": true, "training": true, "experience": true, "licence": true}

// apartInBranch says whether two items of a branch are asked together rather
// than one or the other.
func (r *reading) apartInBranch(a, b *item) bool { return a.group == 0 || a.group != b.group }

// clause writes a branch as a clause, with the alternatives inside it.
func (r *reading) clause(b branch) Clause {
	var parts []Clause
	for k := 0; k < len(b.items); {
		group := r.items[b.items[k]].group
		var alike []Clause
		for ; k < len(b.items); k++ {
			it := &r.items[b.items[k]]
			if len(alike) > 0 && (group == 0 || it.group != group) {
				break
			}
			alike = append(alike, Clause{ID: it.id(r.taxonomy), MinYears: it.years})
		}
		if part := anyOf(alike); !slices.ContainsFunc(parts, part.equal) {
			parts = append(parts, part)
		}
	}
	return all(parts)
}

// flatten leaves the first thing of a branch, with its own alternatives, in the
// flat form and puts it into the choice's group.
func (r *reading) flatten(b branch, group int) {
	first := r.items[b.items[0]].group
	for k, n := range b.items {
		it := &r.items[n]
		if k > 0 && (first == 0 || it.group != first) {
			it.within = true
			continue
		}
		it.group = group
	}
}
