package normalise

import (
	"regexp"
	"strings"

	"github.com/sendwatch/sendwatch/document"
	"github.com/sendwatch/sendwatch/taxonomy"
)

// column says what a table's column holds: the criteria of a section, ticks or
// codes that set the section of the row's own text, or neither.
type column struct {
	section taxonomy.Section
	// codes is set for a column that says E or D for each row.
	codes bool
}

// headerBytes is how long a cell may be that names a column.
const headerBytes = 60

// header reads a row whose cells name the columns of a person specification. It
// gives nil for any other row.
func (w *walk) header(cells []string) []column {
	columns := make([]column, len(cells))
	found, letters := false, 0
	for i, cell := range cells {
		if len(cell) > headerBytes {
			return nil
		}
		low := strings.Trim(fold(cell), " .:*()")
		switch _, section, ok := w.taxonomy.Part(cell); {
		case bothLevels.in(low):
			columns[i].codes, found = true, true
		case low == "e":
			columns[i].section = taxonomy.SectionEssential
			letters++
		case low == "d":
			columns[i].section = taxonomy.SectionDesirable
			letters++
		case ok && section != taxonomy.SectionNone && levelled.in(low):
			columns[i].section, found = section, true
		}
	}
	if !found && letters < 2 {
		return nil
	}
	return columns
}

// bothLevels finds the name of a column that says E or D for each row.
var bothLevels = compile(`^e ?(?:/|or|and|&) ?d$|\bessential\b.{0,12}\bdesirable\b`)

// specified adds a row's cells under the sections of their columns. The other
// columns hold a heading or how a thing is assessed, unless the section's own
// columns hold only ticks or codes.
func (w *walk) specified(cells []string) {
	if section, ok := w.ticked(cells); ok {
		w.criterion(cells, section)
		return
	}
	about := ""
	for i, cell := range cells {
		if i >= len(w.columns) || w.columns[i].section == "" {
			about = topic(cell)
			continue
		}
		w.topic = about
		w.cell(cell, taxonomy.PartRequirements, w.columns[i].section)
	}
	w.topic = ""
}

// ticked gives the section that the ticks and codes of a row set; a tick under
// Essential wins.
func (w *walk) ticked(cells []string) (taxonomy.Section, bool) {
	var section taxonomy.Section
	for i, cell := range cells {
		if i >= len(w.columns) || strings.TrimSpace(cell) == "" {
			continue
		}
		said := w.columns[i].section
		switch {
		case w.columns[i].codes:
			if said = coded(cell); said == "" {
				return "", false
			}
		case said == "" || saysNo(cell):
			continue
		case !marked(cell):
			return "", false
		}
		if section != taxonomy.SectionEssential {
			section = said
		}
	}
	return section, section != ""
}

// criterion adds the text of a row that ticks or codes rule: what stands outside
// their columns and says more than a number or how it is assessed.
func (w *walk) criterion(cells []string, section taxonomy.Section) {
	longest := ""
	for i, cell := range cells {
		ruled := i < len(w.columns) && (w.columns[i].codes || w.columns[i].section != "")
		if !ruled && len(cell) > len(longest) {
			longest = cell
		}
	}
	w.topic = ""
	w.cell(longest, taxonomy.PartRequirements, section)
}

// marks are the words and signs by which a cell says yes.
var marks = regexp.MustCompile(`(?i)^[(\[]?(?:[✓✔✅☑√●•*■\x{f0fc}xyüp]|✗|✘|yes|tick|tbc)[)\]]?$`)

// assessed finds the codes of how a criterion is assessed: "A/I", "AF, R".
var assessed = regexp.MustCompile(`^\(?[A-Z]{1,3}(?:[ ]?[/,&+ ][ ]?[A-Z]{1,3}){0,5}\)?$`)

// marked reports whether a cell says yes by a mark, or says how the row is
// assessed where it stands for a mark.
func marked(cell string) bool {
	cell = strings.TrimSpace(cell)
	return len(cell) <= 16 && (marks.MatchString(cell) || assessed.MatchString(cell))
}

// saysNo reports whether a cell says no.
func saysNo(cell string) bool {
	switch strings.ToLower(strings.TrimSpace(cell)) {
	case "-", "–", "—", "n", "no", "n/a", "none", ".":
		return true
	}
	return false
}

// levelCode finds a cell, or the end of a criterion, that says E or D and perhaps
// how it is assessed: "E - A/I".
var levelCode = regexp.MustCompile(`^[(\[]?(?:([ED])|(?i:(essential)|(desirable)))[)\]]?(?:\s*[-–/,:(]?\s*\(?[A-Z]{1,3}(?:\s?[/,& ]\s?[A-Z]{1,3}){0,5}\)?)?$`)

// coded gives the section that a cell's code sets; empty where it has none.
func coded(cell string) taxonomy.Section {
	cell = strings.Trim(cell, " .*")
	if len(cell) == 0 || len(cell) > 24 {
		return ""
	}
	if cell == "e" || cell == "d" {
		cell = strings.ToUpper(cell)
	}
	m := levelCode.FindStringSubmatch(cell)
	switch {
	case m == nil:
		return ""
	case m[1] == "E" || m[2] != "":
		return taxonomy.SectionEssential
	}
	return taxonomy.SectionDesirable
}

// trailing finds a code behind a criterion, set off by a dash, a bracket or no
// more than a space.
var trailing = regexp.MustCompile(`(?:\s[-–—|/]\s?|\s[(\[]|\s)([ED])(?:[)\]]|(?:\s?[-–/,:]\s?|\s|\)\s)\(?[A-Z]{1,3}(?:\s?[/,&]\s?[A-Z]{1,3}){0,5}[)\]]?)?$`)

// grades are the words whose letter is no such code.
var grades = compile(`\b(?:grades?|band|scale|points?|level|vitamin|class|group|section|part|plan|to|or|and|-|–|category|hepatitis|unit|[a-g]\*?)$`)

// graded takes a trailing code off a criterion and gives the section that it
// sets; empty where it has none.
func graded(text string) (rest string, section taxonomy.Section) {
	if len(text) < gradedBytes || !strings.ContainsAny(text[len(text)-gradedTail:], "ED") {
		return text, ""
	}
	m := trailing.FindStringSubmatchIndex(text)
	if m == nil {
		return text, ""
	}
	rest = strings.TrimRight(text[:m[0]], " -–—|/")
	if grades.in(fold(rest)) {
		return text, ""
	}
	if text[m[2]] == 'E' {
		return rest, taxonomy.SectionEssential
	}
	return rest, taxonomy.SectionDesirable
}

// Bounds of a criterion with a trailing code: its least length, and how far from
// its end the code may stand.
const (
	gradedBytes = 20
	gradedTail  = 16
)

// nonempty gives the cells that say something.
func nonempty(cells []string) []string {
	var said []string
	for _, c := range cells {
		if strings.TrimSpace(c) != "" {
			said = append(said, c)
		}
	}
	return said
}

// cell adds the blocks of one cell.
func (w *walk) cell(cell string, part taxonomy.Part, section taxonomy.Section) {
	for text := range strings.SplitSeq(cell, "\n") {
		w.add(passage{text: text, kind: document.Row, part: part, section: section})
	}
}
