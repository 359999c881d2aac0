package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"
	"slices"
	"strings"
)

// maxLine is the longest line that is read, in bytes. A longer one gives an
// error line, and reading goes on behind it.
const maxLine = 32 << 20

// textID is an id that is not read from a line.
func textID(s string) json.RawMessage {
	b, err := json.Marshal(s)
	if err != nil {
		return nil // a string always marshals
	}
	return b
}

// lineError is the output for an input line that cannot be read. An id goes out as it
// came in, whatever it is; null when there was none.
type lineError struct {
	ID    json.RawMessage `json:"id"`
	Error string          `json:"error"`
}

// eachLine reads JSON Lines from the named files (standard input when there
// are none) and writes one line for each: what fn makes of it, or its error.
// It returns errSaid at the end when any line failed.
func (e *env) eachLine(files []string, fn func(line []byte) (any, error)) error {
	out := bufio.NewWriter(e.out)
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	failed := false
	one := func(line []byte, err error) error {
		line = bytes.ToValidUTF8(line, []byte("\uFFFD")) // ids go out unread
		var v any
		if err == nil {
			v, err = fn(line)
		}
		if err != nil {
			failed = true
			v = lineError{ID: idOf(line), Error: err.Error()}
		}
		return enc.Encode(v)
	}
	err := e.lines(files, one)
	if ferr := out.Flush(); err == nil {
		err = ferr
	}
	if err == nil && failed {
		err = errSaid
	}
	return err
}

// lines calls fn with every line of the files that is not blank. A line that
// is too long comes cut, with an error.
func (e *env) lines(files []string, fn func(line []byte, err error) error) error {
	if len(files) == 0 {
		return scan(e.ctx.Err, e.in, fn)
	}
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			return err
		}
		err = scan(e.ctx.Err, f, fn)
		_ = f.Close() // opened for reading
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

func scan(stopped func() error, r io.Reader, fn func([]byte, error) error) error {
	br := bufio.NewReaderSize(r, 1<<20)
	for first := true; ; first = false {
		line, long, err := readLine(br)
		last := errors.Is(err, io.EOF)
		if err != nil && !last {
			return err
		}
		if first { // some editors begin a file with a byte order mark
			line = bytes.TrimPrefix(line, []byte("\uFEFF"))
		}
		if line = bytes.TrimSpace(line); len(line) > 0 {
			var lerr error
			if long {
				lerr = fmt.Errorf("the line is longer than %d bytes", maxLine)
			}
			if ferr := fn(line, lerr); ferr != nil {
				return ferr
			}
		}
		if last {
			return nil
		}
		if err := stopped(); err != nil {
			return err
		}
	}
}

// readLine reads up to a newline, keeping at most maxLine bytes of it.
func readLine(br *bufio.Reader) (line []byte, long bool, err error) {
	for {
		part, err := br.ReadSlice('\n')
		if len(line)+len(part) <= maxLine {
			line = append(line, part...)
		} else {
			long = true
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return line, long, err
		}
	}
}

// idOf finds a line's id, for its error line, also where the line is broken further
// on; nil when there is none.
func idOf(line []byte) json.RawMessage {
	d := json.NewDecoder(bytes.NewReader(line))
	if start, err := d.Token(); err != nil || start != json.Delim('{') {
		return nil
	}
	for {
		key, err := d.Token()
		if err != nil {
			return nil
		}
		var v json.RawMessage
		if d.Decode(&v) != nil {
			return nil
		}
		if key == "id" {
			return v
		}
	}
}

// decode reads one line's JSON object into v, with an error a person can use.
func decode(line []byte, v any) error {
	err := json.Unmarshal(line, v)
	var te *json.UnmarshalTypeError
	var se *json.SyntaxError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &te):
		return misplaced(te)
	case errors.As(err, &se):
		return fmt.Errorf("not JSON at byte %d: %w", se.Offset, se)
	}
	return err
}

// misplaced says where a value of the wrong kind stands.
func misplaced(te *json.UnmarshalTypeError) error {
	// Between the keys of the path stand the names of embedded types, in capitals.
	keys := slices.DeleteFunc(strings.Split(te.Field, "."), func(s string) bool { return s == "" || s[0] >= 'A' && s[0] <= 'Z' })
	kind, _, _ := strings.Cut(te.Value, " ")
	found := "a " + kind
	if strings.ContainsAny(kind[:1], "ao") {
		found = "an " + kind
	}
	if len(keys) == 0 {
		return fmt.Errorf("%s stands where an object belongs", found)
	}
	return fmt.Errorf("%s: %s stands where %s belongs", strings.Join(keys, "."), found, wanted(te.Type))
}

// wanted names the kind of value that a type takes.
func wanted(t reflect.Type) string {
	switch t.Kind() {
	case reflect.String:
		return "a string"
	case reflect.Bool:
		return "true or false"
	case reflect.Slice, reflect.Array:
		return "a list"
	case reflect.Struct, reflect.Map:
		return "an object"
	case reflect.Pointer:
		return wanted(t.Elem())
	default:
		return "a number"
	}
}
