package terms

import "slices"

// Document gives the terms of the texts, sorted, each once. Bigrams and forms
// do not reach from one text into the next.
func (a *Analyser) Document(texts ...string) []string {
	var terms []string
	for _, text := range texts {
		terms = a.appendDocument(terms, a.stems.ofText(text))
	}
	slices.Sort(terms)
	return slices.Compact(terms)
}

func (a *Analyser) appendDocument(terms, stems []string) []string {
	terms = slices.Grow(terms, 2*len(stems))
	for i, s := range stems {
		terms = append(terms, s)
		if i+1 < len(stems) {
			terms = append(terms, s+" "+stems[i+1])
		}
		a.formsAt(stems, i, func(f form) bool {
			terms = append(terms, f.group)
			return true
		})
	}
	return terms
}

// Words gives the folded words of a text as they are spelt, sorted, each once:
// what a vocabulary counts. Numbers are no words.
func (a *Analyser) Words(text string) []string {
	seen := make(map[string]bool)
	var words []string
	tokens(fold(text), func(token []byte) {
		if seen[string(token)] {
			return
		}
		w := string(token)
		seen[w] = true
		if isSpelt(w) {
			words = append(words, w)
		}
	})
	slices.Sort(words)
	return words
}
