package normalise

import (
	"regexp"
	"slices"
	"strings"

	"github.com/sendwatch/sendwatch/document"
)

// Many adverts put the alternatives of one criterion on lines of their own. A
// line by itself asks for all that it names, so alternatives are put together
// again before anything is read.

// or finds a line that is nothing but the word that joins its neighbours.
var or = regexp.MustCompile(`(?i)^[-–*( ]*(?:and ?/ ?)?or[-–*): ]*$`)

// endsOr and beginsOr find a line that its neighbour is the alternative of.
var (
	endsOr   = regexp.MustCompile(`(?i)[ ,;.)]+(?:and ?/ ?)?or[ :]*$`)
	beginsOr = regexp.MustCompile(`^(?:OR|or|Or|AND/OR|and/or)[ :]+`)
)

// alternativeBytes is how long a line may be that another is the alternative of,
// and alternatives how many lines are put together at most.
const (
	alternativeBytes = 300
	alternatives     = 8
)

// abreast puts the alternatives that stand on lines of their own together.
func abreast(blocks []document.Block) []document.Block {
	if !split(blocks) {
		return blocks
	}
	out := make([]document.Block, 0, len(blocks))
	pending, joins := false, 0
	for i := range blocks {
		b := blocks[i]
		last := len(out) - 1
		if b.Kind == document.Row || b.Kind == document.Heading && !or.MatchString(b.Text) {
			out, pending, joins = append(out, b), false, 0
			continue
		}
		open := last >= 0 && joins < alternatives && out[last].Kind != document.Row && out[last].Kind != document.Heading &&
			len(b.Text) <= alternativeBytes
		switch {
		case or.MatchString(b.Text):
			pending = open
		case open && (pending || beginsOr.MatchString(b.Text)):
			out[last].Text = strings.TrimRight(out[last].Text, " .;,:") + " or " + beginsOr.ReplaceAllString(b.Text, "")
			pending = false
			joins++
		default:
			out, pending, joins = append(out, b), false, 0
		}
		last = len(out) - 1
		if last >= 0 && len(b.Text) <= alternativeBytes && endsOr.MatchString(out[last].Text) {
			out[last].Text, pending = endsOr.ReplaceAllString(out[last].Text, ""), true
		}
	}
	return out
}

// split reports whether any alternative stands on a line of its own.
func split(blocks []document.Block) bool {
	for i := range blocks {
		text := blocks[i].Text
		if len(text) < 2 || blocks[i].Kind == document.Row {
			continue
		}
		head, tail := strings.ToLower(text[:min(len(text), 7)]), strings.ToLower(text[max(0, len(text)-6):])
		if strings.Contains(tail, "or") && (endsOr.MatchString(text) || or.MatchString(text)) || strings.Contains(head, "or") && beginsOr.MatchString(text) {
			return true
		}
	}
	return false
}

// oneOf finds a sentence that leads up to a list of which one item is enough.
var oneOf = compile(`\b(?:(?:at least |any )?(?:one|any|either|two)(?: or (?:more|both|other))?(?: of)? (?:the |these )?(?:following|below|options|qualifications|criteria|areas)|either|(?:at least |any )?one(?: or more)? of|either of|any of)\b[^.:]{0,50}:?$`)

// inlineBullets are the bullets that no sentence has, found inside a text whose
// line breaks were lost.
const inlineBullets = "•▪●◦‣\uf0b7\uf0a7"

// unfolded takes lists apart whose line breaks were lost: "You will: • be calm
// • be kind".
func unfolded(blocks []document.Block) []document.Block {
	folded := func(b *document.Block) bool {
		return b.Kind == document.Paragraph && strings.ContainsAny(b.Text, inlineBullets)
	}
	if !slices.ContainsFunc(blocks, func(b document.Block) bool { return folded(&b) }) {
		return blocks
	}
	out := make([]document.Block, 0, len(blocks))
	for i := range blocks {
		if !folded(&blocks[i]) {
			out = append(out, blocks[i])
			continue
		}
		kind := document.Paragraph
		for text := range strings.FieldsFuncSeq(blocks[i].Text, func(r rune) bool { return strings.ContainsRune(inlineBullets, r) }) {
			if text = strings.TrimSpace(text); text != "" {
				out = append(out, document.Block{Kind: kind, Text: text})
			}
			kind = document.Item
		}
	}
	return out
}
