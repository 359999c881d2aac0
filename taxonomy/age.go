package taxonomy

// ages is where a clause says how old children are, and how old.
type ages struct {
	lo, hi   int // tokens
	from, to int // years
}

// oldest is the most years that an age of pupils has.
const oldest = 25

// longestAsked is the most years of experience that an advert gives as the end
// of a range; beyond it, "between 5 and 16 years" is somebody's age.
const longestAsked = 10

// markAges finds the ages that stand in the line: "aged 5 to 11", "3/4 year olds",
// "birth to eight", "between 5 and 16 years". They are never a length of
// experience.
func (r *reading) markAges() {
	for i := 0; i < len(r.tokens); i++ {
		if a, ok := r.agesAt(i); ok {
			r.ages = append(r.ages, a)
			i = a.hi - 1
		}
	}
}

// agesAt reads the ages that begin at a token.
func (r *reading) agesAt(i int) (ages, bool) {
	a := ages{lo: i}
	said := false // a word before the numbers says that they are ages
	switch w := r.tokens[i].word; {
	case w == "aged", w == "age":
		said = true
		i = r.after(i+1, "group", "range", "of", "from", "between")
	case w == "between":
		i++
	case w == "birth", isDigits(w):
	default:
		return a, false
	}
	var ok bool
	if a.from, i, ok = r.age(i); !ok {
		return a, false
	}
	a.to = a.from
	i = r.spread(&a, i)
	years := r.after(i, "year")
	closed := r.closed(years)
	switch {
	case years > i && closed > years:
		a.hi = closed
	case said, r.tokens[a.lo].word == "birth" && a.to > 0:
		a.hi = years
	case r.tokens[a.lo].word == "between" && years > i && (a.to > longestAsked || r.ends(a.lo, cuePupil)):
		a.hi = years
	default:
		return a, false
	}
	return a, a.to >= a.from
}

// spread widens ages by what follows the first, "to 11" or "and under", and
// gives where that ends.
func (r *reading) spread(a *ages, i int) int {
	joint := r.after(i, "to", "and", "or")
	if i < len(r.tokens) && r.tokens[i].before&apart == 0 {
		if to, end, ok := r.age(joint); ok {
			a.to = to
			return end
		}
	}
	if joint == i || joint >= len(r.tokens) {
		return i
	}
	switch r.tokens[joint].word {
	case "under", "below", "younger":
		a.from = 0
	case "over", "above", "older":
		a.to = oldest
	default:
		return i
	}
	return joint + 1
}

// closed gives where "old" or "of age" ends that stands at a token, or the token.
func (r *reading) closed(i int) int {
	if end := r.after(i, "old"); end > i {
		return end
	}
	if of := r.after(i, "of"); of > i && of < len(r.tokens) && r.tokens[of].word == "age" {
		return of + 1
	}
	return i
}

// after skips words that stand at a token.
func (r *reading) after(i int, words ...string) int {
	for i < len(r.tokens) && r.tokens[i].before&apart == 0 && r.oneOf(sentence{lo: i, hi: i + 1}, i, i+1, words...) {
		i++
	}
	return i
}

// age reads one age at a token, a number or birth, and says where it ends.
func (r *reading) age(i int) (years, end int, ok bool) {
	if i >= len(r.tokens) {
		return 0, i, false
	}
	switch w := r.tokens[i].word; w {
	case "birth":
		return 0, i + 1, true
	case "a", "an":
		return 0, i, false
	default:
		n, ok := number(w)
		return int(n), i + 1, (ok || w == "0") && n <= oldest
	}
}

// isDigits says whether a word begins like a number written in figures.
func isDigits(w string) bool { return w != "" && w[0] >= '0' && w[0] <= '9' }

// ofAge says whether a token is part of somebody's age.
func (r *reading) ofAge(i int) bool {
	for _, a := range r.ages {
		if a.lo <= i && i < a.hi {
			return true
		}
	}
	return false
}

// pastAges is where the ages end that begin at a token, or the token.
func (r *reading) pastAges(i int) int {
	for _, a := range r.ages {
		if a.lo == i {
			return a.hi
		}
	}
	return i
}

// atAges gives the experience with children of the ages that a clause states,
// where experience is what it speaks of.
func (r *reading) atAges(s sentence, heads []head) []item {
	var out []item
	for _, a := range r.ages {
		if a.lo < s.lo || a.hi > s.hi {
			continue
		}
		var governs *head
		for i := range heads {
			if heads[i].hi <= a.lo {
				governs = &heads[i]
			}
		}
		if governs == nil || governs.set&headExperience == 0 {
			continue
		}
		for _, it := range r.named(phaseOf(a), a.lo, a.hi) {
			it.head = governs.set
			out = append(out, it)
		}
	}
	return out
}

// phaseOf names the experience of a phase that ages fall into; none where they
// span several.
func phaseOf(a ages) string {
	switch {
	case a.from < 5 && a.to <= 8:
		return "exp-early-years"
	case a.from >= 4 && a.to <= 11:
		return "exp-primary"
	case a.from >= 16:
		return "exp-post16"
	case a.from >= 11 && a.to <= 18:
		return "exp-secondary"
	}
	return ""
}
