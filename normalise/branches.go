package normalise

import (
	"regexp"
	"regexp/syntax"
	"strings"
	"sync"
)

// branch is one of the alternatives of an expression. A pattern of dozens of
// alternatives costs as much as all of them together wherever a text holds the
// literal of one; asked one by one, only those whose literals are there are
// tried, and mostly only where those stand.
type branch struct {
	// re gives the expression, which is compiled when it is first asked for:
	// most branches are of wordings that few texts have.
	re       func() *regexp.Regexp
	stand    stand
	literals []string
	// pairs are the bits of each literal's pairs of letters.
	pairs [][]uint16
}

// stand says where a branch's literals stand in a match.
type stand int

const (
	// anywhere in it; without literals the branch is always tried.
	anywhere stand = iota
	// foremost: the match begins with one, and the text with the match.
	foremost
	// matchFirst: the match begins with one.
	matchFirst
	// wordFirst: the match begins with one, and a word with the match.
	wordFirst
)

// branches divides an expression. One of them matches a text wherever the whole
// does.
func branches(tree *syntax.Regexp) []branch {
	var out []branch
	for _, parts := range divided(tree) {
		out = append(out, branchOf(parts))
	}
	return out
}

// divided gives the expressions that re is a choice of, each as what
// follows one another. Only a choice that begins re is divided: what divides
// further on would be repeated for each.
func divided(re *syntax.Regexp) [][]*syntax.Regexp {
	switch re.Op {
	case syntax.OpCapture:
		return divided(re.Sub[0])
	case syntax.OpAlternate:
		var out [][]*syntax.Regexp
		for _, sub := range re.Sub {
			out = append(out, divided(sub)...)
		}
		return out
	case syntax.OpConcat:
		at := 0
		for at+1 < len(re.Sub) && (re.Sub[at].Op == syntax.OpWordBoundary || re.Sub[at].Op == syntax.OpBeginText) {
			at++
		}
		var out [][]*syntax.Regexp
		for _, first := range divided(re.Sub[at]) {
			parts := append([]*syntax.Regexp{}, re.Sub[:at]...)
			parts = append(append(parts, first...), re.Sub[at+1:]...)
			out = append(out, parts)
		}
		return out
	}
	return [][]*syntax.Regexp{{re}}
}

// branchOf makes the branch of expressions one after another.
func branchOf(parts []*syntax.Regexp) branch {
	rest := parts
	for len(rest) > 0 && rest[0].Op == syntax.OpWordBoundary {
		rest = rest[1:]
	}
	begins, _ := joined(rest)
	begins = prefixes(begins)
	var b branch
	switch looks, _ := looksBack(rest); {
	case len(begins) == 0 || shortest(begins) < cueLetters:
		b = branch{stand: anywhere, literals: cues(concat(parts))}
	case len(rest) == len(parts) && len(rest) > 0 && rest[0].Op == syntax.OpBeginText:
		b = branch{stand: foremost, literals: begins}
	case looks || len(rest) < len(parts) && !allWords(begins):
		b = branch{stand: anywhere, literals: lean(begins)}
	case len(rest) < len(parts):
		b = branch{stand: wordFirst, literals: begins}
	default:
		b = branch{stand: matchFirst, literals: begins}
	}
	stand := b.stand
	b.re = sync.OnceValue(func() *regexp.Regexp {
		if stand == matchFirst || stand == wordFirst {
			return regexp.MustCompile(`\A(?:` + concat(rest).String() + `)`)
		}
		return regexp.MustCompile(concat(parts).String())
	})
	for _, l := range b.literals {
		b.pairs = append(b.pairs, pairsOf(l))
	}
	return b
}

// concat joins expressions one after another.
func concat(parts []*syntax.Regexp) *syntax.Regexp {
	return &syntax.Regexp{Op: syntax.OpConcat, Flags: syntax.Perl, Sub: parts}
}

// looksBack reports whether a match of the expressions one after another may
// depend on what stands before it, and whether it holds at least one letter.
func looksBack(parts []*syntax.Regexp) (looks, consumes bool) {
	for _, re := range parts {
		l, c := false, false
		switch re.Op {
		case syntax.OpLiteral, syntax.OpCharClass, syntax.OpAnyChar, syntax.OpAnyCharNotNL:
			c = true
		case syntax.OpBeginText, syntax.OpBeginLine, syntax.OpWordBoundary, syntax.OpNoWordBoundary:
			l = true
		case syntax.OpCapture, syntax.OpPlus, syntax.OpConcat:
			l, c = looksBack(re.Sub)
		case syntax.OpStar, syntax.OpQuest, syntax.OpRepeat:
			l, _ = looksBack(re.Sub)
		case syntax.OpAlternate:
			c = true
			for i := range re.Sub {
				subLooks, subConsumes := looksBack(re.Sub[i : i+1])
				l, c = l || subLooks, c && subConsumes
			}
		}
		if l || c {
			return l, c
		}
	}
	return false, false
}

// prefixes leaves out the literals that begin with another one.
func prefixes(literals []string) []string {
	var out []string
	for i, l := range literals {
		needed := true
		for j, m := range literals {
			if i != j && strings.HasPrefix(l, m) && (l != m || j < i) {
				needed = false
			}
		}
		if needed {
			out = append(out, l)
		}
	}
	return out
}

// allWords reports whether every literal begins with a letter, digit or
// underscore of ASCII, the only ones that expressions count as of a word.
func allWords(literals []string) bool {
	for _, l := range literals {
		if !wordByte(l[0]) {
			return false
		}
	}
	return true
}

func wordByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_'
}

// in reports whether text holds a match of the branch. The trace is that of
// text, or nil.
func (b *branch) in(text string, t *trace) bool {
	if len(b.literals) == 0 {
		return b.re().MatchString(text)
	}
	for i, l := range b.literals {
		if t != nil && !t.holds(b.pairs[i]) {
			continue
		}
		switch b.stand {
		case anywhere:
			if strings.Contains(text, l) {
				return b.re().MatchString(text)
			}
		case foremost:
			if strings.HasPrefix(text, l) {
				return b.re().MatchString(text)
			}
		case matchFirst, wordFirst:
			if b.begins(text, l) {
				return true
			}
		}
	}
	return false
}

// begins reports whether a match begins where the literal stands.
func (b *branch) begins(text, literal string) bool {
	for from := 0; ; from++ {
		at := strings.Index(text[from:], literal)
		if at < 0 {
			return false
		}
		from += at
		if (b.stand == matchFirst || from == 0 || !wordByte(text[from-1])) && b.re().MatchString(text[from:]) {
			return true
		}
	}
}
