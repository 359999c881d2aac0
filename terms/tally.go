package terms

import (
	"slices"
	"strings"
)

// Tally is what an index keeps of a text beside the terms that find it.
type Tally struct {
	// Lines says on how many lines of the text each stem and each group stands.
	Lines map[string]int
	// Words are the words as Words gives them.
	Words []string
}

// Tally reads a text once for both: how often it speaks of what, and how its
// words are spelt. Its bigrams are Document's alone.
func (a *Analyser) Tally(text string) Tally {
	t := Tally{Lines: make(map[string]int)}
	known := make(map[string]string) // the stem of each word
	var line, held []string
	for part := range strings.Lines(fold(text)) {
		line, held = line[:0], held[:0]
		tokens(part, func(token []byte) {
			s, ok := known[string(token)]
			if !ok {
				word := string(token)
				s = a.stems.stem(word)
				known[word] = s
				if isSpelt(word) {
					t.Words = append(t.Words, word)
				}
			}
			line = append(line, s)
		})
		for i, s := range line {
			held = append(held, s)
			a.formsAt(line, i, func(f form) bool {
				held = append(held, f.group)
				return true
			})
		}
		slices.Sort(held)
		for _, term := range slices.Compact(held) {
			t.Lines[term]++
		}
	}
	slices.Sort(t.Words)
	return t
}

// isSpelt reports whether a token is a word and no number.
func isSpelt(token string) bool {
	return strings.ContainsFunc(token, func(r rune) bool { return (r < '0' || r > '9') && r != ':' })
}

// Bigram takes a bigram apart into its two stems; it is false of other terms.
func Bigram(term string) (first, second string, ok bool) { return strings.Cut(term, " ") }
