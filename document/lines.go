package document

import (
	"strings"
	"unicode"
)

// line is what every reader makes first: a line of text, perhaps with what the
// markup said of it. Which plain lines are headings and items can be judged
// only when their neighbours are known, so that comes second, in blocks.
type line struct {
	kind  Kind // zero when the markup does not tell
	level int
	text  string
	bold  bool // every letter of it is bold
	cells []string
}

// blank reports whether a line says nothing, as a row of empty cells does.
func (l *line) blank() bool { return l.text == "" }

// lines collects lines within the limits of a document.
type lines struct {
	all  []line
	text int
	// marked is set where markup tells the headings, so that a short line by
	// itself is none.
	marked bool
}

// add appends a line with its white space squeezed. Several blank lines in a
// row are kept as one.
func (ls *lines) add(l line) {
	l.text = squeeze(l.text)
	if l.blank() && (len(ls.all) == 0 || ls.all[len(ls.all)-1].blank()) {
		return
	}
	if len(ls.all) >= 2*MaxBlocks || ls.text+len(l.text) > MaxText {
		return
	}
	ls.text += len(l.text)
	ls.all = append(ls.all, l)
}

// squeeze makes one line of text fit to be a block: valid, without invisible
// runes, with single spaces.
func squeeze(s string) string {
	if s == "" {
		return ""
	}
	s = strings.ToValidUTF8(s, "\uFFFD")
	s = strings.Map(func(r rune) rune {
		switch r {
		case '\u200b', '\u200c', '\u200d', '\u2060', '\ufeff', '\u00ad':
			return -1
		}
		if unicode.IsSpace(r) || unicode.IsControl(r) {
			return ' '
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// blocks judges the lines by their neighbours and makes blocks of them.
func (ls *lines) blocks() []Block {
	follow := ls.followers()
	var out []Block
	for i := 0; i < len(ls.all) && len(out) < MaxBlocks; i++ {
		l := &ls.all[i]
		if l.blank() {
			continue
		}
		if l.kind == 0 && ticked(l.text) && follow[i] < 0 {
			// In a cell by itself a tick is all there is to say.
			out = append(out, Block{Kind: Paragraph, Text: l.text})
			continue
		}
		if l.kind == 0 && onlyMarker(l.text) {
			// A marker that stands alone belongs to the next line, which layout
			// tables put on a line of its own.
			if n := follow[i]; n >= 0 && ls.all[n].kind == 0 && !onlyMarker(ls.all[n].text) {
				i = n
				text := ls.all[n].text
				if shouted(text) {
					out = append(out, Block{Kind: Heading, Text: text})
				} else {
					out = append(out, Block{Kind: Item, Level: 1, Text: text})
				}
			}
			continue
		}
		b := ls.judge(i, follow[i])
		if b.Kind == Paragraph && i > 0 && !ls.all[i-1].blank() && len(out) > 0 && continues(&out[len(out)-1], ls.all[i-1].text, b.Text) {
			// A line that another line break cut in two.
			out[len(out)-1].Text += " " + b.Text
			continue
		}
		out = append(out, b)
	}
	return out
}

// followers gives for every line the index of the next one that says
// something, or -1.
func (ls *lines) followers() []int {
	next := make([]int, len(ls.all))
	at := -1
	for i := len(ls.all) - 1; i >= 0; i-- {
		next[i] = at
		if !ls.all[i].blank() {
			at = i
		}
	}
	return next
}

// judge makes a block of line i; next is the index of the line after it.
func (ls *lines) judge(i, next int) Block {
	l := &ls.all[i]
	if l.kind == Row {
		return Block{Kind: Row, Text: rowText(l.cells), Cells: l.cells}
	}
	text, item := bulleted(l.text)
	switch {
	case l.kind == Heading:
		return Block{Kind: Heading, Level: l.level, Text: l.text}
	case l.kind == Item:
		return Block{Kind: Item, Level: l.level, Text: text}
	case item:
		return Block{Kind: Item, Level: 1, Text: text}
	case ls.titles(i, next):
		return Block{Kind: Heading, Text: text}
	case numbered(text) > 0:
		return Block{Kind: Item, Level: 1, Text: text[numbered(text):]}
	}
	return Block{Kind: Paragraph, Text: text}
}

// titles reports whether plain line i reads as a heading: short, not a
// sentence, and in capitals, in bold, or standing over something.
func (ls *lines) titles(i, next int) bool {
	l := &ls.all[i]
	if !headingShape(l.text) {
		return false
	}
	if shouted(l.text) || l.bold {
		return true
	}
	if next < 0 {
		return false
	}
	n := &ls.all[next]
	_, item := bulleted(n.text)
	item = item || n.kind == Item || numbered(n.text) > 0 || onlyMarker(n.text)
	if last := l.text[len(l.text)-1]; last == ':' || last == '?' {
		return item || last == ':'
	}
	if item || ls.marked {
		return item
	}
	// A short line between blank lines stands over a longer one, or over
	// another heading.
	if i > 0 && !ls.all[i-1].blank() {
		return false
	}
	return len(n.text) > 2*len(l.text) || n.kind == Row && next > i+1 ||
		headingShape(n.text) && (next > i+1 || strings.HasSuffix(n.text, ":"))
}

// Bounds of a heading, in bytes and words. The longest found in job
// descriptions are sentences like "What we are looking for in our new team
// member".
const (
	headingBytes = 90
	headingWords = 11
)

// headingShape reports whether text could be a heading by itself.
func headingShape(text string) bool {
	if text == "" || len(text) > headingBytes || strings.Count(text, " ") >= headingWords {
		return false
	}
	switch text[len(text)-1] {
	case '.', ',', ';', '!':
		return false
	}
	// "Salary: Scale 3" is a label with its value.
	if at := strings.IndexByte(text, ':'); at >= 0 && strings.TrimSpace(text[at+1:]) != "" {
		return false
	}
	letters := 0
	for _, r := range text {
		switch {
		case unicode.IsLetter(r):
			if letters == 0 && unicode.IsLower(r) {
				return false
			}
			letters++
		case r == '_':
			// A line to sign on.
			return false
		case letters == 0 && (unicode.IsDigit(r) || unicode.Is(unicode.Sc, r)):
			return false
		}
	}
	return letters > 2
}

// shouted reports whether text is written in capitals, but for a small word or
// two: "MAIN CONTACTS and RELATIONSHIPS".
func shouted(text string) bool {
	if !headingShape(text) {
		return false
	}
	upper, letters := 0, 0
	for _, r := range text {
		if unicode.IsLetter(r) {
			letters++
			if unicode.IsUpper(r) {
				upper++
			}
		}
	}
	if upper*5 < letters*4 {
		return false
	}
	return letters >= 7 || letters >= 4 && upper == letters && strings.Contains(text, " ")
}

// continues reports whether next goes on with the sentence of the line before
// it, which ended the block b.
func continues(b *Block, before, next string) bool {
	if b.Kind != Paragraph && b.Kind != Item || len(before) < 40 {
		return false
	}
	switch before[len(before)-1] {
	case '.', '!', '?', ':', ';':
		return false
	}
	for _, r := range next {
		return unicode.IsLower(r)
	}
	return false
}

// rowText is what a row says when its cells do not matter.
func rowText(cells []string) string {
	var said []string
	for _, c := range cells {
		if c = strings.ReplaceAll(c, "\n", " "); c != "" {
			said = append(said, c)
		}
	}
	return strings.Join(said, " | ")
}
