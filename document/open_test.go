package document_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/sendwatch/sendwatch/document"
)

func TestOpenDOCX(t *testing.T) {
	const body = `<w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr><w:r><w:t>Nurture Assistant</w:t></w:r></w:p>
<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>Essential </w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>criteria</w:t></w:r></w:p>
<w:p><w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="3"/></w:numPr></w:pPr><w:r><w:t>Patience</w:t></w:r></w:p>
<w:tbl><w:tr><w:tc><w:p><w:r><w:t>Grade</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>Scale</w:t><w:tab/><w:t>4</w:t></w:r></w:p><w:p><w:r><w:t>pro rata</w:t></w:r></w:p></w:tc></w:tr></w:tbl>
<w:p><w:del><w:r><w:delText>gone</w:delText></w:r></w:del><w:r><w:t>Term time &amp; five days.</w:t></w:r></w:p>`
	d, err := document.Open("jd.docx", bytes.NewReader(docx(t, body)), 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	want := []document.Block{
		{Kind: document.Heading, Level: 1, Text: "Nurture Assistant"},
		{Kind: document.Heading, Text: "Essential criteria"},
		{Kind: document.Item, Level: 2, Text: "Patience"},
		{Kind: document.Row, Text: "Grade | Scale 4 pro rata", Cells: []string{"Grade", "Scale 4\npro rata"}},
		{Kind: document.Paragraph, Text: "Term time & five days."},
	}
	if diff := cmp.Diff(want, d.Blocks); diff != "" {
		t.Errorf("blocks differ (-want +got):\n%s", diff)
	}
}

// docx makes the smallest Word file that holds body.
func docx(t testing.TB, body string) []byte {
	t.Helper()
	var buf bytes.Buffer
	z := zip.NewWriter(&buf)
	w, err := z.Create("word/document.xml")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := fmt.Fprintf(w, `<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>%s</w:body></w:document>`, body); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

func TestOpenPDF(t *testing.T) {
	d, err := document.Open("jd.PDF", bytes.NewReader(onePage("BT /F1 12 Tf 50 700 Td (Learning Mentor) Tj ET")), 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := d.Text(), "Learning Mentor"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// onePage makes a PDF of one page with the given content.
func onePage(content string) []byte {
	objects := []string{
		"<< /Type /Catalog /Pages 2 0 R >>",
		"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
		fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(content), content),
		"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
	}
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

func TestOpenErrors(t *testing.T) {
	tests := []struct {
		name, content string
		want          error // nil: any error
	}{
		{"advert.doc", "x", document.ErrFormat},
		{"advert", "x", document.ErrFormat},
		{"long.txt", strings.Repeat("x", 101), document.ErrTooLarge},
		{"empty.txt", " \n", document.ErrNoText},
		{"empty.html", "<script>x()</script>", document.ErrNoText},
		{"not.docx", "PK but no zip", nil},
		{"not.pdf", "%PDF-1.4 and nothing else", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := document.Open(tt.name, strings.NewReader(tt.content), 100)
			if err == nil {
				t.Fatal("no error")
			}
			if tt.want != nil && !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
			if !strings.Contains(err.Error(), tt.name) {
				t.Errorf("%q does not name the file", err)
			}
		})
	}
}

// TestOpenDamaged cuts and twists files; any answer will do but a panic.
func TestOpenDamaged(t *testing.T) {
	for name, data := range map[string][]byte{"a.pdf": onePage("BT /F1 12 Tf (x) Tj ET"), "a.docx": docx(t, "<w:p><w:r><w:t>x</w:t></w:r></w:p>")} {
		for i := range data {
			twisted := bytes.Clone(data)
			twisted[i] ^= 0x55
			_, _ = document.Open(name, bytes.NewReader(twisted), 1<<20)
			_, _ = document.Open(name, bytes.NewReader(data[:i]), 1<<20)
		}
	}
}
