package ingest

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"github.com/sendwatch/sendwatch"
)

// The columns of the register's download ("edubasealldata", of Get Information
// about Schools) that are needed, and those that are used where they are there.
const (
	colURN      = "URN"
	colName     = "EstablishmentName"
	colStatus   = "EstablishmentStatus (name)"
	colType     = "TypeOfEstablishment (name)"
	colPhase    = "PhaseOfEducation (name)"
	colPostcode = "Postcode"

	colAuthority = "LA (name)"
	colTrust     = "Trusts (name)"
	colTown      = "Town"
	colWebsite   = "SchoolWebsite"
	colLowAge    = "StatutoryLowAge"
	colHighAge   = "StatutoryHighAge"
	colProvision = "TypeOfResourcedProvision (name)"
	colNeed      = "SEN%d (name)"
	needColumns  = 13
)

var neededColumns = [...]string{colURN, colName, colStatus, colType, colPhase, colPostcode}

const (
	// giasLine is the longest line of a file that can be the register's; its own
	// have some 1,500 bytes.
	giasLine = 256 << 10
	// giasLines caps the lines of a file; the register has some 52,000.
	giasLines = 500_000
	// giasJoined is how many lines a record may have whose field holds line breaks.
	giasJoined = 8
	// giasField is how much of a field is kept.
	giasField = 300
)

// ErrNotRegister says that a file is not the register of schools.
var ErrNotRegister = errors.New("not the register of schools")

// giasReader reads the register line by line, so that one broken line costs no more
// than itself.
type giasReader struct {
	lines *bufio.Reader
	// ahead are lines that were read and given back.
	ahead []string
	line  int // of the record that was read last
	next  int // of the line that comes next
	at    map[string]int
	width int // the number of columns
}

// newGIASReader reads the header.
func newGIASReader(r io.Reader) (*giasReader, error) {
	g := &giasReader{lines: bufio.NewReaderSize(r, 64<<10), next: 1, at: map[string]int{}}
	header, err := g.record()
	if errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%w: the file is empty", ErrNotRegister)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: its first line: %w", ErrNotRegister, err)
	}
	g.width = len(header)
	for i, name := range header {
		g.at[strings.TrimSpace(strings.TrimPrefix(name, "\ufeff"))] = i
	}
	var missing []string
	for _, name := range neededColumns {
		if _, ok := g.at[name]; !ok {
			missing = append(missing, strconv.Quote(name))
		}
	}
	if len(missing) > 0 {
		return nil, fmt.Errorf("%w: the first line lacks the columns %s", ErrNotRegister, strings.Join(missing, ", "))
	}
	return g, nil
}

// lineError is what is wrong with one line; those after it can be read.
type lineError struct {
	line int
	err  error
}

func (e *lineError) Error() string { return fmt.Sprintf("line %d: %v", e.line, e.err) }
func (e *lineError) Unwrap() error { return e.err }

// school reads the next school, and whether it is closed. An *lineError concerns one
// line; io.EOF ends the file.
func (g *giasReader) school() (e sendwatch.Employer, closed bool, err error) {
	row, err := g.record()
	if err != nil {
		return e, false, err
	}
	get := func(column string) string {
		i, ok := g.at[column]
		if !ok || i >= len(row) {
			return ""
		}
		return giasText(row[i])
	}
	if len(row) != g.width {
		return e, false, &lineError{g.line, fmt.Errorf("%d fields, and the first line has %d", len(row), g.width)}
	}
	e = sendwatch.Employer{
		URN: get(colURN), Name: get(colName), Type: get(colType), Phase: stated(get(colPhase)), Authority: get(colAuthority), Trust: stated(get(colTrust)),
		Town: get(colTown), Postcode: strings.ToUpper(get(colPostcode)), Website: get(colWebsite), LowAge: age(get(colLowAge)), HighAge: age(get(colHighAge)),
		Provision: stated(get(colProvision)),
	}
	for i := range needColumns {
		if need := stated(get(fmt.Sprintf(colNeed, i+1))); need != "" && !slices.Contains(e.Needs, need) {
			e.Needs = append(e.Needs, need)
		}
	}
	if !isURN(e.URN) {
		return e, false, &lineError{g.line, fmt.Errorf("%s: not a number of five to seven digits", colURN)}
	}
	if e.Name == "" {
		return e, false, &lineError{g.line, fmt.Errorf("%s is empty", colName)}
	}
	return e, strings.EqualFold(get(colStatus), "Closed"), nil
}

// stated is a value that says something.
func stated(s string) string {
	if strings.EqualFold(s, "Not applicable") || strings.EqualFold(s, "None") {
		return ""
	}
	return s
}

func isURN(s string) bool {
	return len(s) >= 5 && len(s) <= 7 && strings.Trim(s, "0123456789") == ""
}

// age reads an age in years; nil when there is none.
func age(s string) *int {
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 || n > 99 {
		return nil
	}
	return &n
}

// giasText decodes a field. The download is in Windows-1252; a file that somebody
// saved anew may be in UTF-8.
func giasText(s string) string {
	if !utf8.ValidString(s) {
		if t, err := charmap.Windows1252.NewDecoder().String(s); err == nil {
			s = t
		}
	}
	if len(s) > giasField {
		s = strings.ToValidUTF8(s[:giasField], "")
	}
	return strings.Join(strings.Fields(s), " ")
}

// record reads the next record: a line, or several where a quoted field holds line
// breaks. Empty lines are passed over.
func (g *giasReader) record() ([]string, error) {
	text, err := g.readLine()
	for err == nil && strings.TrimSpace(text) == "" {
		text, err = g.readLine()
	}
	if err != nil {
		return nil, err
	}
	g.line = g.next - 1
	var more []string
	for odd(text) && len(more) < giasJoined-1 {
		next, err := g.readLine()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		more = append(more, next)
		text += "\n" + next
	}
	r := csv.NewReader(strings.NewReader(text))
	r.FieldsPerRecord = -1
	row, err := r.Read()
	if err != nil {
		// What was joined to it may be sound by itself.
		g.ahead = append(more, g.ahead...)
		g.next -= len(more)
		var parse *csv.ParseError
		if errors.As(err, &parse) {
			err = parse.Err
		}
		return nil, &lineError{g.line, err}
	}
	return row, nil
}

// odd reports whether a quoted field is still open at the end of text.
func odd(text string) bool { return strings.Count(text, `"`)%2 == 1 }

// readLine reads one line, without its end.
func (g *giasReader) readLine() (string, error) {
	if g.next > giasLines {
		return "", fmt.Errorf("%w: it has more than %d lines", ErrNotRegister, giasLines)
	}
	if len(g.ahead) > 0 {
		text := g.ahead[0]
		g.ahead = g.ahead[1:]
		g.next++
		return text, nil
	}
	var b []byte
	for {
		piece, err := g.lines.ReadSlice('\n')
		b = append(b, piece...)
		switch {
		case len(b) > giasLine:
			return "", fmt.Errorf("%w: line %d has more than %d bytes", ErrNotRegister, g.next, giasLine)
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case err != nil && (!errors.Is(err, io.EOF) || len(b) == 0):
			return "", err
		}
		g.next++
		return strings.TrimRight(string(b), "\r\n"), nil
	}
}
