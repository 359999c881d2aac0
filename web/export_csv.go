package web

import (
	"encoding/csv"
	"io"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/sendwatch/sendwatch/pay"
	"github.com/sendwatch/sendwatch/taxonomy"
)

// csvExport is a table for people with a spreadsheet: UTF-8 with the mark at its
// beginning by which Excel knows it, lines that end as RFC 4180 has them, headings
// in plain words, and numbers that are numbers.
type csvExport struct {
	s    *Site
	out  io.Writer
	w    *csv.Writer
	note string
}

func newCSVExport(s *Site, w io.Writer) (e exporter, extension, kind string) {
	x := &csvExport{s: s, out: w, w: csv.NewWriter(w)}
	x.w.UseCRLF = true
	return x, ".csv", "text/csv; charset=utf-8"
}

// byteOrderMark tells Excel that a file is UTF-8.
const byteOrderMark = "\ufeff"

func (x *csvExport) begin(head exported) error {
	x.note = head.Note
	if _, err := io.WriteString(x.out, byteOrderMark); err != nil {
		return err
	}
	var names []string
	for _, c := range columns {
		names = append(names, c.name)
	}
	return x.w.Write(names)
}

func (x *csvExport) hit(h *Hit) error {
	row := make([]string, len(columns))
	for i, c := range columns {
		row[i] = cell(c.of(x.s, h))
	}
	return x.w.Write(row)
}

func (x *csvExport) flush() error {
	x.w.Flush()
	return x.w.Error()
}

// end says in a last line when there is more, where whoever reads the table sees
// it. The line has no id.
func (x *csvExport) end() error {
	if x.note != "" {
		row := make([]string, len(columns))
		row[1] = x.note
		if err := x.w.Write(row); err != nil {
			return err
		}
	}
	return x.flush()
}

// formula finds where a spreadsheet might begin to calculate: at the start of a cell,
// and after what it may take for the end of one, since which character separates
// cells differs from country to country.
var formula = regexp.MustCompile(`(^|[,;|])([\s"']*)([=+\-@＝＋－＠])`)

// cell makes of a text, which may be anybody's, one that a spreadsheet shows and
// does not calculate: an apostrophe goes before what would begin a formula, and
// line breaks and tabs become spaces.
func cell(s string) string {
	s = strings.Join(strings.FieldsFunc(strings.ToValidUTF8(s, "\ufffd"), func(r rune) bool {
		return r < ' ' || r == '\u2028' || r == '\u2029' || r == 0x7f || r == ' ' || r == '\u00a0'
	}), " ")
	return formula.ReplaceAllString(s, "$1$2'$3")
}

// column is one column of a table of posts.
type column struct {
	name string
	of   func(*Site, *Hit) string
}

var columns = []column{
	{"id", func(_ *Site, h *Hit) string { return h.ID }},
	{"title", func(_ *Site, h *Hit) string { return h.Title }},
	{"employer", func(_ *Site, h *Hit) string { return h.Employer }},
	{"kind of employer", func(_ *Site, h *Hit) string { return string(h.EmployerKind) }},
	{"who pays", func(_ *Site, h *Hit) string { return string(h.PaidBy) }},
	{"school, where an agency pays", func(_ *Site, h *Hit) string { return h.Client }},
	{"school's number (URN)", func(_ *Site, h *Hit) string { return h.vacancy.EmployerURN }},
	{"where", func(_ *Site, h *Hit) string { return h.Location }},
	{"postcode", func(_ *Site, h *Hit) string {
		if h.Place == nil {
			return ""
		}
		return h.Place.Postcode
	}},
	{"miles away", func(_ *Site, h *Hit) string {
		if h.Miles == nil {
			return ""
		}
		return strconv.FormatFloat(*h.Miles, 'f', 1, 64)
	}},
	{"what it pays", func(_ *Site, h *Hit) string { return h.Pay }},
	{"paid a year, from (£)", least(func(f *pay.Comparable) *pay.Figure { return f.ActualAnnual })},
	{"paid a year, to (£)", most(func(f *pay.Comparable) *pay.Figure { return f.ActualAnnual })},
	{"paid a year: how it is known", func(_ *Site, h *Hit) string {
		if f := h.Figures.ActualAnnual; f != nil {
			return f.How
		}
		return ""
	}},
	{"full-time pay a year, from (£)", least(func(f *pay.Comparable) *pay.Figure { return f.FullTimeAnnual })},
	{"full-time pay a year, to (£)", most(func(f *pay.Comparable) *pay.Figure { return f.FullTimeAnnual })},
	{"paid an hour, from (£)", least(func(f *pay.Comparable) *pay.Figure { return f.Hourly })},
	{"paid an hour, to (£)", most(func(f *pay.Comparable) *pay.Figure { return f.Hourly })},
	{"paid a day, from (£)", least(func(f *pay.Comparable) *pay.Figure { return f.Daily })},
	{"paid a day, to (£)", most(func(f *pay.Comparable) *pay.Figure { return f.Daily })},
	{"hours a week", func(_ *Site, h *Hit) string { return optional(h.HoursPerWeek) }},
	{"weeks a year", func(_ *Site, h *Hit) string { return optional(h.WeeksPerYear) }},
	{"term time only", func(_ *Site, h *Hit) string {
		switch {
		case h.TermTimeOnly == nil:
			return ""
		case *h.TermTimeOnly:
			return "yes"
		}
		return "no"
	}},
	{"contract", func(s *Site, h *Hit) string { return s.labels("contract", h.Contract) }},
	{"working pattern", func(s *Site, h *Hit) string { return s.labels("pattern", h.WorkingPattern) }},
	{"role", func(s *Site, h *Hit) string { return s.labels("role", h.Role) }},
	{"pupils' needs", func(s *Site, h *Hit) string { return s.labels("need", h.Needs...) }},
	{"setting", func(s *Site, h *Hit) string { return s.labels("setting", h.Setting) }},
	{"ages", func(s *Site, h *Hit) string { return s.labels("phase", h.Phases...) }},
	{"essential", func(s *Site, h *Hit) string { return s.askings(h, taxonomy.Essential) }},
	{"desirable", func(s *Site, h *Hit) string { return s.askings(h, taxonomy.Desirable) }},
	{"starts", func(_ *Site, h *Hit) string { return h.Starts }},
	{"closes", func(_ *Site, h *Hit) string {
		if h.Closes == nil {
			return ""
		}
		return h.Closes.In(london()).Format("2006-01-02 15:04")
	}},
	{"published", func(_ *Site, h *Hit) string { return h.Published }},
	{"first seen here", func(_ *Site, h *Hit) string { return h.FirstSeen.In(london()).Format(time.DateOnly) }},
	{"page here", func(_ *Site, h *Hit) string { return h.URL }},
	{"adverts", func(_ *Site, h *Hit) string {
		var out []string
		for _, a := range h.Adverts {
			out = append(out, a.URL)
		}
		return strings.Join(out, " ")
	}},
	{"read at", func(_ *Site, h *Hit) string {
		var out []string
		for _, a := range h.Adverts {
			out = append(out, a.Source)
		}
		return strings.Join(out, " ")
	}},
	{"terms of the source", func(_ *Site, h *Hit) string { return h.Notice }},
}

func optional(x *float64) string {
	if x == nil {
		return ""
	}
	return number(*x)
}

func least(of func(*pay.Comparable) *pay.Figure) func(*Site, *Hit) string {
	return func(_ *Site, h *Hit) string {
		if f := of(&h.Figures); f != nil {
			return optional(f.Min)
		}
		return ""
	}
}

func most(of func(*pay.Comparable) *pay.Figure) func(*Site, *Hit) string {
	return func(_ *Site, h *Hit) string {
		if f := of(&h.Figures); f != nil {
			return optional(f.Max)
		}
		return ""
	}
}

// labels names ids in plain words.
func (s *Site) labels(dimension string, ids ...string) string {
	var out []string
	for _, id := range ids {
		if id != "" {
			out = append(out, s.label(dimension, id))
		}
	}
	return strings.Join(out, "; ")
}

// askings lists what a post asks for at a level.
func (s *Site) askings(h *Hit, level taxonomy.Level) string {
	var out []string
	asked := h.vacancy.Asks(level, s.concept)
	for i := range asked {
		out = append(out, strings.Join(asked[i].Alternatives, " or "))
	}
	return strings.Join(out, "; ")
}
