package place

// postcode reads s as nothing but a postcode, sector or outcode, in any case
// and spacing. An outcode that the gazetteer lacks is no postcode.
func (g *Gazetteer) postcode(s string) (*Place, bool) {
	var buf [8]byte
	compact := buf[:0]
	gap := 0 // length of compact at the last space
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c >= 'a' && c <= 'z':
			c -= 'a' - 'A'
		case c >= 'A' && c <= 'Z', isDigit(c):
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			gap = len(compact)
			continue
		default:
			return nil, false
		}
		if len(compact) == 7 { // the longest postcode has seven characters
			return nil, false
		}
		compact = append(compact, c)
	}
	n := len(compact)
	if n < 2 || !isLetter(compact[0]) {
		return nil, false
	}
	if gap == n { // a trailing space is no gap
		gap = 0
	}
	switch {
	case n >= 5 && isInward(compact[n-3:]):
		return g.place(compact[:n-3], compact[n-3:])
	case gap > 0 && gap == n-1 && isDigit(compact[n-1]):
		// "RG4 1" is a sector of RG4, though RG41 is an outcode too.
		if p, ok := g.place(compact[:n-1], compact[n-1:]); ok {
			return p, true
		}
	}
	if p, ok := g.place(compact, nil); ok {
		return p, true
	}
	switch {
	case isDigit(compact[n-1]): // "RH191"
		return g.place(compact[:n-1], compact[n-1:])
	case n >= 4 && isDigit(compact[n-2]): // "RH19 1A", cut short
		return g.place(compact[:n-2], compact[n-2:n-1])
	}
	return nil, false
}

// place looks an outcode up with as much of its inward part as is known.
func (g *Gazetteer) place(outcode, inward []byte) (*Place, bool) {
	at, ok := g.outcodes[string(outcode)]
	if !ok {
		return nil, false
	}
	p := &Place{Postcode: string(outcode), Precision: Outcode}
	if len(inward) > 0 {
		p.Postcode += " " + string(inward)
		if s, ok := g.sectors[p.Postcode[:len(outcode)+2]]; ok {
			at, p.Precision = s, Sector
		}
	}
	p.Lat, p.Lon = at.lat, at.lon
	return p, true
}

// codeAt reads the postcode, sector or outcode that begins with word i, and how
// many words it takes; none if there is no such.
func (g *Gazetteer) codeAt(words []word, i int) (*Place, int) {
	first := words[i].raw
	if len(first) > 7 || !isLetter(upper(first[0])) {
		return nil, 0
	}
	if i+1 < len(words) {
		next := words[i+1].raw
		if len(next) == 3 && isInward([]byte(next)) || len(next) == 1 && isDigit(next[0]) {
			if p, ok := g.postcode(first + " " + next); ok && p.Precision == Sector {
				return p, 2
			}
		}
	}
	if len(first) < 2 || roadAhead(words, i) {
		return nil, 0
	}
	if p, ok := g.postcode(first); ok {
		return p, 1
	}
	return nil, 0
}

// roadAhead tells "off the M4" from the outcode M4.
func roadAhead(words []word, i int) bool {
	if i == 0 {
		return false
	}
	switch prev := words[i-1].key; prev {
	case "the", "off", "junction", "via", "along":
		return true
	default:
		return isDigit(prev[0])
	}
}

func isInward(b []byte) bool {
	return len(b) == 3 && isDigit(b[0]) && isLetter(upper(b[1])) && isLetter(upper(b[2]))
}

func isDigit(c byte) bool  { return c >= '0' && c <= '9' }
func isLetter(c byte) bool { return c >= 'A' && c <= 'Z' }

func upper(c byte) byte {
	if c >= 'a' && c <= 'z' {
		return c - ('a' - 'A')
	}
	return c
}
