package pay

import (
	"errors"
	"fmt"
	"io/fs"
	"sort"
	"strings"

	"github.com/goccy/go-yaml"
)

// Tables are the pay scales: the NJC spine by award, what is known of the GLPC
// and teachers' scales, the grades of employers, and the national living wage.
// Each figure's source and status stands beside it in payscales/*.yaml. Tables
// do not change after Load and may be used by many goroutines.
type Tables struct {
	awards   []award // oldest first
	teachers []award // oldest first; points are not numbered across the scales
	london   []observation
	grades   []gradeRow
	wages    []wage // oldest first
}

// award is one year's edition of a spine.
type award struct {
	// name is as printed in Offer.Award: "2025-26".
	name string
	// from is the first day, YYYY-MM-DD.
	from string
	// agreed is false while no settlement is on record.
	agreed bool
	// points are full-time salaries in pounds a year by spine point.
	points map[int]float64
	// amounts are all salaries of the edition, for scales without numbers.
	amounts []float64
}

// observation is one salary seen in a London advert.
type observation struct {
	area, award string
	point       int // 0 when not stated
	annual      float64
}

// gradeRow is one employer's grade.
type gradeRow struct {
	authority, grade, spine string
	from, to                int // 0 when not known
	annual                  map[string][]float64
}

// wage is the adult minimum hourly rate from a day on.
type wage struct {
	from   string
	hourly float64
}

// Load reads payscales/*.yaml below the root of fsys. All faults are reported
// together, each with its file.
func Load(fsys fs.FS) (*Tables, error) {
	t := &Tables{}
	err := errors.Join(t.loadSpine(fsys), t.loadLondon(fsys), t.loadTeachers(fsys), t.loadGrades(fsys), t.loadWages(fsys))
	if err != nil {
		return nil, err
	}
	return t, nil
}

func readYAML(fsys fs.FS, name string, into any) error {
	b, err := fs.ReadFile(fsys, name)
	if err != nil {
		return fmt.Errorf("pay: load: %w", err)
	}
	if err := yaml.Unmarshal(b, into); err != nil {
		return fmt.Errorf("pay: load %s: %w", name, err)
	}
	return nil
}

func (t *Tables) loadSpine(fsys fs.FS) error {
	const name = "payscales/njc.yaml"
	var file struct {
		Years map[string]struct {
			From       string `yaml:"effective_from"`
			Settlement string `yaml:"settlement_status"`
			Points     map[int]struct {
				Annual float64 `yaml:"annual"`
			} `yaml:"points"`
		} `yaml:"years"`
	}
	if err := readYAML(fsys, name, &file); err != nil {
		return err
	}
	for year, y := range file.Years {
		a := award{name: year, from: y.From, agreed: y.Settlement == "", points: map[int]float64{}}
		for n, p := range y.Points {
			if n < 1 || p.Annual <= 0 {
				return fmt.Errorf("pay: load %s: award %s: point %d has no annual figure", name, year, n)
			}
			a.points[n] = p.Annual
			a.amounts = append(a.amounts, p.Annual)
		}
		sort.Float64s(a.amounts)
		t.awards = append(t.awards, a)
	}
	return sortAwards(name, t.awards)
}

func sortAwards(name string, awards []award) error {
	if len(awards) == 0 {
		return fmt.Errorf("pay: load %s: no award years", name)
	}
	sort.Slice(awards, func(i, j int) bool { return awards[i].from < awards[j].from })
	for _, a := range awards {
		if day(a.from) == "" {
			return fmt.Errorf("pay: load %s: award %s: effective_from %q is not a day", name, a.name, a.from)
		}
	}
	return nil
}

// teacherArea is what is printed of the teachers' ranges in one pay area, in
// pounds a year.
type teacherArea struct {
	Main           []float64 `yaml:"main"`
	Upper          []float64 `yaml:"upper"`
	Unqualified    []float64 `yaml:"unqualified"`
	MainMin        float64   `yaml:"main_min"`
	MainEnds       []float64 `yaml:"main_min_max"`
	UpperMax       float64   `yaml:"upper_max"`
	UnqualifiedEnd []float64 `yaml:"unqualified_min_max"`
}

func (t *Tables) loadTeachers(fsys fs.FS) error {
	const name = "payscales/teachers.yaml"
	var file struct {
		Years map[string]struct {
			England teacherArea `yaml:"england"`
			Fringe  teacherArea `yaml:"fringe"`
			Outer   teacherArea `yaml:"outer"`
			Inner   teacherArea `yaml:"inner"`
		} `yaml:"years"`
	}
	if err := readYAML(fsys, name, &file); err != nil {
		return err
	}
	for year, y := range file.Years {
		// Teachers' awards run from 1 September of the year they are named after.
		first, _, _ := strings.Cut(year, "-")
		a := award{name: year, from: first + "-09-01", agreed: true}
		for _, r := range []teacherArea{y.England, y.Fringe, y.Outer, y.Inner} {
			for _, list := range [][]float64{r.Main, r.Upper, r.Unqualified, {r.MainMin, r.UpperMax}, r.MainEnds, r.UnqualifiedEnd} {
				for _, v := range list {
					if v > 0 {
						a.amounts = append(a.amounts, v)
					}
				}
			}
		}
		t.teachers = append(t.teachers, a)
	}
	return sortAwards(name, t.teachers)
}

func (t *Tables) loadLondon(fsys fs.FS) error {
	const name = "payscales/glpc.yaml"
	var file struct {
		Observations []struct {
			Area   string  `yaml:"area"`
			Point  any     `yaml:"scp"`
			Annual float64 `yaml:"annual_fte"`
			Award  string  `yaml:"award_year_inferred"`
		} `yaml:"observations"`
	}
	if err := readYAML(fsys, name, &file); err != nil {
		return err
	}
	for _, o := range file.Observations {
		if o.Annual <= 0 {
			return fmt.Errorf("pay: load %s: an observation of %s has no annual_fte", name, o.Area)
		}
		seen := observation{area: o.Area, annual: o.Annual, point: wholeNumber(o.Point)}
		// "2025-26 or 2026-27 unresolved" decides nothing.
		if year, rest, _ := strings.Cut(o.Award, " "); len(year) == len("2025-26") && !strings.Contains(rest, "or") {
			seen.award = year
		}
		t.london = append(t.london, seen)
	}
	return nil
}

// wholeNumber reads a point that may be printed as words in the file.
func wholeNumber(v any) int {
	switch n := v.(type) {
	case int:
		return n
	case int64:
		return int(n)
	case uint64:
		if n <= maxPoint {
			return int(n)
		}
	}
	return 0
}

// gradesFile is grades.yaml: employers' grades with where each was seen.
type gradesFile struct {
	Grades []struct {
		Authority string               `yaml:"authority"`
		Grade     string               `yaml:"grade"`
		Spine     string               `yaml:"spine"`
		From      int                  `yaml:"scp_from"`
		To        int                  `yaml:"scp_to"`
		Annual    map[string][]float64 `yaml:"annual"`
		Verified  string               `yaml:"verified"`
		Source    string               `yaml:"source_url"`
		Year      string               `yaml:"evidence_year"`
	} `yaml:"grades"`
}

func (t *Tables) loadGrades(fsys fs.FS) error {
	const name = "payscales/grades.yaml"
	var file gradesFile
	if err := readYAML(fsys, name, &file); err != nil {
		return err
	}
	for i, g := range file.Grades {
		if g.Authority == "" || g.Grade == "" {
			return fmt.Errorf("pay: load %s: row %d has no authority or no grade", name, i+1)
		}
		t.grades = append(t.grades, gradeRow{authority: g.Authority, grade: g.Grade, spine: g.Spine, from: g.From, to: g.To, annual: g.Annual})
	}
	return nil
}

func (t *Tables) loadWages(fsys fs.FS) error {
	const name = "payscales/nlw.yaml"
	var file struct {
		Rates []struct {
			From   string   `yaml:"from"`
			Hourly *float64 `yaml:"hourly"`
		} `yaml:"rates"`
	}
	if err := readYAML(fsys, name, &file); err != nil {
		return err
	}
	for _, r := range file.Rates {
		if day(r.From) == "" {
			return fmt.Errorf("pay: load %s: from %q is not a day", name, r.From)
		}
		if r.Hourly != nil {
			t.wages = append(t.wages, wage{from: r.From, hourly: *r.Hourly})
		}
	}
	sort.Slice(t.wages, func(i, j int) bool { return t.wages[i].from < t.wages[j].from })
	return nil
}

// day checks YYYY-MM-DD or YYYY-MM, and gives the first day of a month; empty
// when it is neither.
func day(s string) string {
	s = strings.TrimSpace(s)
	if len(s) > len("2006-01-02") {
		s = s[:len("2006-01-02")]
	}
	switch len(s) {
	case len("2006-01"):
		s += "-01"
	case len("2006-01-02"):
	default:
		return ""
	}
	y, m, d := s[:4], s[5:7], s[8:]
	if s[4] != '-' || s[7] != '-' {
		return ""
	}
	return isoDay(y, m, d)
}
