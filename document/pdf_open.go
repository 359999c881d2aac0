package document

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"regexp"
	"slices"
	"strconv"

	"github.com/ledongthuc/pdf"
)

// pdfReads is how many bytes may be read of a file in all, however often the
// same object is asked for. It ends whatever runs in a circle.
const pdfReads = 256 << 20

// pdfObjects is how many objects a file may say that it has.
const pdfObjects = 1 << 20

// counted is a file of which only so much may be read.
type counted struct {
	*bytes.Reader
	left int64
}

// ReadAt implements io.ReaderAt. It panics when the file has been read too
// often, since the parser passes over errors.
func (c *counted) ReadAt(b []byte, at int64) (int, error) {
	if at < 0 {
		return 0, io.EOF
	}
	if c.left -= int64(len(b)) + 64; c.left < 0 {
		panic(errors.New("the file's objects run in a circle"))
	}
	return c.Reader.ReadAt(b, at)
}

// openPDF opens a file, and one whose index is damaged by finding its objects
// again.
func openPDF(data []byte) (*pdf.Reader, error) {
	data, err := framed(data)
	if err != nil {
		return nil, err
	}
	err = plausible(data)
	if err == nil {
		var r *pdf.Reader
		if r, err = parsePDF(data); err == nil {
			return r, nil
		}
	}
	if encrypted(err) {
		return nil, ErrEncrypted
	}
	again, ok := indexed(data)
	if !ok {
		return nil, fmt.Errorf("%w: %w", ErrBroken, err)
	}
	r, err := parsePDF(again)
	if err == nil {
		return r, nil
	}
	if encrypted(err) {
		return nil, ErrEncrypted
	}
	return nil, fmt.Errorf("%w: %w", ErrBroken, err)
}

// parsePDF opens a file that has pages.
func parsePDF(data []byte) (r *pdf.Reader, err error) {
	defer func() {
		if x := recover(); x != nil {
			r, err = nil, fmt.Errorf("%v", x)
		}
	}()
	if r, err = pdf.NewReader(&counted{bytes.NewReader(data), pdfReads}, int64(len(data))); err != nil {
		return nil, err
	}
	if r.Trailer().Key("Root").Key("Pages").Kind() != pdf.Dict {
		return nil, errors.New("it has no pages")
	}
	return r, nil
}

// plausible refuses a file whose index claims more room than any file needs, or
// leads in a circle.
func plausible(data []byte) error {
	for _, key := range []string{"/Size", "/Columns", "/Index"} {
		for t := range following(data, key) {
			for _, n := range append(t.list, t) {
				if n.num > pdfObjects {
					return fmt.Errorf("its index claims room for %.0f objects", n.num)
				}
			}
		}
	}
	// Where indexes begin: the last one, and those that name the one before. In
	// a sound file no two are the same.
	seen := map[float64]bool{}
	for _, key := range []string{"/Prev", "startxref"} {
		for t := range following(data, key) {
			if t.num > 0 && seen[t.num] {
				return errors.New("its indexes run in a circle")
			}
			seen[t.num] = true
		}
	}
	for t := range places(data, "xref") {
		if !sectionsFit(data[t:]) {
			return errors.New("its index claims room for more objects than a file has")
		}
	}
	return nil
}

// places are where a word ends in a file.
func places(data []byte, word string) iter.Seq[int] {
	return func(yield func(int) bool) {
		for at := 0; ; {
			i := bytes.Index(data[at:], []byte(word))
			if i < 0 {
				return
			}
			at += i + len(word)
			if !yield(at) {
				return
			}
		}
	}
}

// following are the tokens behind a word.
func following(data []byte, word string) iter.Seq[pdfToken] {
	return func(yield func(pdfToken) bool) {
		for at := range places(data, word) {
			s := pdfScanner{data: data[at:min(at+4096, len(data))]}
			if !yield(s.next(0)) {
				return
			}
		}
	}
}

// sectionsFit walks the sections of an index, each of which says where its
// numbers start and how many lines follow, and reports whether all are numbers
// that a file has.
func sectionsFit(data []byte) bool {
	s := pdfScanner{data: data}
	for {
		start, count := s.next(0), s.next(0)
		if start.kind != pdfNumber || count.kind != pdfNumber {
			return true
		}
		if start.num < 0 || start.num+count.num > pdfObjects {
			return false
		}
		for range int(count.num) {
			s.next(0)
			s.next(0)
			if t := s.next(0); t.kind != pdfOperator {
				return true
			}
		}
	}
}

// framed is the file from its header to its end mark, as the parser wants it:
// some have junk around them, or a version that it does not know.
func framed(data []byte) ([]byte, error) {
	at := bytes.Index(data[:min(len(data), 1024)], []byte("%PDF-"))
	if at < 0 || len(data) < at+9 {
		return nil, fmt.Errorf("%w: it does not begin as a PDF", ErrBroken)
	}
	data = slices.Clone(data[at:])
	copy(data[5:], "1.7\n")
	if end := bytes.LastIndex(data, []byte("%%EOF")); end > 0 {
		return data[:end+5], nil
	}
	return append(data, "\n%%EOF"...), nil
}

// What a file's objects and its root look like.
var (
	objectStart = regexp.MustCompile(`(?:^|[\s>])(\d{1,7})[ \t\r\n]+(\d{1,5})[ \t\r\n]+obj\b`)
	rootNamed   = regexp.MustCompile(`/Root\s+(\d{1,7})\s+(\d{1,5})\s+R`)
	catalogue   = regexp.MustCompile(`/Type\s*/Catalog\b`)
	locked      = regexp.MustCompile(`/Encrypt\s+\d{1,7}\s+\d{1,5}\s+R`)
	fileID      = regexp.MustCompile(`/ID\s*\[\s*<[0-9A-Fa-f\s]*>\s*<[0-9A-Fa-f\s]*>\s*\]`)
)

// indexed writes a new index behind a file whose own is damaged: a later object
// takes the place of an earlier one of its number, as in a file that was saved
// again. Objects within compressed streams are not found.
func indexed(data []byte) ([]byte, bool) {
	type object struct {
		number, generation string
		at                 int
	}
	objects := map[int]object{}
	root := ""
	for _, m := range objectStart.FindAllSubmatchIndex(data, pdfObjects) {
		o := object{string(data[m[2]:m[3]]), string(data[m[4]:m[5]]), m[2]}
		n, err := strconv.Atoi(o.number)
		if err != nil || n >= pdfObjects {
			continue
		}
		objects[n] = o
		if catalogue.Match(data[m[5]:min(m[5]+400, len(data))]) {
			root = o.number + " " + o.generation
		}
	}
	if all := rootNamed.FindAllSubmatch(data, -1); root == "" && len(all) > 0 {
		m := all[len(all)-1]
		root = string(m[1]) + " " + string(m[2])
	}
	if root == "" {
		return nil, false
	}
	var b bytes.Buffer
	b.Write(data)
	b.WriteByte('\n')
	start := b.Len()
	b.WriteString("xref\n0 1\n0000000000 65535 f \n")
	top := 0
	numbers := make([]int, 0, len(objects))
	for n := range objects {
		numbers = append(numbers, n)
	}
	slices.Sort(numbers)
	for _, n := range numbers {
		o := objects[n]
		fmt.Fprintf(&b, "%d 1\n%010d %s n \n", n, o.at, o.generation)
		top = max(top, n)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root %s R %s %s >>\nstartxref\n%d\n%%%%EOF", top+1, root, locked.Find(data), fileID.Find(data), start)
	return b.Bytes(), true
}
