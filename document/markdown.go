package document

import (
	"regexp"
	"strings"
)

// The inline marks of Markdown, and what is kept of them.
var (
	mdImage  = regexp.MustCompile(`!\[([^\]\n]*)\]\([^)\n]*\)`)
	mdLink   = regexp.MustCompile(`\[([^\]\n]*)\]\([^)\n]*\)`)
	mdStrong = regexp.MustCompile(`\*\*|__|` + "`")
	mdEmph   = regexp.MustCompile(`(^|[\s(])[*_]([^\s*_][^*_\n]*)[*_]($|[\s).,;:!?])`)
	mdEscape = regexp.MustCompile(`\\([\\!-/:-@\[-` + "`" + `{-~])`)
	mdAtx    = regexp.MustCompile(`^ {0,3}(#{1,6})\s+(.*?)(?:\s+#+)?\s*$`)
	mdRule   = regexp.MustCompile(`^ {0,3}(?:[-_*=] ?){3,}\s*$`)
	mdDivide = regexp.MustCompile(`^\s*\|?(?:\s*:?-+:?\s*\|)+(?:\s*:?-+:?\s*)?$`)
	mdItem   = regexp.MustCompile(`^(\s*)(?:[-*+]|\d{1,3}[.)])\s+(.*)$`)
	mdBold   = regexp.MustCompile(`^(?:\*\*|__)([^*_]+)(?:\*\*|__):?$`)
	mdBreak  = regexp.MustCompile(`(?i)<br\s*/?>`)
	mdTag    = regexp.MustCompile(`</?[a-zA-Z][^>\n]*>`)
)

// FromMarkdown reads Markdown as adverts use it: headings, lists, pipe tables,
// emphasis, links, and markup in between. Lines are judged as in plain text,
// since writers of adverts seldom know that a single line break says nothing.
func FromMarkdown(s string) Document {
	ls := lines{marked: true}
	fence := false
	for raw := range strings.Lines(capped(s)) {
		raw = strings.TrimRight(raw, " \t\r\n\\")
		trimmed := strings.TrimSpace(raw)
		switch {
		case strings.HasPrefix(trimmed, "```") || strings.HasPrefix(trimmed, "~~~"):
			fence = !fence
			ls.add(line{})
		case fence:
			ls.add(line{text: raw})
		default:
			ls.addMarkdown(raw, trimmed)
		}
	}
	return Document{Blocks: ls.blocks()}
}

// addMarkdown adds one line outside a fence.
func (ls *lines) addMarkdown(raw, trimmed string) {
	if m := mdAtx.FindStringSubmatch(raw); m != nil {
		ls.add(line{})
		ls.add(line{kind: Heading, level: len(m[1]), text: inline(m[2])})
		ls.add(line{})
		return
	}
	if mdRule.MatchString(raw) {
		ls.underline(trimmed)
		return
	}
	if mdDivide.MatchString(trimmed) {
		return
	}
	if strings.HasPrefix(trimmed, "|") {
		ls.addPipes(trimmed)
		return
	}
	if m := mdItem.FindStringSubmatch(raw); m != nil {
		depth := min(1+len(strings.ReplaceAll(m[1], "\t", "    "))/2, MaxDepth)
		ls.add(line{kind: Item, level: depth, text: inline(m[2])})
		return
	}
	trimmed = strings.TrimLeft(trimmed, "> ")
	bold := mdBold.MatchString(trimmed)
	ls.add(line{text: inline(trimmed), bold: bold})
}

// underline reads a rule: under a line of text it makes that line a heading,
// else it says nothing.
func (ls *lines) underline(rule string) {
	if n := len(ls.all); n > 0 {
		last := &ls.all[n-1]
		if last.kind == 0 && !last.blank() && (rule[0] == '=' || rule[0] == '-' && headingShape(last.text)) {
			last.kind, last.level = Heading, 2
			if rule[0] == '=' {
				last.level = 1
			}
		}
	}
	ls.add(line{})
}

// addPipes adds a row of a pipe table. A line break within a cell parts its
// blocks.
func (ls *lines) addPipes(trimmed string) {
	var cells []string
	for cell := range strings.SplitSeq(strings.Trim(trimmed, "|"), "|") {
		var said []string
		for part := range strings.SplitSeq(mdBreak.ReplaceAllString(cell, "\n"), "\n") {
			if part = squeeze(inline(part)); part != "" {
				said = append(said, part)
			}
		}
		cells = append(cells, strings.Join(said, "\n"))
	}
	if text := rowText(cells); text != "" {
		ls.add(line{kind: Row, text: text, cells: cells})
	}
}

// inline takes the marks out of one line.
func inline(s string) string {
	s = mdImage.ReplaceAllString(s, "$1")
	s = mdLink.ReplaceAllString(s, "$1")
	s = mdStrong.ReplaceAllString(s, "")
	s = mdEmph.ReplaceAllString(s, "$1$2$3")
	s = mdEscape.ReplaceAllString(s, "$1")
	if mdTag.MatchString(s) || strings.Contains(s, "&") {
		s = tagless(s)
	}
	return s
}
