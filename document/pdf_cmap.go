package document

import (
	"unicode/utf16"
)

// pdfMapEntries is how many codes one character map may explain.
const pdfMapEntries = 1 << 16

// pdfCharMap says what the codes of a font mean, as its ToUnicode map has it.
type pdfCharMap map[int]string

// readCharMap reads a ToUnicode map (ISO 32000-1, 9.10.3): only its bfchar and
// bfrange sections matter.
func readCharMap(data []byte) pdfCharMap {
	m := pdfCharMap{}
	s := pdfScanner{data: data}
	for {
		operator, args, ok := s.operation(nil)
		if !ok {
			return m
		}
		switch operator {
		case "endbfchar":
			for ; len(args) >= 2; args = args[2:] {
				m.put(code(args[0].str), utf16Text(args[1].str))
			}
		case "endbfrange":
			for ; len(args) >= 3; args = args[3:] {
				m.span(code(args[0].str), code(args[1].str), args[2])
			}
		}
	}
}

func (m pdfCharMap) put(code int, text string) {
	if len(m) < pdfMapEntries {
		m[code] = text
	}
}

// span explains a run of codes: by a text for each, or by the first one's,
// whose last letter counts up.
func (m pdfCharMap) span(from, to int, what pdfToken) {
	if to-from >= pdfMapEntries {
		return
	}
	if what.kind == pdfArray {
		for i, t := range what.list {
			if from+i <= to {
				m.put(from+i, utf16Text(t.str))
			}
		}
		return
	}
	first := []rune(utf16Text(what.str))
	if len(first) == 0 {
		return
	}
	for c := from; c <= to && len(m) < pdfMapEntries; c++ {
		m[c] = string(first)
		first[len(first)-1]++
	}
}

// code is the number that the bytes of a code make.
func code(s string) int {
	n := 0
	for i := 0; i < len(s) && i < 4; i++ {
		n = n<<8 | int(s[i])
	}
	return n
}

// utf16Text reads big-endian UTF-16. A single byte stands for itself, as some
// maps have it.
func utf16Text(s string) string {
	if len(s) == 1 {
		return string(rune(s[0]))
	}
	units := make([]uint16, 0, len(s)/2)
	for i := 0; i+1 < len(s); i += 2 {
		units = append(units, uint16(s[i])<<8|uint16(s[i+1]))
	}
	return string(utf16.Decode(units))
}
