package meili

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math"
	"strconv"
	"strings"

	"github.com/sendwatch/sendwatch/terms"
)

// The server lowers the values of filters, takes their accents away and trims
// them, cuts them at 468 bytes and reads escapes in what it is asked; it cuts
// texts into words by rules of its own and glues neighbouring words together.
// What is written here comes through all of that as it was.

const (
	// tokenMark begins every token. No part of a token's body reads like it, so
	// that no two tokens glued together are a third.
	tokenMark = "zq"
	// longMark begins the token of a term that would be too long.
	longMark = "zr"
	// maxToken is how long a token is at most. The server passes over words of
	// more than 250 bytes.
	maxToken = 240
	// nibbles are the letters that spell half a byte.
	nibbles = "abcdefghijklmnop"
)

// token writes a term with lower-case letters only: two terms never share a
// token. The letters a to y stand for themselves, z is "zz", and any other byte
// is z and two of the first sixteen letters.
func token(term string) string {
	var b strings.Builder
	b.WriteString(tokenMark)
	for i := range len(term) {
		switch c := term[i]; {
		case c >= 'a' && c < 'z':
			b.WriteByte(c)
		case c == 'z':
			b.WriteString("zz")
		default:
			b.WriteByte('z')
			b.WriteByte(nibbles[c>>4])
			b.WriteByte(nibbles[c&15])
		}
	}
	if b.Len() <= maxToken {
		return b.String()
	}
	sum := sha256.Sum256([]byte(term))
	b.Reset()
	b.WriteString(longMark)
	for _, c := range sum {
		b.WriteByte(nibbles[c>>4])
		b.WriteByte(nibbles[c&15])
	}
	return b.String()
}

// A vacancy has some hundreds of bigrams, many of which no other vacancy has. They
// are kept as numbers, which the server indexes in two thirds of the time that
// tokens take: prints, which are hashes. A phrase that is asked of 20,000
// vacancies that have all its stems, with 400 bigrams each, finds a wrong one once
// in a thousand million times.

// printBits is how many bits of a hash the server's numbers keep exactly.
const printBits = 53

// printOf is the hash of a bigram.
func printOf(bigram string) uint64 {
	sum := sha256.Sum256([]byte(bigram))
	return binary.BigEndian.Uint64(sum[:8]) >> (64 - printBits)
}

// split divides terms into those that are one word or a group, and the prints of
// the bigrams.
func split(all []string) (single []string, prints []uint64) {
	for _, term := range all {
		if _, _, bigram := terms.Bigram(term); bigram {
			prints = append(prints, printOf(term))
		} else {
			single = append(single, term)
		}
	}
	return single, prints
}

func tokens(all []string) []string {
	out := make([]string, len(all))
	for i, term := range all {
		out[i] = token(term)
	}
	return out
}

const (
	// spelt begins a value that is spelt out in hexadecimal.
	spelt = "="
	// digested begins a value too long to be spelt out.
	digested = "=#"
	// maxValue is how long a value is at most before it is digested.
	maxValue = 200
)

// value writes a value of a dimension. Ids of the taxonomy stand for themselves,
// so that people who ask the server can write them.
func value(s string) string {
	switch {
	case isPlain(s) && len(s) <= maxValue:
		return s
	case len(s) <= maxValue:
		return spelt + hex.EncodeToString([]byte(s))
	}
	sum := sha256.Sum256([]byte(s))
	return digested + hex.EncodeToString(sum[:])
}

// original reads what value wrote; it is false of a digest.
func original(written string) (string, bool) {
	digits, ok := strings.CutPrefix(written, spelt)
	if !ok {
		return written, true
	}
	s, err := hex.DecodeString(digits)
	return string(s), err == nil
}

// values writes those that are not empty. An empty value is unknown, which
// nothing is found by.
func values(all ...string) []string {
	var out []string
	for _, s := range all {
		if s != "" {
			out = append(out, value(s))
		}
	}
	return out
}

// isPlain reports whether s is lower-case letters, digits and, but for its first
// character, hyphens and underscores.
func isPlain(s string) bool {
	for i := range len(s) {
		c := s[i]
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && (i == 0 || c != '-' && c != '_') {
			return false
		}
	}
	return s != ""
}

// maxID is how long the id of a vacancy is at most. The server takes 511 bytes
// and orders by the first 468.
const maxID = 400

// isID reports whether a vacancy may have this id. The server orders ids without
// regard to case, and ours have none.
func isID(id string) bool { return isPlain(id) && len(id) <= maxID }

// exactDigits is how many significant digits of a number the server reads
// without an error in the last bit: its reader is not exact for more.
const exactDigits = 15

// endless is beyond any number that is compared. The server knows no infinity.
const endless = 1e300

// atMost writes a number, or the next lower one of exactDigits digits.
func atMost(x float64) string { return digits(x, false) }

// atLeast writes a number, or the next higher one of exactDigits digits.
func atLeast(x float64) string { return digits(x, true) }

func digits(x float64, up bool) string {
	if x < 0 {
		return "-" + digits(-x, !up)
	}
	text := strconv.FormatFloat(x, 'e', -1, 64)
	figures, exponent, _ := strings.Cut(text, "e")
	figures = strings.Replace(figures, ".", "", 1)
	if len(figures) <= exactDigits && x < 1e15 && (x == 0 || x > 1e-6) {
		return strconv.FormatFloat(x+0, 'f', -1, 64)
	}
	power, _ := strconv.Atoi(exponent)
	kept := figures[:min(len(figures), exactDigits)]
	power -= len(kept) - 1
	mantissa, _ := strconv.ParseInt(kept, 10, 64)
	if up && len(figures) > exactDigits {
		mantissa++
	}
	return strconv.FormatInt(mantissa, 10) + "e" + strconv.Itoa(power)
}

// sortable writes a number so that the order of the texts is the order of the
// numbers, and equal numbers are equal texts: minus nought is nought.
func sortable(f float64) string {
	bits := math.Float64bits(f + 0)
	if bits>>63 == 1 {
		bits = ^bits
	} else {
		bits |= 1 << 63
	}
	text := strconv.FormatUint(bits, 16)
	return strings.Repeat("0", 16-len(text)) + text
}
