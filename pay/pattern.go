package pay

import (
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"unicode"
)

// pattern is a regular expression that first looks for the words without which it
// cannot match. Most patterns of this package match few texts, and looking for
// fixed words is some fifty times faster than running the automaton over a text.
type pattern struct {
	re *regexp.Regexp
	// needs are pieces of text of which every match contains at least one; empty
	// when the expression has none.
	needs []string
	// folded is set for an expression that begins with "(?i)": its needs are in
	// small letters and looked for in a text of small letters.
	folded bool
	// digits is set when every match contains a digit.
	digits bool
}

// compile is regexp.MustCompile with the needs found out from the expression, so
// that they cannot go out of step with it.
func compile(expr string) *pattern {
	p := &pattern{re: regexp.MustCompile(expr)}
	tree, err := syntax.Parse(expr, syntax.Perl)
	if err != nil {
		panic(err)
	}
	tree = tree.Simplify()
	p.needs = needsOf(tree)
	if p.folded = strings.HasPrefix(expr, "(?i)"); p.folded {
		for i, piece := range p.needs {
			p.needs[i] = strings.ToLower(piece)
		}
		p.needs = worthy(p.needs)
	} else if cased(tree) {
		p.needs = nil
	}
	p.digits = len(p.needs) == 0 && needsDigit(tree)
	return p
}

// maxNeeds bounds the pieces to look for: with more of them the search costs as
// much as the automaton.
const maxNeeds = 36

// needsOf returns pieces of which every match of the tree contains one; nil when
// there is no such list, or none worth looking for.
func needsOf(tree *syntax.Regexp) []string {
	switch tree.Op {
	case syntax.OpLiteral:
		return worthy(heads([]*syntax.Regexp{tree}))
	case syntax.OpCapture, syntax.OpPlus:
		return needsOf(tree.Sub[0])
	case syntax.OpRepeat:
		if tree.Min > 0 {
			return needsOf(tree.Sub[0])
		}
	case syntax.OpConcat:
		var best []string
		for i, sub := range tree.Sub {
			for _, n := range [][]string{worthy(heads(tree.Sub[i:])), needsOf(sub)} {
				if n != nil && (best == nil || worth(n) > worth(best)) {
					best = n
				}
			}
		}
		return best
	case syntax.OpAlternate:
		var all []string
		for _, sub := range tree.Sub {
			n := needsOf(sub)
			if n == nil {
				return nil
			}
			all = append(all, n...)
		}
		return worthy(all)
	}
	return nil
}

// enough is the length of a piece beyond which more of it tells little.
const enough = 4

// heads returns the pieces of which every match of a sequence begins with one;
// nil when that cannot be told. The parser splits "weeks?|wks?" into "w" and its
// ends: heads puts them together again.
func heads(seq []*syntax.Regexp) []string {
	if len(seq) == 0 {
		return nil
	}
	first, rest := seq[0], seq[1:]
	with := func(subs ...*syntax.Regexp) []string { return heads(slices.Concat(subs, rest)) }
	switch first.Op {
	case syntax.OpWordBoundary, syntax.OpBeginText, syntax.OpBeginLine, syntax.OpEmptyMatch:
		return heads(rest)
	case syntax.OpLiteral:
		if first.Flags&syntax.FoldCase != 0 && len(first.Rune) == 1 {
			r := first.Rune[0]
			return extended([]string{string(unicode.ToLower(r)), string(unicode.ToUpper(r))}, rest)
		}
		return extended([]string{string(first.Rune)}, rest)
	case syntax.OpCharClass:
		return extended(letters(first.Rune), rest)
	case syntax.OpCapture, syntax.OpConcat:
		return with(first.Sub...)
	case syntax.OpPlus:
		return heads(first.Sub)
	case syntax.OpQuest:
		return either(with(first.Sub[0]), heads(rest))
	case syntax.OpAlternate:
		out := with(first.Sub[0])
		for _, sub := range first.Sub[1:] {
			out = either(out, with(sub))
		}
		return out
	}
	return nil
}

// extended puts each of some beginnings before the pieces that rest begins with.
func extended(starts []string, rest []*syntax.Regexp) []string {
	if len(starts) == 0 {
		return nil
	}
	ends := heads(rest)
	var out []string
	for _, start := range starts {
		if len(start) >= enough || len(ends) == 0 || len(starts)*len(ends) > fewLetters {
			out = append(out, start)
			continue
		}
		for _, end := range ends {
			out = append(out, start+end)
		}
	}
	return out
}

// fewLetters is the size of a class of characters that is taken apart, and the
// most pieces that are made of shorter ones.
const fewLetters = 8

// letters are the characters of a class given by its ranges; nil when there are
// many.
func letters(ranges []rune) []string {
	var out []string
	for i := 0; i+1 < len(ranges); i += 2 {
		for r := ranges[i]; r <= ranges[i+1]; r++ {
			if out = append(out, string(r)); len(out) > fewLetters {
				return nil
			}
		}
	}
	return out
}

// cased reports whether a word in the tree matches in either case. The parser
// also writes "[Pp]" so, which is no word.
func cased(tree *syntax.Regexp) bool {
	return tree.Op == syntax.OpLiteral && tree.Flags&syntax.FoldCase != 0 && len(tree.Rune) > 1 || slices.ContainsFunc(tree.Sub, cased)
}

// either is the union of two lists; nil when one is nil or there are too many.
func either(a, b []string) []string {
	if len(a) == 0 || len(b) == 0 || len(a)+len(b) > maxNeeds {
		return nil
	}
	return slices.Concat(a, b)
}

// worthy drops doubles; it returns nil when there are too many pieces or one is
// too common to be looked for.
func worthy(pieces []string) []string {
	slices.Sort(pieces)
	pieces = slices.Compact(pieces)
	if len(pieces) > maxNeeds || slices.ContainsFunc(pieces, func(s string) bool { return !telling(s) }) {
		return nil
	}
	return pieces
}

// telling says whether a piece is rare enough to be looked for.
func telling(piece string) bool {
	return len(piece) > 1 || strings.ContainsAny(piece, "£%/=(")
}

// worth is higher for fewer and longer pieces. Two letters stand in many texts:
// "te" for "fte" turns few away.
func worth(pieces []string) float64 {
	shortest := len(pieces[0])
	for _, piece := range pieces {
		shortest = min(shortest, len(piece))
	}
	return float64((shortest-1)*(shortest-1)) / float64(len(pieces)+1)
}

// needsDigit says whether every match of the tree contains a digit.
func needsDigit(tree *syntax.Regexp) bool {
	switch tree.Op {
	case syntax.OpLiteral:
		return strings.ContainsAny(string(tree.Rune), "0123456789")
	case syntax.OpCharClass:
		for i := 0; i < len(tree.Rune); i += 2 {
			if tree.Rune[i] < '0' || tree.Rune[i+1] > '9' {
				return false
			}
		}
		return len(tree.Rune) > 0
	case syntax.OpCapture, syntax.OpPlus:
		return needsDigit(tree.Sub[0])
	case syntax.OpRepeat:
		return tree.Min > 0 && needsDigit(tree.Sub[0])
	case syntax.OpConcat:
		for _, sub := range tree.Sub {
			if needsDigit(sub) {
				return true
			}
		}
	case syntax.OpAlternate:
		for _, sub := range tree.Sub {
			if !needsDigit(sub) {
				return false
			}
		}
		return true
	}
	return false
}

// possible says whether a text can match at all.
func (p *pattern) possible(s string) bool {
	if p.digits {
		return hasDigit(s)
	}
	if p.folded {
		s = strings.ToLower(s)
	}
	for _, piece := range p.needs {
		if strings.Contains(s, piece) {
			return true
		}
	}
	return len(p.needs) == 0
}

// The methods are those of regexp.Regexp.

func (p *pattern) MatchString(s string) bool { return p.possible(s) && p.re.MatchString(s) }

func (p *pattern) FindStringIndex(s string) []int {
	if !p.possible(s) {
		return nil
	}
	return p.re.FindStringIndex(s)
}

func (p *pattern) FindStringSubmatch(s string) []string {
	if !p.possible(s) {
		return nil
	}
	return p.re.FindStringSubmatch(s)
}

func (p *pattern) FindStringSubmatchIndex(s string) []int {
	if !p.possible(s) {
		return nil
	}
	return p.re.FindStringSubmatchIndex(s)
}

func (p *pattern) FindAllString(s string, n int) []string {
	if !p.possible(s) {
		return nil
	}
	return p.re.FindAllString(s, n)
}

func (p *pattern) FindAllStringIndex(s string, n int) [][]int {
	if !p.possible(s) {
		return nil
	}
	return p.re.FindAllStringIndex(s, n)
}

func (p *pattern) FindAllStringSubmatch(s string, n int) [][]string {
	if !p.possible(s) {
		return nil
	}
	return p.re.FindAllStringSubmatch(s, n)
}

func (p *pattern) FindAllStringSubmatchIndex(s string, n int) [][]int {
	if !p.possible(s) {
		return nil
	}
	return p.re.FindAllStringSubmatchIndex(s, n)
}

func (p *pattern) ReplaceAllString(s, by string) string {
	if !p.possible(s) {
		return s
	}
	return p.re.ReplaceAllString(s, by)
}

func (p *pattern) ReplaceAllStringFunc(s string, by func(string) string) string {
	if !p.possible(s) {
		return s
	}
	return p.re.ReplaceAllStringFunc(s, by)
}
