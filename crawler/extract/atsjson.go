package extract

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// scanJSON reads a list of objects; lists within are joined with commas, as the
// other systems write them. Where it is only checked, the objects are not read.
func scanJSON(feed io.Reader, yield func(ATSRecord) error, check bool) error {
	return elements(feed, func(raw []byte, whole bool) error {
		r := ATSRecord{Raw: raw, Type: "application/json", values: map[string]string{}}
		if !whole {
			r.broken = fmt.Errorf("more than %d bytes", maxRecord)
			return yield(r)
		}
		if !json.Valid(raw) {
			return errors.New("it is broken")
		}
		if check {
			return yield(r)
		}
		values, _ := decodeAll(string(raw))
		if o, ok := first(any(values)).(object); ok {
			for key, v := range o {
				r.values[strings.ToLower(key)] = joined(v)
			}
		}
		return yield(r)
	})
}

func joined(v any) string {
	list, ok := v.([]any)
	if !ok {
		return text(v)
	}
	var parts []string
	for _, e := range list {
		parts = append(parts, text(e))
	}
	return strings.Join(parts, ",")
}

// elements cuts a list in JSON into its elements, as they stand. An element is handed
// over up to a record's length, with the word whether that is all of it. Anything
// but one whole list is an error.
func elements(feed io.Reader, yield func(raw []byte, whole bool) error) error {
	in := bufio.NewReaderSize(feed, 64<<10)
	if b, err := solid(in); err != nil || b != '[' {
		return errors.New("it is no list")
	}
	for n := 0; ; n++ {
		b, err := solid(in)
		if err != nil {
			return errors.New("it breaks off")
		}
		if b == ']' && n == 0 {
			break
		}
		e := element{in: in}
		end, err := e.read(b)
		if err != nil {
			return err
		}
		if err := yield(e.raw, e.length <= maxRecord); err != nil {
			return err
		}
		if end == ']' {
			break
		}
	}
	if _, err := solid(in); !errors.Is(err, io.EOF) {
		return errors.New("there is more after the list")
	}
	return nil
}

// solid is the next byte that is no space.
func solid(in *bufio.Reader) (byte, error) {
	for {
		b, err := in.ReadByte()
		if err != nil {
			return 0, err
		}
		if !strings.ContainsRune(" \t\r\n", rune(b)) {
			return b, nil
		}
	}
}

// element is one element of a list while it is cut out.
type element struct {
	in     *bufio.Reader
	raw    []byte
	length int // of all of it, with the space after it
}

// read cuts an element out that begins with a byte, and returns the comma or bracket
// that ends it.
func (e *element) read(b byte) (end byte, err error) {
	depth, quoted, escaped := 0, false, false
	for {
		switch {
		case escaped:
			escaped = false
		case quoted:
			escaped, quoted = b == '\\', b != '"'
		case b == '"':
			quoted = true
		case b == '[' || b == '{':
			depth++
		case depth == 0 && (b == ',' || b == ']'):
			e.raw = bytes.TrimRight(e.raw, " \t\r\n")
			return b, nil
		case b == ']' || b == '}':
			depth--
		}
		if e.length++; e.length <= maxRecord {
			e.raw = append(e.raw, b)
		}
		if b, err = e.in.ReadByte(); err != nil {
			return 0, errors.New("it breaks off")
		}
	}
}
