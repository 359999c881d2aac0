package embedded

import (
	"encoding/binary"
	"slices"

	"github.com/sendwatch/sendwatch/terms"
)

// A vacancy has some hundreds of bigrams, many of which no other vacancy has. As
// terms they were most of the cost of filling an index (docs/benchmarks.md). They
// are kept as prints instead: hashes, stored with the vacancy.
// What has all stems of a quoted phrase is found by its terms, and its prints
// then tell whether they stand together.

// printSize is how many bytes a print has. Of 64 bits, a phrase that is asked of
// 20,000 vacancies with 400 bigrams each finds a wrong one, which would still
// have all its stems, once in two million million times.
const printSize = 8

// printOf is the hash of a bigram: FNV-1a, which is the same in every process.
func printOf(bigram string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(bigram) {
		h ^= uint64(bigram[i])
		h *= 1099511628211
	}
	return h
}

// prints writes the prints of the bigrams among terms: sorted, big-endian.
func prints(given []string) []byte {
	hashes := make([]uint64, 0, len(given))
	for _, term := range given {
		if _, _, bigram := terms.Bigram(term); bigram {
			hashes = append(hashes, printOf(term))
		}
	}
	slices.Sort(hashes)
	out := make([]byte, 0, printSize*len(hashes))
	for _, h := range hashes {
		out = binary.BigEndian.AppendUint64(out, h)
	}
	return out
}

// hasPrint looks a print up.
func hasPrint(prints []byte, sought uint64) bool {
	low, high := 0, len(prints)/printSize
	for low < high {
		middle := (low + high) / 2
		switch h := binary.BigEndian.Uint64(prints[middle*printSize:]); {
		case h == sought:
			return true
		case h < sought:
			low = middle + 1
		default:
			high = middle
		}
	}
	return false
}

// bigrams are those among terms.
func bigrams(all []string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(term string) bool {
		_, _, ok := terms.Bigram(term)
		return !ok
	})
}

// single are the terms with the stems of bigrams in their place, sorted, each
// once.
func single(all []string) []string {
	var out []string
	for _, term := range all {
		if first, second, ok := terms.Bigram(term); ok {
			out = append(out, first, second)
		} else {
			out = append(out, term)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
