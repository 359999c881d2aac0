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
}

// compile makes a pattern of an expression, which must be right.
func compile(expr string) *pattern {
	p := &pattern{re: regexp.MustCompile(expr)}
	if tree, err := syntax.Parse(expr, syntax.Perl); err == nil {
		p.cues = cues(tree.Simplify())
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
func (p *pattern) in(text string) bool { return p.hinted(text) && p.re.MatchString(text) }

// first gives the bounds of the first match, or nil.
func (p *pattern) first(text string) []int {
	if !p.hinted(text) {
		return nil
	}
	return p.re.FindStringIndex(text)
}

// each gives the bounds of the first n matches.
func (p *pattern) each(text string, n int) [][]int {
	if !p.hinted(text) {
		return nil
	}
	return p.re.FindAllStringIndex(text, n)
}

// groups gives the first match and its groups, or nil.
func (p *pattern) groups(text string) []string {
	if !p.hinted(text) {
		return nil
	}
	return p.re.FindStringSubmatch(text)
}

// cueLetters is the least length of a literal that is worth looking for.
const cueLetters = 2

// cues gives literals of which every match of re holds at least one, or nil
// when there are none that help.
func cues(re *syntax.Regexp) []string {
	switch re.Op {
	case syntax.OpLiteral:
		if re.Flags&syntax.FoldCase != 0 || len(string(re.Rune)) < cueLetters {
			return nil
		}
		return []string{string(re.Rune)}
	case syntax.OpCapture, syntax.OpPlus:
		return cues(re.Sub[0])
	case syntax.OpRepeat:
		if re.Min > 0 {
			return cues(re.Sub[0])
		}
	case syntax.OpConcat:
		var best []string
		for _, sub := range re.Sub {
			if c := cues(sub); c != nil && (best == nil || shortest(c) > shortest(best)) {
				best = c
			}
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
		return all
	}
	return nil
}

// shortest is the length of the shortest of the literals.
func shortest(literals []string) int {
	n := len(literals[0])
	for _, l := range literals[1:] {
		n = min(n, len(l))
	}
	return n
}
