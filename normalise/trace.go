package normalise

// trace says which pairs of neighbouring bytes a text has, as far as pairs that
// share a bit can be told apart. A literal with a pair that a text lacks is not
// in the text, and asking the trace costs far less than looking.
type trace [traceBits / 64]uint64

// traceBits is the size of a trace. A sentence has some hundred pairs, so that
// few of the bits are set.
const traceBits = 4096

// pairBit numbers the bit of a pair of bytes.
func pairBit(a, b byte) uint16 { return (uint16(a)<<5 ^ uint16(b)) % traceBits }

// traceOf makes the trace of a text.
func traceOf(text string) *trace {
	var t trace
	for i := 1; i < len(text); i++ {
		bit := pairBit(text[i-1], text[i])
		t[bit/64] |= 1 << (bit % 64)
	}
	return &t
}

// holds reports whether all the bits are set.
func (t *trace) holds(bits []uint16) bool {
	for _, bit := range bits {
		if t[bit/64]&(1<<(bit%64)) == 0 {
			return false
		}
	}
	return true
}

// pairsOf gives the bits of a literal's pairs.
func pairsOf(literal string) []uint16 {
	var out []uint16
	for i := 1; i < len(literal); i++ {
		out = append(out, pairBit(literal[i-1], literal[i]))
	}
	return out
}
