package document

import (
	"io"
	"strings"
	"unicode"

	"github.com/ledongthuc/pdf"
	"golang.org/x/text/encoding/charmap"
)

// pdfFont is what the reader needs of a font: how wide its letters are and
// what they mean.
type pdfFont struct {
	value pdf.Value
	bold  bool
	// composite fonts have codes of two bytes.
	composite bool
	scale     float64 // of widths: a thousandth, but for fonts that say otherwise
	widths    map[int]float64
	otherwise float64 // the width of codes that have none
	meaning   pdfCharMap
	symbols   bool
	simple    [256]string // what single bytes mean, filled when first asked
	known     [256]bool
	encoder   pdf.TextEncoding
	base      *charmap.Charmap
}

// readFont reads a font's dictionary. A damaged part leaves the rest standing.
func readFont(v pdf.Value) *pdfFont {
	f := &pdfFont{value: v, scale: 0.001, widths: map[int]float64{}, base: charmap.Windows1252}
	guarded(func() { f.style(v) })
	guarded(func() {
		if stream := v.Key("ToUnicode"); stream.Kind() == pdf.Stream {
			data, _ := io.ReadAll(io.LimitReader(stream.Reader(), pdfMapBytes)) // as far as it can be read
			f.meaning = readCharMap(data)
		}
	})
	switch {
	case v.Key("Subtype").Name() == "Type0":
		f.composite = true
		f.otherwise = 1000
		guarded(func() { f.readComposite(v.Key("DescendantFonts").Index(0)) })
	default:
		guarded(func() { f.readSimple(v) })
	}
	return f
}

// pdfMapBytes is how much of a character map is read.
const pdfMapBytes = 4 << 20

// style reads from a font's name and descriptor whether it is bold.
func (f *pdfFont) style(v pdf.Value) {
	name := strings.ToLower(v.Key("BaseFont").Name())
	for _, word := range []string{"bold", "black", "heavy", "semibold", "demi"} {
		if strings.Contains(name, word) {
			f.bold = true
		}
	}
	for _, word := range []string{"wingdings", "symbol", "webdings", "dingbats"} {
		if strings.Contains(name, word) {
			f.symbols = true
		}
	}
	const forceBold = 1 << 18
	descriptor := v.Key("FontDescriptor")
	if descriptor.Key("Flags").Int64()&forceBold != 0 || descriptor.Key("FontWeight").Float64() >= 600 {
		f.bold = true
	}
}

// readSimple reads the widths and the encoding of a font whose codes are bytes.
func (f *pdfFont) readSimple(v pdf.Value) {
	if v.Key("Subtype").Name() == "Type3" {
		if m := v.Key("FontMatrix"); m.Len() == 6 {
			f.scale = m.Index(0).Float64()
		}
	}
	if v.Key("Encoding").Key("BaseEncoding").Name() == "MacRomanEncoding" {
		f.base = charmap.Macintosh
	}
	if v.Key("Encoding").Kind() != pdf.Null {
		f.encoder = (&pdf.Font{V: v}).Encoder()
	}
	f.otherwise = v.Key("FontDescriptor").Key("MissingWidth").Float64()
	widths, first := v.Key("Widths"), int(v.Key("FirstChar").Int64())
	for i := range min(widths.Len(), 256) {
		f.widths[first+i] = widths.Index(i).Float64()
	}
	if widths.Len() > 0 {
		return
	}
	// One of the fourteen fonts that every reader knows.
	fixed := strings.Contains(strings.ToLower(v.Key("BaseFont").Name()), "courier")
	f.otherwise = 556
	for i, w := range helvetica {
		if fixed {
			w = 600
		}
		f.widths[' '+i] = float64(w)
	}
}

// helvetica are the widths of the letters from space to tilde (Adobe's metrics
// of the standard fonts), near enough for the other proportional ones.
var helvetica = [...]int{
	278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278,
	556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
	1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,
	667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
	333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,
	556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
}

// readComposite reads the widths of the font that a composite one is made of.
// Its array holds "c [w w w]" and "from to w" in any order (ISO 32000-1,
// 9.7.4.3).
func (f *pdfFont) readComposite(v pdf.Value) {
	f.style(v)
	if dw := v.Key("DW"); dw.Kind() != pdf.Null {
		f.otherwise = dw.Float64()
	}
	w := v.Key("W")
	for i := 0; i+1 < w.Len() && len(f.widths) < pdfMapEntries; {
		first, second := int(w.Index(i).Int64()), w.Index(i+1)
		if second.Kind() == pdf.Array {
			for k := range min(second.Len(), pdfMapEntries) {
				f.widths[first+k] = second.Index(k).Float64()
			}
			i += 2
			continue
		}
		last, width := int(second.Int64()), w.Index(i+2).Float64()
		for c := first; c <= last && len(f.widths) < pdfMapEntries; c++ {
			f.widths[c] = width
		}
		i += 3
	}
}

// letter takes the first letter off a string of codes: its width in thousandths
// of its size, what it means, and how many bytes it took.
func (f *pdfFont) letter(codes string) (width float64, text string, n int) {
	c, n := int(codes[0]), 1
	if f.composite && len(codes) > 1 {
		c, n = c<<8|int(codes[1]), 2
	}
	width, ok := f.widths[c]
	if !ok {
		width = f.otherwise
	}
	return width * f.scale, f.text(c), n
}

// text is what a code means; U+FFFD where nobody says.
func (f *pdfFont) text(c int) string {
	if s, ok := f.meaning[c]; ok && s != "" && s != "\x00" {
		return tidy(s)
	}
	if f.composite || c > 255 {
		return "\ufffd"
	}
	if !f.known[c] {
		f.known[c] = true
		guarded(func() { f.simple[c] = tidy(f.byteText(byte(c))) })
	}
	return f.simple[c]
}

// byteText is what a byte means in a simple font without a map of its own.
func (f *pdfFont) byteText(c byte) string {
	if f.symbols {
		return string(symbol(0xf000 | rune(c)))
	}
	if f.encoder != nil {
		if s := f.encoder.Decode(string([]byte{c})); s != string(rune(c)) && s != string([]byte{c}) {
			return s
		}
	}
	return string(f.base.DecodeByte(c))
}

// symbol names the marks of symbol fonts by the runes that everybody knows.
// Their codes are kept in the private use area from U+F000.
func symbol(r rune) rune {
	switch r {
	case 0xf0fc, 0xf050, 0xf061: // ticks of Wingdings, Wingdings 2 and Webdings
		return '✓'
	case 0xf0fb, 0xf04f, 0xf072:
		return '✗'
	case 0xf0b7, 0xf06c, 0xf09f, 0xf0a1:
		return '•'
	case 0xf0a7, 0xf06e, 0xf0a8, 0xf071:
		return '▪'
	case 0xf0d8:
		return '➢'
	case 0xf0e0, 0xf0e8:
		return '→'
	case 0xf020:
		return ' '
	}
	return r
}

// tidy spells ligatures out and names symbols; soft hyphens say nothing.
func tidy(s string) string {
	plain := true
	for i := range len(s) {
		plain = plain && s[i] < 0x80
	}
	if plain {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '\u00ad' || r == '\ufffe' || r == '\ufeff':
			b.WriteRune('\u00ad')
		case r >= 0xfb00 && r <= 0xfb06:
			b.WriteString([...]string{"ff", "fi", "fl", "ffi", "ffl", "st", "st"}[r-0xfb00])
		case r >= 0xf000 && r <= 0xf0ff:
			b.WriteRune(symbol(r))
		case unicode.IsSpace(r):
			b.WriteByte(' ')
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
