package normalise

import (
	"regexp"
	"strings"

	"github.com/sendwatch/sendwatch/document"
	"github.com/sendwatch/sendwatch/taxonomy"
)

// inlines finds the headings of a person specification that lost its line
// breaks: "… invites applications. ESSENTIAL CRITERIA: 1. GCSE English …".
var inlines = regexp.MustCompile(`(?:^|[.;:)\]] |[a-z] )((?:ESSENTIAL|DESIRABLE|Essential|Desirable)(?: (?:[Cc]riteria|CRITERIA|[Rr]equirements?|[Ss]kills|[Ee]xperience|[Qq]ualifications|[Qq]ualities|[Aa]ttributes))?):? (?:\d{1,2}[.)] )?[A-Z0-9]`)

// paragraph adds the sentences of running text, part by part where headings
// stand inside it.
func (w *walk) paragraph(text string) {
	if !inlined(text) {
		w.running(text)
		return
	}
	from := 0
	for _, m := range inlines.FindAllStringSubmatchIndex(text, inlinesEach) {
		if m[2] == 0 && from == 0 && m[3] < len(text) && text[m[3]] == ':' {
			continue // "Essential: …" is the line's own label
		}
		part, section, ok := w.partOf(text[m[2]:m[3]])
		if !ok {
			continue
		}
		w.numbered(text[from:m[2]], from > 0)
		w.part, w.section, w.level, w.topic = part, section, 0, ""
		from = m[3]
		for from < len(text) && (text[from] == ':' || text[from] == ' ') {
			from++
		}
	}
	w.numbered(text[from:], from > 0)
}

// numbered adds the items of a numbered list whose line breaks were lost, or,
// outside such a list, the sentences of running text.
func (w *walk) numbered(text string, list bool) {
	if !list {
		w.running(strings.TrimSpace(text))
		return
	}
	for _, item := range itemNumbers.Split(text, -1) {
		w.running(strings.TrimSpace(item))
	}
}

// inlined reports whether a paragraph may hold such headings; few do.
func inlined(text string) bool {
	return strings.Contains(text, "Essential") || strings.Contains(text, "Desirable") || strings.Contains(text, "ESSENTIAL") || strings.Contains(text, "DESIRABLE")
}

// inlinesEach is the most headings that are looked for inside one paragraph.
const inlinesEach = 12

// itemNumbers finds the numbers of a list whose line breaks were lost.
var itemNumbers = regexp.MustCompile(`(?:^|[.;] )\d{1,2}[.)] `)

// running adds the sentences of running text without a heading inside.
func (w *walk) running(text string) {
	if text == "" {
		return
	}
	label, value := labelled(text)
	all := sentences(text)
	var part taxonomy.Part
	var section taxonomy.Section
	if p, s, ok := w.partOf(label + ":"); label != "" && ok && p == taxonomy.PartRequirements {
		part, section = p, s // "Essentials: a Level 3 certificate; first aid."
	}
	if len(all) > 1 && strings.HasSuffix(all[0], ".") && strings.Count(all[0], " ") < runInWords {
		// "Training. We send everyone on …": a heading that runs in.
		if p, s, ok := w.partOf(strings.TrimSuffix(all[0], ".")); ok {
			part, section, all = p, s, all[1:]
		}
	}
	for i, s := range all {
		if i+1 < len(all) && len(s) < glueBytes && isLower(s[len(s)-1]) {
			// A heading whose line break was lost.
			if p, sec, ok := w.partOf(s); ok {
				part, section = p, sec
				continue
			}
		}
		if p, sec, ok := w.carried(s); ok && i > 0 {
			// "… Qualifications and skills: a Level 2 certificate. Patience."
			part, section = p, sec
		}
		if head, rest := w.glued(s); head != "" {
			part, section, _ = w.partOf(head)
			s = rest
		} else if strings.HasSuffix(s, "?") && strings.Count(s, " ") < runInWords {
			if p, sec, ok := w.partOf(s); ok {
				part, section = p, sec
			}
		}
		p := passage{text: s, kind: document.Paragraph, part: part, section: section}
		if i == 0 && label != "" {
			p.label, p.value = label, value
		}
		w.add(p)
	}
}

// carried reads the label that a sentence inside running text begins with, where
// it opens a part that the sentences after it stand in too. Labels of single
// facts ("Salary:") do not.
func (w *walk) carried(s string) (taxonomy.Part, taxonomy.Section, bool) {
	at := strings.IndexByte(s, ':')
	if at < minLabel || at > maxLabel || !titlecased(s[:at]) {
		return "", "", false
	}
	part, section, ok := w.partOf(s[:at])
	if !ok {
		part = taxonomy.PartRequirements
		section, ok = divides(s[:at])
	}
	return part, section, ok && (part == taxonomy.PartRequirements || part == taxonomy.PartDuties || strings.Contains(s[:at], " "))
}

// titlecased reports whether a text is written as a heading is: of few words, or
// with a capital to every long one.
func titlecased(text string) bool {
	words := strings.Fields(text)
	for _, word := range words {
		if len(word) > 3 && small(word[0]) && len(words) > shortLabel {
			return false
		}
	}
	return true
}

// shortLabel is the most words of a label that needs no capitals.
const shortLabel = 3

// glueBytes is how far into a sentence a heading may reach.
const glueBytes = 50

// glued takes off a heading whose line break was lost: "The Ideal
// CandidateDegree in …".
func (w *walk) glued(s string) (head, rest string) {
	for i := 4; i < min(len(s), glueBytes); i++ {
		if s[i] >= 'A' && s[i] <= 'Z' && isLower(s[i-1]) {
			if _, _, ok := w.partOf(s[:i]); ok {
				return s[:i], s[i:]
			}
		}
	}
	return "", s
}

// runInWords is the most words of a heading that runs into its paragraph.
const runInWords = 5

// Bounds of a label, in bytes.
const (
	minLabel = 2
	maxLabel = 45
)

// labelled takes "Hours of work: 30" apart. Both parts are empty when the text
// is no label with a value.
func labelled(text string) (label, value string) {
	at := strings.IndexByte(text, ':')
	if at < minLabel || at > maxLabel {
		// "Salary - £95 a day" is a label too, but only with spaces about it.
		if at = strings.Index(text, " - "); at < 3 || at > 25 {
			return "", ""
		}
		return trimLabel(text[:at]), strings.TrimSpace(text[at+3:])
	}
	return trimLabel(text[:at]), strings.TrimSpace(text[at+1:])
}

func trimLabel(s string) string {
	return strings.Trim(fold(s), " :*-•.\t")
}
