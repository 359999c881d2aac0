package terms

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Correct mends likely typing errors in a search, against a vocabulary of folded
// words and how many vacancies have each. A word of one to four letters is taken
// as typed, one of five to eight may be one error off, a longer one two; an error
// is a letter added, left out or changed, or two swapped. The nearest word wins,
// then one that begins with the same letter, then the most frequent. Known words
// and words of the synonyms, quoted phrases, and whatever holds a digit (as
// postcodes do) are left alone.
func (a *Analyser) Correct(words string, vocabulary map[string]int) (corrected string, changed bool) {
	words = clip(words)
	var b strings.Builder
	done := 0
	for _, c := range chunks(words) {
		if c.quoted {
			continue
		}
		for _, run := range letterRuns(c.text) {
			word := run.of(c.text)
			better, ok := a.nearest(word, vocabulary)
			if !ok {
				continue
			}
			b.WriteString(words[done : c.start+run.start])
			b.WriteString(better)
			done = c.start + run.end
			changed = true
		}
	}
	if !changed {
		return words, false
	}
	b.WriteString(words[done:])
	return b.String(), true
}

// span is a part of a text, in bytes.
type span struct{ start, end int }

func (s span) of(text string) string { return text[s.start:s.end] }

// letterRuns finds the words of a chunk that have no digit.
func letterRuns(chunk string) []span {
	var runs []span
	start, digits := -1, false
	for i, r := range chunk + " " {
		part := unicode.IsLetter(r) || unicode.IsMark(r) || isApostrophe(r)
		switch {
		case part || unicode.IsDigit(r):
			if start < 0 {
				start, digits = i, false
			}
			digits = digits || !part
		case start >= 0:
			if !digits {
				runs = append(runs, span{start, i})
			}
			start = -1
		}
	}
	return runs
}

// allowed is how many errors a word of n letters may have.
func allowed(n int) int {
	switch {
	case n <= 4:
		return 0
	case n <= 8:
		return 1
	}
	return 2
}

// nearest finds the word that was most likely meant, when word is not one.
func (a *Analyser) nearest(word string, vocabulary map[string]int) (string, bool) {
	var folded string
	tokens(fold(word), func(t []byte) { folded += string(t) })
	n := utf8.RuneCountInString(folded)
	limit := allowed(n)
	if limit == 0 || len(folded) >= maxToken || a.known[folded] || vocabulary[folded] > 0 {
		return "", false
	}
	typed := []rune(folded)
	root := stem(folded)
	var d damerau
	best := candidate{distance: limit + 1}
	for w, frequency := range vocabulary {
		if frequency <= 0 || len(w) > 4*(n+limit) {
			continue
		}
		distance := d.distance(typed, w, limit)
		if distance > limit {
			continue
		}
		if stem(w) == root {
			return "", false // the same word with another ending: it is found as typed
		}
		c := candidate{word: w, distance: distance, sameStart: w[0] == folded[0], frequency: frequency}
		if c.before(best) {
			best = c
		}
	}
	return best.word, best.word != ""
}

// candidate is a word that may have been meant.
type candidate struct {
	word      string
	distance  int
	sameStart bool
	frequency int
}

func (c candidate) before(d candidate) bool {
	switch {
	case c.distance != d.distance:
		return c.distance < d.distance
	case c.sameStart != d.sameStart:
		return c.sameStart
	case c.frequency != d.frequency:
		return c.frequency > d.frequency
	}
	return c.word < d.word
}
