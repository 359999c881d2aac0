package normalise

import (
	"encoding/binary"
	"encoding/hex"
	"math"
	"slices"
	"strings"
	"unicode"

	"github.com/sendwatch/sendwatch"
)

// Of how adverts' texts are compared.
const (
	// shingleWords is how many words in a row make a shingle.
	shingleWords = 4
	// tellingShingles is how many shingles it takes to tell texts apart.
	tellingShingles = 12
	// openingLetters is how much of a text's beginning stands for it: less than a
	// board's teaser shows.
	openingLetters = 160
	// mostWords bounds how much of a text is compared.
	mostWords = 20_000
	// minima is how many minimal hashes sketch a text.
	minima = 12
)

// Wording is the wording of an advert's text, as it is compared with another's:
// the set of all runs of four words, folded. Case, markup and punctuation do not
// count.
type Wording struct {
	shingles []uint64 // sorted, each once
	opening  string
}

// WordingOf takes the wording of a text.
func WordingOf(text string) Wording {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '£' })
	words = words[:min(len(words), mostWords)]
	if len(words) < shingleWords+tellingShingles {
		return Wording{}
	}
	hashes := make([]uint64, len(words))
	letters := 0
	opening := make([]byte, 0, openingLetters+32)
	for i, w := range words {
		hashes[i] = hashWord(w)
		if letters < openingLetters {
			opening = append(opening, w...)
			letters += len(w)
		}
	}
	out := Wording{shingles: make([]uint64, 0, len(words))}
	if letters >= openingLetters {
		out.opening = string(opening[:openingLetters])
	}
	for i := range len(words) - shingleWords + 1 {
		h := uint64(0)
		for _, w := range hashes[i : i+shingleWords] {
			h = scatter(h ^ w)
		}
		out.shingles = append(out.shingles, h)
	}
	slices.Sort(out.shingles)
	out.shingles = slices.Compact(out.shingles)
	return out
}

// hashWord is FNV-1a.
func hashWord(w string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(w) {
		h = (h ^ uint64(w[i])) * 1099511628211
	}
	return h
}

// scatter is the finaliser of SplitMix64: every bit of the result depends on every
// bit of x.
func scatter(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// Thin reports whether there is too little of the text to compare.
func (w Wording) Thin() bool { return len(w.shingles) < tellingShingles }

// Len is how many different shingles there are.
func (w Wording) Len() int { return len(w.shingles) }

// Bands are look-up keys by MinHash: texts that share most of their shingles have
// one of them in common, most likely. The more rows a band has, the more alike they
// must be: with 3 rows, texts of nine tenths of common shingles meet with a
// probability of 0.99 and those of a third with 0.14; with 2 rows, those of a third
// with 0.5. None for a text that is thin.
func (w Wording) Bands(rows int) []string {
	if w.Thin() {
		return nil
	}
	var least [minima]uint64
	for i := range least {
		least[i] = math.MaxUint64
		salt := scatter(uint64(i) + 1)
		for _, s := range w.shingles {
			least[i] = min(least[i], scatter(s^salt))
		}
	}
	var out []string
	for i := 0; i+rows <= minima; i += rows {
		h := uint64(i)
		for _, m := range least[i : i+rows] {
			h = scatter(h ^ m)
		}
		out = append(out, hex.EncodeToString(binary.BigEndian.AppendUint64(nil, h)))
	}
	return out
}

// Opening is how the text begins: equal for an advert and for a teaser of it. Empty
// for a text that is shorter than teasers are.
func (w Wording) Opening() string { return w.opening }

// Alike measures two wordings: the part of all shingles that both have (Jaccard),
// and the part of the shorter one's that the longer has. Both are 0 when either
// is thin.
func (w Wording) Alike(o Wording) (jaccard, contained float64) {
	if w.Thin() || o.Thin() {
		return 0, 0
	}
	both := 0
	for i, j := 0, 0; i < len(w.shingles) && j < len(o.shingles); {
		switch a, b := w.shingles[i], o.shingles[j]; {
		case a < b:
			i++
		case a > b:
			j++
		default:
			both++
			i++
			j++
		}
	}
	return float64(both) / float64(len(w.shingles)+len(o.shingles)-both), float64(both) / float64(min(len(w.shingles), len(o.shingles)))
}

// OwnWording is the wording of what an advert says itself, without the documents
// that are attached to it: its copies elsewhere seldom carry them.
func OwnWording(r *sendwatch.Reading) Wording {
	own, _, _ := strings.Cut(r.Body, "\n"+sendwatch.AttachedHeading)
	return WordingOf(own)
}
