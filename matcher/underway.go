package matcher

import (
	"regexp"
	"strings"
)

// beginnings finds adverts that take training under way, but hardly mere
// willingness to begin: "ELSA trained, or working towards completing it".
var beginnings = regexp.MustCompile(`(?i)\b(?:currently|already) (?:working towards|studying|training|completing|undertaking)|\bworking towards complet|\b(?:in training|part[- ]way|under ?way|nearing completion|due to complete)\b`)

// underWay reports whether what a demand asks for must at least have been begun:
// its evidence says so, or, where a requirement is stated without evidence, the
// sentences of the advert that name it do.
func (m *Matcher) underWay(d *demand, body string) bool {
	for i := range d.asks {
		a := &d.asks[i]
		if a.evidence != "" {
			if beginnings.MatchString(a.evidence) {
				return true
			}
			continue
		}
		c, ok := m.Taxonomy.Concept(a.id)
		if !ok {
			continue
		}
		for _, at := range beginnings.FindAllStringIndex(body, maxBeginnings) {
			if names(strings.ToLower(sentenceAround(body, at[0], at[1])), c.Synonyms) {
				return true
			}
		}
	}
	return false
}

// maxBeginnings caps the work that a hostile advert can cause.
const maxBeginnings = 20

// sentenceAround is the sentence or line that holds text[from:to].
func sentenceAround(text string, from, to int) string {
	const reach = 300
	low, high := max(0, from-reach), min(len(text), to+reach)
	if i := strings.LastIndexAny(text[low:from], ".\n;"); i >= 0 {
		low += i + 1
	}
	if i := strings.IndexAny(text[to:high], ".\n;"); i >= 0 {
		high = to + i
	}
	return text[low:high]
}

// names reports whether a lower-case sentence holds any of the wordings between
// word boundaries.
func names(sentence string, wordings []string) bool {
	for _, w := range wordings {
		for from := 0; w != ""; {
			i := strings.Index(sentence[from:], w)
			if i < 0 {
				break
			}
			i += from
			if !letterAt(sentence, i-1) && !letterAt(sentence, i+len(w)) {
				return true
			}
			from = i + len(w)
		}
	}
	return false
}

func letterAt(s string, i int) bool {
	return i >= 0 && i < len(s) && (s[i] >= 'a' && s[i] <= 'z' || s[i] >= '0' && s[i] <= '9')
}
