package terms

import "unicode/utf8"

// damerau measures how many errors lie between two words: letters added, left
// out or changed, and neighbours swapped (optimal string alignment). It keeps
// its rows between calls.
type damerau struct {
	word           []rune
	before, up, at []int
}

// distance is the number of errors between typed and word, or limit+1 when it is
// more than limit.
func (d *damerau) distance(typed []rune, word string, limit int) int {
	if n := utf8.RuneCountInString(word) - len(typed); n > limit || n < -limit {
		return limit + 1
	}
	d.word = d.word[:0]
	for _, r := range word {
		d.word = append(d.word, r)
	}
	n := len(d.word)
	if cap(d.at) <= n {
		d.before, d.up, d.at = make([]int, 2*n+2), make([]int, 2*n+2), make([]int, 2*n+2)
	}
	d.before, d.up, d.at = d.before[:n+1], d.up[:n+1], d.at[:n+1]
	for j := range d.at {
		d.at[j] = j
	}
	for i := 1; i <= len(typed); i++ {
		d.before, d.up, d.at = d.up, d.at, d.before
		d.at[0] = i
		least := i
		for j := 1; j <= n; j++ {
			cost := 1
			if typed[i-1] == d.word[j-1] {
				cost = 0
			}
			v := min(d.up[j]+1, d.at[j-1]+1, d.up[j-1]+cost)
			if i > 1 && j > 1 && typed[i-1] == d.word[j-2] && typed[i-2] == d.word[j-1] {
				v = min(v, d.before[j-2]+1)
			}
			d.at[j] = v
			least = min(least, v)
		}
		if least > limit {
			return limit + 1
		}
	}
	return min(d.at[n], limit+1)
}
