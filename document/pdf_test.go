package document_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sendwatch/sendwatch/document"
)

// at writes text at a place of a page, in a font and size.
func at(x, y float64, font string, size float64, text string) string {
	text = strings.NewReplacer(`\`, `\\`, "(", `\(`, ")", `\)`).Replace(text)
	return fmt.Sprintf("BT /%s %g Tf 1 0 0 1 %g %g Tm (%s) Tj ET\n", font, size, x, y, text)
}

func box(x, y, w, h float64) string { return fmt.Sprintf("%g %g %g %g re S\n", x, y, w, h) }

// pagesPDF makes a PDF with a page for each content. Its fonts are F1, bold F2,
// Wingdings F3, and F4, whose map has a ligature and a soft hyphen.
func pagesPDF(contents ...string) []byte {
	cmap := "1 begincodespacerange <00> <ff> endcodespacerange 3 beginbfchar <01> <fb01> <02> <00ad> <03> <2010> endbfchar 1 beginbfrange <20> <7e> <0020> endbfrange"
	objects := []string{
		"<< /Type /Catalog /Pages 2 0 R >>", "",
		"<< /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >> /F2 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold >>" +
			" /F3 << /Type /Font /Subtype /TrueType /BaseFont /AAAAAA+Wingdings >> /F4 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 4 0 R >> >>",
		fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(cmap), cmap),
	}
	var kids strings.Builder
	for _, c := range contents {
		n := len(objects)
		fmt.Fprintf(&kids, "%d 0 R ", n+1)
		objects = append(objects,
			fmt.Sprintf("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents %d 0 R /Resources << /Font 3 0 R >> >>", n+2),
			fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(c), c))
	}
	objects[1] = fmt.Sprintf("<< /Type /Pages /Kids [%s] /Count %d >>", kids.String(), len(contents))
	return pdfOf(objects)
}

func pdfOf(objects []string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.4\n")
	var at []int
	for i, o := range objects {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	xref := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, n := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", n)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, xref)
	return b.Bytes()
}

func TestPDFLayout(t *testing.T) {
	tests := []struct {
		name  string
		pages []string
		want  string
	}{
		{"a table with lines and ticks", []string{
			at(50, 770, "F1", 11, "What we ask for, and how we look at it, is in the table below.") +
				box(50, 700, 200, 20) + box(250, 700, 100, 20) + box(350, 700, 100, 20) +
				box(50, 660, 200, 40) + box(250, 660, 100, 40) + box(350, 660, 100, 40) +
				at(55, 706, "F2", 11, "Criterion") + at(255, 706, "F2", 11, "Essential") + at(355, 706, "F2", 11, "Desirable") +
				at(55, 686, "F1", 11, "A first aid certificate, or otherwise the") + at(55, 672, "F1", 11, "will to take one") + at(290, 686, "F3", 11, "\xfc"),
		}, `paragraph 0 What we ask for, and how we look at it, is in the table below.
row 0 ["Criterion" "Essential" "Desirable"]
row 0 ["A first aid certificate, or otherwise the will to take one" "✓" ""]
`},
		{"cells across and down", []string{
			box(50, 740, 300, 20) + box(50, 700, 100, 40) + box(150, 720, 200, 20) + box(150, 700, 200, 20) +
				at(55, 746, "F1", 11, "Qualifications") + at(55, 716, "F1", 11, "Skills") + at(155, 726, "F1", 11, "Patience") + at(155, 706, "F1", 11, "Humour"),
		}, `row 0 ["Qualifications" ""]
row 0 ["Skills" "Patience"]
row 0 ["" "Humour"]
`},
		{"ligatures and hyphens", []string{
			at(50, 700, "F1", 11, "A line that is long enough to reach the edge of what is written on this page") +
				at(50, 686, "F4", 11, "and then another one of of\x01cers, where words are parted at the end co\x02") +
				at(50, 672, "F4", 11, "operate, and where a well-known name such as of the school is part-") +
				at(50, 658, "F1", 11, "time."),
		}, "paragraph 0 A line that is long enough to reach the edge of what is written on this page and then another one of offi" +
			"cers, where words are parted at the end cooperate, and where a well-known name such as of the school is part-time.\n"},
		{"bullets, numbers and headings", []string{
			at(50, 740, "F2", 16, "Learning Mentor") + at(50, 710, "F1", 11, "You will be asked to do what follows, and to do it well, week after week.") +
				at(60, 690, "F3", 11, "\xa7") + at(80, 690, "F1", 11, "Greet pupils") + at(60, 676, "F1", 11, "o") + at(80, 676, "F1", 11, "Write to families") +
				at(60, 662, "F1", 11, "1.") + at(80, 662, "F1", 11, "Keep records"),
		}, `heading 1 Learning Mentor
paragraph 0 You will be asked to do what follows, and to do it well, week after week.
item 1 Greet pupils
item 1 Write to families
item 1 Keep records
`},
		{"heads, feet and numbers of pages", []string{
			at(50, 780, "F1", 9, "Old Quay School") + at(50, 700, "F1", 11, "The first page says something of its own.") + at(50, 30, "F1", 9, "Last reviewed in June") + at(500, 20, "F1", 9, "Page 1 of 2"),
			at(50, 780, "F1", 9, "Old Quay School") + at(50, 700, "F1", 11, "The second one says something else.") + at(50, 30, "F1", 9, "Last reviewed in June") + at(500, 20, "F1", 9, "Page 2 of 2"),
		}, `heading 0 Old Quay School
paragraph 0 The first page says something of its own.
paragraph 0 The second one says something else.
`},
		{"a page on its side, and a watermark", []string{
			"0 1 -1 0 600 0 cm\n" + at(50, 500, "F1", 11, "This page is read as it is held.") +
				"BT /F1 60 Tf 0.7 0.7 -0.7 0.7 100 100 Tm (DRAFT) Tj ET",
		}, "paragraph 0 This page is read as it is held.\n"},
		{"letters that are drawn twice", []string{
			at(50, 700, "F1", 11, "Bold by hand, all of it") + at(50.4, 700, "F1", 11, "Bold by hand, all of it"),
		}, "paragraph 0 Bold by hand, all of it\n"},
		{"what stands for a passage", []string{
			"/Span << /ActualText (effort) >> BDC\n" + at(50, 700, "F1", 11, "e\x01ort") + "EMC\n" + at(90, 700, "F1", 11, "counts"),
		}, "paragraph 0 effort counts\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d, err := document.Read(document.FormatPDF, pagesPDF(tt.pages...))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, dump(d)); diff != "" {
				t.Errorf("blocks (-want +got):\n%s", diff)
			}
		})
	}
}

func TestPDFWithDamage(t *testing.T) {
	good := pagesPDF(at(50, 700, "F1", 11, "Learning Mentor"), at(50, 700, "F1", 11, "Second page"))
	tests := []struct {
		name string
		data []byte
		want string
	}{
		{"no index", good[:bytes.Index(good, []byte("xref"))], "Learning Mentor\nSecond page"},
		{"a wrong place of the index", bytes.Replace(good, []byte("startxref\n"), []byte("startxref\n9"), 1), "Learning Mentor\nSecond page"},
		{"a version that is to come", bytes.Replace(good, []byte("%PDF-1.4"), []byte("%PDF-2.0"), 1), "Learning Mentor\nSecond page"},
		{"junk before and after", append([]byte("\r\n\r\n"), append(bytes.Clone(good), bytes.Repeat([]byte("<!-- -->\n"), 40)...)...), "Learning Mentor\nSecond page"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d, err := document.Read(document.FormatPDF, tt.data)
			if err != nil || d.Text() != tt.want {
				t.Errorf("got %q, %v", d.Text(), err)
			}
		})
	}
}

func TestPDFNotes(t *testing.T) {
	scan := "BI /W 1 /H 1 ID \xff EI\n"
	d, err := document.Read(document.FormatPDF, pagesPDF(at(50, 700, "F1", 11, "Learning Mentor"), scan, scan))
	if err != nil || len(d.Notes) != 1 || d.Notes[0] != "Pictures without text, and not read: pages 2, 3." {
		t.Errorf("two pages are pictures: %q, %v", d.Notes, err)
	}
	if _, err := document.Read(document.FormatPDF, pagesPDF(scan)); !errors.Is(err, document.ErrScanned) {
		t.Errorf("a scan gives %v", err)
	}
	d, err = document.Read(document.FormatPDF, pagesPDF("3 Tr\n"+at(50, 700, "F1", 11, "Leaming Mentor")+scan))
	if err != nil || len(d.Notes) != 1 || !strings.Contains(d.Notes[0], "recognised from a scan") {
		t.Errorf("recognised text: %q, %v", d.Notes, err)
	}
}

func FuzzPDF(f *testing.F) {
	f.Add(pagesPDF(at(50, 700, "F1", 11, "Learning Mentor") + box(10, 10, 100, 100)))
	if b, err := os.ReadFile("testdata/specification.pdf"); err == nil {
		f.Add(b[:min(len(b), 8<<10)])
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if bytes.Contains(data, []byte("XRef")) || bytes.Contains(data, []byte("ObjStm")) {
			t.Skip("the parser recurses without bound on indexes in streams: such files are for a process of its own")
		}
		d, err := document.Read(document.FormatPDF, data)
		if err == nil {
			sound(t, d)
		}
	})
}

// FuzzPDFPage reads a page's content, where hostile files differ from damaged ones.
func FuzzPDFPage(f *testing.F) {
	for _, s := range []string{
		at(50, 700, "F1", 11, "Learning Mentor"), box(0, 0, 9, 9) + box(9, 0, 9, 9), "[[<</A(b)>>]] TJ q Q ET BI ID EI", "/Span<</ActualText<feff0041>>>BDC(x)Tj EMC",
		"1e9 0 0 1e9 0 0 cm 3 Tr 0 0 m 1 1 l 9 9 9 9 9 9 c h b* f", "BT /F4 9 Tf [(a) -2000 (b)] TJ T* (c) ' 1 2 (d) \" ET",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, content string) {
		d, err := document.Read(document.FormatPDF, pagesPDF("BT /F1 10 Tf 20 500 Td ET "+content, content))
		if err == nil {
			sound(t, d)
		}
	})
}

func FuzzDOCX(f *testing.F) {
	for _, s := range []string{
		`<w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr><w:r><w:t>a</w:t></w:r></w:p>`,
		`<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="3"/></w:tcPr><w:p><w:r><w:t>a</w:t></w:r></w:p></w:tc></w:tr><w:tr><w:tc/><w:tc><w:p><w:r><w:sym w:char="F0FC"/></w:r></w:p></w:tc></w:tr></w:tbl>`,
		`<w:moveFrom><w:r><w:t>x</w:t></w:r></w:moveFrom><w:p><w:pPr><w:numPr><w:ilvl w:val="-1"/></w:numPr></w:pPr>`,
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, body string) {
		d, err := document.Read(document.FormatDOCX, docx(t, body))
		if err == nil {
			sound(t, d)
		}
	})
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(`{"blocks":[{"Kind":4,"Text":"a | b","Cells":["a","b"]}],"notes":["n"]}`))
	f.Add([]byte(`{"failed":"scanned","error":"e"}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := document.Decode(bytes.NewReader(data))
		if err == nil {
			sound(t, d)
		}
	})
}

func TestEncodedErrorsSurvive(t *testing.T) {
	for _, want := range []error{document.ErrFormat, document.ErrTooLarge, document.ErrNoText, document.ErrScanned, document.ErrEncrypted, document.ErrBroken, document.ErrTimeout} {
		var b bytes.Buffer
		if err := document.Encode(&b, document.Document{}, fmt.Errorf("read: %w", want)); err != nil {
			t.Fatal(err)
		}
		if _, err := document.Decode(&b); !errors.Is(err, want) || err.Error() != "read: "+want.Error() {
			t.Errorf("got %v, want %v", err, want)
		}
	}
	if _, err := document.Decode(strings.NewReader("fatal error: stack overflow")); !errors.Is(err, document.ErrBroken) {
		t.Errorf("a reader that died: %v", err)
	}
}

func BenchmarkPDF(b *testing.B) {
	data, err := os.ReadFile("testdata/job-description.pdf")
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := document.Read(document.FormatPDF, data); err != nil {
			b.Fatal(err)
		}
	}
}
