package pay

import (
	"strings"
)

// chunk is a piece of the text between two amounts: what stands between two
// separators, or inside brackets.
type chunk struct {
	text string
	// bracket is set for a closed bracket, open for one that is still open when
	// the next amount begins.
	bracket, open bool
	// sep is set where a separator stands before it.
	sep bool
}

// pieces is the text between two amounts, cut at its separators.
type pieces struct {
	chunks []chunk
	// lead and trail say whether a separator stands before the first chunk and
	// after the last one.
	lead, trail bool
}

var abbreviation = compile(`(?:\b(?:inc|incl|approx|no|eg|ie)|\b[a-z])$`)

// labelBracket is a bracket that is part of a label: "salary (actual): £14,400".
var labelBracket = compile(`\(([a-z ./-]{1,24})\)\s*:`)

// cutPieces cuts the text between two amounts at commas, semicolons, bars,
// newlines, full stops, spaced dashes and slashes, "plus" and brackets.
func cutPieces(s string) pieces {
	var p pieces
	s = labelBracket.ReplaceAllString(s, " $1:")
	start, lastSep := 0, false
	push := func(end int, c chunk) {
		c.text, c.sep = strings.TrimSpace(s[start:end]), lastSep
		if c.text != "" {
			p.chunks = append(p.chunks, c)
			lastSep = false
		}
	}
	sep := func(end, next int) {
		push(end, chunk{})
		if len(p.chunks) == 0 {
			p.lead = true
		}
		start, lastSep = next, true
	}
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '(' || c == '[':
			push(i, chunk{})
			end := strings.IndexAny(s[i+1:], ")]")
			if end < 0 {
				start = i + 1
				p.chunks = append(p.chunks, chunk{text: strings.TrimSpace(s[start:]), open: true, sep: lastSep})
				p.trail = false
				return p
			}
			start = i + 1
			push(i+1+end, chunk{bracket: true})
			i += 1 + end
			start = i + 1
		case c == ')' || c == ']':
			push(i, chunk{})
			start = i + 1
		case separatorAt(s, i):
			sep(i, i+1)
		case strings.HasPrefix(s[i:], " plus "):
			sep(i, i+len(" plus "))
			i += len(" plus ") - 1
		}
	}
	push(len(s), chunk{})
	p.trail = lastSep
	return p
}

func separatorAt(s string, i int) bool {
	next, prev := byte(' '), before(s, i)
	if i+1 < len(s) {
		next = s[i+1]
	}
	switch s[i] {
	case ',', ';', '|', '\n', '+', '?':
		return true
	case '/':
		if i == 0 && next != ' ' {
			// "£88/day".
			return false
		}
		return prev == ' ' || prev == '\n' || next == ' ' || next == '\n' || i+1 == len(s)
	case '-':
		return prev == ' ' || prev == '\n' || i == 0 || next == ' ' || next == '\n' || i+1 == len(s)
	case '.':
		return (next == ' ' || next == '\n' || i+1 == len(s)) && !abbreviation.MatchString(s[max(0, i-8):i])
	}
	return false
}

// context is what an amount has around it, nearest first.
type context struct {
	// left ends right before the amount; far is all that stands before it.
	left []chunk
	far  string
	// right begins right after the amount.
	right []chunk
}

// contexts shares the text around each span out between its neighbours.
func contexts(lower string, found []span) []context {
	out := make([]context, len(found))
	if len(found) == 0 {
		return out
	}
	head := lower[:found[0].start]
	out[0].left, out[0].far = cutPieces(head).chunks, head
	for i := range found {
		if i+1 == len(found) {
			out[i].right = cutPieces(lower[found[i].end:]).chunks
			break
		}
		between := lower[found[i].end:found[i+1].start]
		labelled := explicitBasis(lastText(out[i].left), true) != ""
		out[i].right, out[i+1].left = shareOut(cutPieces(between), labelled)
		out[i+1].far = between
	}
	for i := len(found) - 2; i >= 0; i-- {
		// "£4,100/£2,000 SEN allowance": what follows the pair speaks of both.
		if strings.Trim(lower[found[i].end:found[i+1].start], " ") == "/" {
			out[i].right = out[i+1].right
		}
	}
	return out
}

// shareOut decides which pieces between two amounts belong to which of them.
// labelled says that the first amount has its basis before it, so that a lone
// word after it speaks of the second.
func shareOut(p pieces, labelled bool) (right, left []chunk) {
	n := len(p.chunks)
	if n == 0 {
		return nil, nil
	}
	last := p.chunks[n-1]
	switch {
	case last.open && last.text == "" && n > 1 && extraLeft.MatchString(p.chunks[n-2].text):
		// "plus SEN allowance (£1,200": the words outside name what is inside.
		return p.chunks[:n-2], p.chunks[n-2:]
	case last.open:
		return p.chunks[:n-1], []chunk{last}
	case last.bracket:
		return p.chunks, nil
	case n > 1:
		return p.chunks[:n-1], []chunk{last}
	case p.lead:
		return nil, p.chunks
	case p.trail:
		return p.chunks, nil
	case labelled:
		return nil, p.chunks
	case pointsAhead.MatchString(last.text):
		return p.chunks, p.chunks
	}
	return p.chunks, nil
}

// pointsAhead ends a piece that introduces the amount after it.
var pointsAhead = compile(`(?:\b(?:to|of|is|salary|actual|rata|pay)|:|=)\s*$`)

func lastText(cs []chunk) string {
	for i := len(cs) - 1; i >= 0; i-- {
		if cs[i].text != "" {
			return cs[i].text
		}
	}
	return ""
}

// adjacent returns the text that touches an amount on its right: up to the first
// separator, with a bracket that follows at once.
func adjacent(right []chunk) string {
	var b strings.Builder
	for i, c := range right {
		if c.sep || i > 0 && !c.bracket {
			break
		}
		b.WriteString(c.text)
		b.WriteString(" ; ")
	}
	return b.String()
}
