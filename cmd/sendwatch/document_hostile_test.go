package main

import (
	"archive/zip"
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/sendwatch/sendwatch/document"
)

// hostile is a file that is broken or wants to harm its reader. Want is the
// error that it must give; where it is nil the file may also be read, in part.
type hostile struct {
	name   string
	format document.Format
	data   []byte
	want   error
}

// hostileDocuments makes a corpus of them.
func hostileDocuments(t testing.TB) []hostile {
	t.Helper()
	return append(hostilePDFs(), hostileWord(t)...)
}

const wordOpen = `<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>`

func hostileWord(t testing.TB) []hostile {
	t.Helper()
	word := func(body io.Reader) []byte {
		return zipped(t, map[string]io.Reader{"word/document.xml": body})
	}
	good := word(strings.NewReader(wordOpen + "<w:p><w:r><w:t>Learning mentor</w:t></w:r></w:p></w:body></w:document>"))
	many := map[string]io.Reader{}
	for i := range 12_000 {
		many[fmt.Sprintf("word/%d.xml", i)] = strings.NewReader("")
	}
	laughs := `<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "ha">` + strings.Repeat(`<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">`, 50) + `]><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:p><w:r><w:t>&b;</w:t></w:r></w:p></w:document>`
	return []hostile{
		{"word: no zip", document.FormatDOCX, []byte("PK but no zip"), document.ErrBroken},
		{"word: empty", document.FormatDOCX, nil, document.ErrBroken},
		{"word: cut", document.FormatDOCX, good[:len(good)*2/3], document.ErrBroken},
		{"word: no text in it", document.FormatDOCX, zipped(t, map[string]io.Reader{"hello.txt": strings.NewReader("hi")}), document.ErrBroken},
		{"word: text breaks off", document.FormatDOCX, word(strings.NewReader(wordOpen + "<w:p><w:r><w:t>Learn")), document.ErrBroken},
		{"word: of 1997", document.FormatDOCX, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 600)), document.ErrFormat},
		{"word: password", document.FormatDOCX, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e\x00"), document.ErrEncrypted},
		{"word: bomb of text", document.FormatDOCX, word(io.MultiReader(strings.NewReader(wordOpen+"<w:p><w:r><w:t>"), io.LimitReader(endless("a"), 48<<20))), document.ErrTooLarge},
		{"word: bomb of elements", document.FormatDOCX, word(io.MultiReader(strings.NewReader(wordOpen), io.LimitReader(endless("<w:p>"), 20<<20))), document.ErrTooLarge},
		{"word: bomb of tables", document.FormatDOCX, word(io.MultiReader(strings.NewReader(wordOpen), io.LimitReader(endless("<w:tr><w:tc><w:p/></w:tc></w:tr>"), 20<<20))), nil},
		{"word: wide cells", document.FormatDOCX, word(strings.NewReader(wordOpen + "<w:tr>" + strings.Repeat(`<w:tc><w:gridSpan w:val="999999999"/><w:p><w:r><w:t>a</w:t></w:r></w:p></w:tc>`, 5000) + "</w:tr></w:body></w:document>")), nil},
		{"word: many parts", document.FormatDOCX, zipped(t, many), document.ErrTooLarge},
		{"word: entities", document.FormatDOCX, word(strings.NewReader(laughs)), nil},
		{"word: picture only", document.FormatDOCX, zipped(t, map[string]io.Reader{"word/document.xml": strings.NewReader(wordOpen + "</w:body></w:document>"), "word/media/scan.png": strings.NewReader("x")}), document.ErrScanned},
	}
}

func hostilePDFs() []hostile {
	const text = "BT /F1 12 Tf 50 700 Td (Learning mentor) Tj ET"
	good := pdfFile(pdfPage("", text)...)
	var pages strings.Builder
	for range 10_000 {
		pages.WriteString("3 0 R ")
	}
	tenThousand := pdfPage("", text)
	tenThousand[1] = "<< /Type /Pages /Kids [" + pages.String() + "] /Count 10000 >>"
	circle := pdfPage("", text)
	circle[1] = "<< /Type /Pages /Kids [2 0 R 2 0 R 2 0 R 2 0 R] /Count 1000000 /Parent 2 0 R >>"
	orphan := pdfPage("", text)
	orphan[1] = "<< /Type /Pages /Kids [3 0 R] /Count 1 /Parent 2 0 R >>"
	orphan[2] = "<< /Type /Page /Parent 2 0 R /Contents 4 0 R >>"
	nested := pdfPage("", text)
	nested[0] = "<< /Type /Catalog /Pages 2 0 R /Deep " + strings.Repeat("[", 300_000) + " >>"
	scan := pdfPage("/XObject << /Im 6 0 R >>", "q 500 0 0 700 0 0 cm /Im Do Q")
	scan = append(scan, stream("/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8", "\xff"))
	forms := pdfPage("/XObject << /Fm 6 0 R >>", "/Fm Do")
	forms = append(forms, stream("/Type /XObject /Subtype /Form /BBox [0 0 1 1] /Resources << /XObject << /Fm 6 0 R >> >>", strings.Repeat("/Fm Do ", 50)))
	wide := pdfPage("", "BT /F1 12 Tf <0001> Tj ET")
	wide[4] = "<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H /ToUnicode 6 0 R /DescendantFonts [<< /Type /Font /Subtype /CIDFontType2 /BaseFont /X /W [0 2000000000 500] >>] >>"
	wide = append(wide, stream("", "1 beginbfrange <0000> <ffffffff> <0041> endbfrange"))
	locked := pdfPage("", text)
	locked = append(locked, "<< /Filter /Standard /V 2 /R 3 /Length 128 /P -4 /O <"+strings.Repeat("41", 32)+"> /U <"+strings.Repeat("42", 32)+"> >>")
	newer := pdfPage("", text)
	newer = append(newer, "<< /Filter /Standard /V 5 /R 6 /Length 256 /P -4 /O <"+strings.Repeat("41", 48)+"> /U <"+strings.Repeat("42", 48)+"> >>")
	return []hostile{
		{"pdf: empty", document.FormatPDF, nil, document.ErrBroken},
		{"pdf: not one", document.FormatPDF, []byte("<html>not found</html>"), document.ErrBroken},
		{"pdf: header only", document.FormatPDF, []byte("%PDF-1.4 and nothing else"), document.ErrBroken},
		{"pdf: cut in its first object", document.FormatPDF, good[:40], document.ErrBroken},
		{"pdf: cut before its index", document.FormatPDF, good[:bytes.Index(good, []byte("xref"))], nil},
		{"pdf: junk around it", document.FormatPDF, append([]byte("HTTP/1.1 200\r\n\r\n"), append(bytes.Clone(good), "\n<!-- served -->\n"...)...), nil},
		{"pdf: password", document.FormatPDF, pdfLocked(locked), document.ErrEncrypted},
		{"pdf: newer password", document.FormatPDF, pdfLocked(newer), document.ErrEncrypted},
		{"pdf: scan", document.FormatPDF, pdfFile(scan...), document.ErrScanned},
		{"pdf: 10,000 pages", document.FormatPDF, pdfFile(tenThousand...), nil},
		{"pdf: pages in a circle", document.FormatPDF, pdfFile(circle...), document.ErrBroken},
		{"pdf: parents in a circle", document.FormatPDF, pdfFile(orphan...), nil},
		{"pdf: deep object", document.FormatPDF, pdfFile(nested...), nil},
		{"pdf: deep content", document.FormatPDF, pdfFile(pdfPage("", strings.Repeat("[", 1<<20)+strings.Repeat("<<", 1<<20)+text)...), nil},
		{"pdf: endless string", document.FormatPDF, pdfFile(pdfPage("", "BT /F1 12 Tf ("+strings.Repeat("a(", 1<<20))...), nil},
		{"pdf: huge page", document.FormatPDF, pdfFile(pdfPage("/MediaBox [0 0 1e30 1e30]", "1e30 0 0 1e30 1e300 -1e300 cm "+text)...), nil},
		{"pdf: bomb", document.FormatPDF, pdfFile(pdfDeflated(io.LimitReader(endless(" "), 100<<20))...), nil},
		{"pdf: bomb of letters", document.FormatPDF, pdfFile(pdfDeflated(io.MultiReader(strings.NewReader("BT /F1 1 Tf "), io.LimitReader(endless("1 0 Td (aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa) Tj "), 60<<20)))...), nil},
		{"pdf: bomb of lines", document.FormatPDF, pdfFile(pdfDeflated(io.LimitReader(endless("0 1 m 9 1 l S 1 0 m 1 9 l S 1 0 0 1 .7 .7 cm "), 60<<20))...), nil},
		{"pdf: bomb of states", document.FormatPDF, pdfFile(pdfDeflated(io.LimitReader(endless("q "), 60<<20))...), nil},
		{"pdf: drawings of drawings", document.FormatPDF, pdfFile(forms...), nil},
		{"pdf: font of all codes", document.FormatPDF, pdfFile(wide...), nil},
		{"pdf: index in a circle", document.FormatPDF, bytes.Replace(good, []byte("/Root 1 0 R"), []byte(fmt.Sprintf("/Root 1 0 R /Prev %d", bytes.LastIndex(good, []byte("xref\n0")))), 1), nil},
		{"pdf: huge index", document.FormatPDF, bytes.Replace(good, []byte("xref\n0 "), []byte("xref\n4000000000 "), 1), nil},
		{"pdf: object stream in itself", document.FormatPDF, pdfOfItself(), document.ErrBroken},
	}
}

// endless repeats a text for ever.
type endlessReader struct {
	text string
	at   int
}

func endless(text string) io.Reader { return &endlessReader{text: text} }

func (e *endlessReader) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = e.text[e.at]
		e.at = (e.at + 1) % len(e.text)
	}
	return len(b), nil
}

func zipped(t testing.TB, parts map[string]io.Reader) []byte {
	t.Helper()
	var buf bytes.Buffer
	z := zip.NewWriter(&buf)
	for name, r := range parts {
		w, err := z.Create(name)
		if err == nil {
			_, err = io.Copy(w, r)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// pdfPage are the objects of a PDF of one page.
func pdfPage(extra, content string) []string {
	return []string{
		"<< /Type /Catalog /Pages 2 0 R >>",
		"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> " + extra + " >> >>",
		stream("", content),
		"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
	}
}

func pdfDeflated(content io.Reader) []string {
	var packed bytes.Buffer
	z := zlib.NewWriter(&packed)
	_, _ = io.Copy(z, content) // neither side can fail
	_ = z.Close()
	objects := pdfPage("", "")
	objects[3] = stream("/Filter /FlateDecode", packed.String())
	return objects
}

func stream(header, content string) string {
	return fmt.Sprintf("<< %s /Length %d >>\nstream\n%s\nendstream", header, len(content), content)
}

// pdfFile writes objects as a file.
func pdfFile(objects ...string) []byte { return pdfTrailed("", objects) }

// pdfLocked writes a file whose last object says how it is encrypted.
func pdfLocked(objects []string) []byte {
	return pdfTrailed(fmt.Sprintf("/Encrypt %d 0 R /ID [<41414141> <41414141>]", len(objects)), objects)
}

func pdfTrailed(trailer string, objects []string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.4\n")
	var at []int
	for i, o := range objects {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	index := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, n := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", n)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, trailer, index)
	return b.Bytes()
}

// pdfOfItself is a file whose catalogue lies in an object stream that lies in
// itself.
func pdfOfItself() []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.5\n")
	at := b.Len()
	var rows bytes.Buffer
	rows.Write([]byte{0, 0, 0, 0})
	for range 2 {
		rows.WriteByte(2)
		_ = binary.Write(&rows, binary.BigEndian, uint16(2))
		rows.WriteByte(0)
	}
	fmt.Fprintf(&b, "3 0 obj\n<< /Type /XRef /Size 3 /W [1 2 1] /Root 1 0 R /Length %d >>\nstream\n%s\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n", rows.Len(), rows.String(), at)
	return b.Bytes()
}
