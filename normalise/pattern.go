package normalise

import (
	"regexp"
	"regexp/syntax"
	"strings"
)

// pattern is a regular expression that is tried only on text that holds one of
// the literals without which it cannot match. An advert is looked through for
// dozens of patterns of which few match; looking for literals first makes that
// some ten times faster.
type pattern struct {
	re *regexp.Regexp
	// cues are the literals: a match holds at least one. Nil when there is no
	// such list, and the expression is always tried.
	cues []string
	// pairs are the bits of each cue's pairs of letters.
	pairs [][]uint16
	// branches are what the expression is a choice of; empty where they are not
	// known.
	branches []branch
}

// compile makes a pattern of an expression, which must be right.
func compile(expr string) *pattern {
	p := &pattern{re: regexp.MustCompile(expr)}
	if tree, err := syntax.Parse(expr, syntax.Perl); err == nil {
		// Simplified, a bounded repetition is nested as deep as it is long.
		p.branches = branches(tree)
		p.cues = cues(tree.Simplify())
	}
	for _, c := range p.cues {
		p.pairs = append(p.pairs, pairsOf(c))
	}
	return p
}

// hinted reports whether text may match.
func (p *pattern) hinted(text string) bool {
	if p.cues == nil {
		return true
	}
	for _, c := range p.cues {
		if strings.Contains(text, c) {
			return true
		}
	}
	return false
}

// in reports whether text holds a match.
func (p *pattern) in(text string) bool { return p.hinted(text) && p.branched(text, nil) }

// on reports whether a passage holds a match, folded.
func (p *pattern) on(x *passage) bool { return p.hintedOn(x) && p.branched(x.low, x.trace) }

// branched reports whether one of the branches matches.
func (p *pattern) branched(text string, t *trace) bool {
	for i := range p.branches {
		if p.branches[i].in(text, t) {
			return true
		}
	}
	return false
}

// hintedOn reports whether a passage may hold a match.
func (p *pattern) hintedOn(x *passage) bool {
	for i, pairs := range p.pairs {
		if x.trace.holds(pairs) && strings.Contains(x.low, p.cues[i]) {
			return true
		}
	}
	return p.cues == nil
}

// first gives the bounds of the first match, or nil.
func (p *pattern) first(text string) []int {
	if !p.in(text) {
		return nil
	}
	return p.re.FindStringIndex(text)
}

// each gives the bounds of the first n matches.
func (p *pattern) each(text string, n int) [][]int {
	if !p.in(text) {
		return nil
	}
	return p.re.FindAllStringIndex(text, n)
}

// replace puts another text in the place of every match.
func (p *pattern) replace(text, by string) string {
	if !p.in(text) {
		return text
	}
	return p.re.ReplaceAllString(text, by)
}

// groups gives the first match and its groups, or nil.
func (p *pattern) groups(text string) []string {
	if !p.in(text) {
		return nil
	}
	return p.re.FindStringSubmatch(text)
}

// Bounds of the literals that are worth looking for: their least length, and
// how many of them one part of an expression may give.
const (
	cueLetters = 2
	maxCues    = 40
)

// cues gives literals of which every match of re holds at least one, or nil
// when there are none that help.
func cues(re *syntax.Regexp) []string {
	switch re.Op {
	case syntax.OpCapture, syntax.OpPlus:
		return cues(re.Sub[0])
	case syntax.OpRepeat:
		if re.Min > 0 {
			return cues(re.Sub[0])
		}
	case syntax.OpLiteral, syntax.OpCharClass:
		begins, _ := beginnings(re)
		return worth(begins)
	case syntax.OpConcat:
		var best []string
		for i, sub := range re.Sub {
			best = better(best, cues(sub))
			rest := *re
			rest.Sub = re.Sub[i:]
			begins, _ := beginnings(&rest)
			best = better(best, worth(begins))
		}
		return best
	case syntax.OpAlternate:
		var all []string
		for _, sub := range re.Sub {
			c := cues(sub)
			if c == nil {
				return nil
			}
			all = append(all, c...)
		}
		return lean(all)
	}
	return nil
}

// worth gives the literals when all are long enough, else nil.
func worth(literals []string) []string {
	if len(literals) == 0 || shortest(literals) < cueLetters {
		return nil
	}
	return lean(literals)
}

// better picks the literals that are rarer in text: longer ones, and of equal
// length fewer.
func better(a, b []string) []string {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	case shortest(b) > shortest(a), shortest(b) == shortest(a) && len(b) < len(a):
		return b
	}
	return a
}

// lean leaves out the literals that hold another one.
func lean(literals []string) []string {
	var out []string
	for i, l := range literals {
		needed := true
		for j, m := range literals {
			if i != j && strings.Contains(l, m) && (l != m || j < i) {
				needed = false
			}
		}
		if needed {
			out = append(out, l)
		}
	}
	return out
}

// beginnings gives literals of which every match of re begins with one, and
// whether they are the whole of what re matches.
func beginnings(re *syntax.Regexp) (literals []string, whole bool) {
	switch re.Op {
	case syntax.OpLiteral:
		if re.Flags&syntax.FoldCase == 0 {
			return []string{string(re.Rune)}, true
		}
	case syntax.OpCharClass:
		return members(re)
	case syntax.OpCapture:
		return beginnings(re.Sub[0])
	case syntax.OpEmptyMatch, syntax.OpBeginText, syntax.OpEndText, syntax.OpBeginLine, syntax.OpEndLine, syntax.OpWordBoundary, syntax.OpNoWordBoundary:
		return []string{""}, true
	case syntax.OpQuest:
		if inner, all := beginnings(re.Sub[0]); all {
			return append([]string{""}, inner...), true
		}
	case syntax.OpPlus:
		inner, _ := beginnings(re.Sub[0])
		return inner, false
	case syntax.OpAlternate:
		whole = true
		for _, sub := range re.Sub {
			inner, all := beginnings(sub)
			literals, whole = append(literals, inner...), whole && all
		}
		if len(literals) <= maxCues {
			return literals, whole
		}
	case syntax.OpConcat:
		return joined(re.Sub)
	}
	return []string{""}, false
}

// joined gives the beginnings of expressions one after another.
func joined(subs []*syntax.Regexp) (literals []string, whole bool) {
	literals = []string{""}
	for _, sub := range subs {
		inner, all := beginnings(sub)
		if len(literals)*len(inner) > maxCues {
			return literals, false
		}
		next := make([]string, 0, len(literals)*len(inner))
		for _, a := range literals {
			for _, b := range inner {
				next = append(next, a+b)
			}
		}
		if literals = next; !all {
			return literals, false
		}
	}
	return literals, true
}

// classSize is the most characters of a class that are written out.
const classSize = 12

// members writes a small class of characters out.
func members(re *syntax.Regexp) (literals []string, whole bool) {
	for i := 0; i+1 < len(re.Rune); i += 2 {
		if re.Rune[i+1]-re.Rune[i] >= classSize || len(literals) > classSize {
			return []string{""}, false
		}
		for r := re.Rune[i]; r <= re.Rune[i+1]; r++ {
			literals = append(literals, string(r))
		}
	}
	return literals, len(literals) > 0
}

// shortest is the length of the shortest of the literals.
func shortest(literals []string) int {
	n := len(literals[0])
	for _, l := range literals[1:] {
		n = min(n, len(l))
	}
	return n
}
