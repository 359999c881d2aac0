package meilitest

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// tolerance says how many typing mistakes a word of a query may have.
func (s *settings) tolerance(word string) int {
	n := utf8.RuneCountInString(word)
	switch {
	case !s.typos.Enabled || n < s.typos.MinWordSize.OneTypo:
		return 0
	case s.typos.DisableOnNumbers && strings.ContainsFunc(word, unicode.IsDigit):
		return 0
	}
	for _, exact := range s.typos.DisableOnWords {
		if foldWord(exact) == word {
			return 0
		}
	}
	if n < s.typos.MinWordSize.TwoTypos {
		return 1
	}
	return 2
}

// exactField says whether typing mistakes are forgiven nowhere in a field.
func (s *settings) exactField(name string) bool {
	for _, exact := range s.typos.DisableOnAttributes {
		if below(name, exact) {
			return true
		}
	}
	return false
}

// distance counts the letters that must be put in, left out, changed or
// swapped with their neighbour to make one word of the other. With prefix, the
// other may go on. A mistake in the first letter counts twice.
func distance(word, other string, prefix bool, most int) int {
	a, b := []rune(word), []rune(other)
	if len(a)-len(b) > most || !prefix && len(b)-len(a) > most {
		return most + 1
	}
	older, old, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range old {
		old[j] = j
	}
	for i := 1; i <= len(a); i++ {
		fillRow(a, b, i, older, old, row)
		older, old, row = old, row, older
	}
	best := old[len(b)]
	if prefix {
		best = slices.Min(old)
	}
	if best > 0 && len(a) > 0 && len(b) > 0 && a[0] != b[0] {
		best++
	}
	return best
}

// fillRow computes the distances of the first i letters of a word from those of
// another, given the two rows before.
func fillRow(a, b []rune, i int, older, old, row []int) {
	row[0] = i
	for j := 1; j <= len(b); j++ {
		cost := 1
		if a[i-1] == b[j-1] {
			cost = 0
		}
		row[j] = min(old[j]+1, row[j-1]+1, old[j-1]+cost)
		if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
			row[j] = min(row[j], older[j-2]+1)
		}
	}
}
