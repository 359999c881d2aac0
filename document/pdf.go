package document

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/ledongthuc/pdf"
)

// Limits of a PDF file. Adverts and job descriptions have a few pages.
const (
	pdfBytes = 20 << 20
	pdfPages = 200
	pdfNodes = 20_000 // of the tree of pages
	pdfDepth = 32
)

// fromPDF reads the text of a PDF page by page: its columns one after the
// other, its tables row by row, without what repeats at the head and foot of
// pages. A page that is damaged is left out, and noted.
//
// The parser of objects is known to panic, to recurse and to allocate without
// bound on hostile files. Panics are caught here and its reading is counted;
// against the rest the caller runs this in a process of its own.
func fromPDF(data []byte) (Document, error) {
	if len(data) > pdfBytes {
		return Document{}, fmt.Errorf("read pdf: %w: over %d bytes", ErrTooLarge, pdfBytes)
	}
	r, err := openPDF(data)
	if err != nil {
		return Document{}, fmt.Errorf("read pdf: %w", err)
	}
	p := pageWalk{canvas: newCanvas()}
	guarded(func() { p.tree(r.Trailer().Key("Root").Key("Pages"), 0) })
	if len(p.drawn) == 0 {
		return Document{}, fmt.Errorf("read pdf: %w: %s", ErrBroken, "no page can be read")
	}
	total := 0
	guarded(func() { total = r.NumPage() })
	return p.document(total)
}

// pageWalk reads the pages of a file in their order.
type pageWalk struct {
	canvas  *canvas
	nodes   int
	pages   int
	drawn   []drawn
	damaged []int
}

// tree walks the tree of pages, which may be damaged or run in a circle.
func (w *pageWalk) tree(v pdf.Value, depth int) {
	if w.nodes++; w.nodes > pdfNodes || depth > pdfDepth || w.pages >= pdfPages || w.canvas.spent {
		return
	}
	kids := v.Key("Kids")
	if kids.Kind() != pdf.Array {
		if v.Kind() == pdf.Dict {
			w.page(pdf.Page{V: v})
		}
		return
	}
	for i := range kids.Len() {
		if w.nodes > pdfNodes || w.pages >= pdfPages {
			return
		}
		guarded(func() { w.tree(kids.Index(i), depth+1) })
	}
}

func (w *pageWalk) page(p pdf.Page) {
	w.pages++
	var d drawn
	if !guarded(func() { d = w.canvas.draw(p) }) {
		w.damaged = append(w.damaged, w.pages)
		return
	}
	w.drawn = append(w.drawn, d)
}

// document makes blocks of what was drawn, or says why it can not.
func (w *pageWalk) document(total int) (Document, error) {
	letters, hidden, unknown, pictures := 0, 0, 0, 0
	var blank []int
	for i := range w.drawn {
		d := &w.drawn[i]
		letters += d.letters()
		hidden += d.hidden
		unknown += d.unknown
		if d.pictures > 0 && d.letters() == 0 {
			pictures++
			blank = append(blank, i+1)
		}
	}
	switch {
	case letters == 0 && pictures > 0:
		return Document{}, fmt.Errorf("read pdf: %w", ErrScanned)
	case unknown*2 > letters:
		return Document{}, fmt.Errorf("read pdf: %w: the file does not say what its letters mean", ErrNoText)
	}
	d := Document{Blocks: blocksOf(w.drawn)}
	switch {
	case len(d.Blocks) == 0 && w.canvas.spent:
		return Document{}, fmt.Errorf("read pdf: %w: its content", ErrTooLarge)
	case w.canvas.spent:
		d.Notes = append(d.Notes, "The file is too large: only its beginning was read.")
	case total > pdfPages && w.pages >= pdfPages:
		d.Notes = append(d.Notes, fmt.Sprintf("Only the first %d of %d pages were read.", pdfPages, total))
	}
	if len(w.damaged) > 0 {
		d.Notes = append(d.Notes, "Damaged and left out: "+pageList(w.damaged)+".")
	}
	if pictures > 0 {
		d.Notes = append(d.Notes, "Pictures without text, and not read: "+pageList(blank)+".")
	}
	if hidden*2 > letters {
		d.Notes = append(d.Notes, "The text was recognised from a scan and may hold errors.")
	}
	return d, nil
}

// blocksOf lays the pages out.
func blocksOf(pages []drawn) []Block {
	sheets := make([]sheet, len(pages))
	for i := range pages {
		sheets[i] = sheetOf(pages[i])
	}
	withoutMargins(sheets)
	var out lines
	f := pageFlow{out: &out}
	f.body, f.sizes = bodySize(sheets)
	for i := range sheets {
		f.page(&sheets[i])
	}
	for i := range out.all {
		// Where type tells the headings, a short line alone is none.
		out.marked = out.marked || out.all[i].kind == Heading || out.all[i].bold && headingShape(out.all[i].text)
	}
	return out.blocks()
}

// pageListMost is how many pages a note names.
const pageListMost = 10

func pageList(pages []int) string {
	var b strings.Builder
	b.WriteString("page")
	if len(pages) > 1 {
		b.WriteByte('s')
	}
	for i, n := range pages {
		switch {
		case i == pageListMost:
			fmt.Fprintf(&b, " and %d more", len(pages)-i)
			return b.String()
		case i > 0:
			b.WriteByte(',')
		}
		b.WriteString(" " + strconv.Itoa(n))
	}
	return b.String()
}

// guarded runs fn and reports false when it panicked.
func guarded(fn func()) (fine bool) {
	defer func() {
		if r := recover(); r != nil {
			fine = false
		}
	}()
	fn()
	return true
}

// encrypted reports whether the parser gave up because of a password.
func encrypted(err error) bool {
	return errors.Is(err, pdf.ErrInvalidPassword) || strings.Contains(strings.ToLower(err.Error()), "encrypt")
}
