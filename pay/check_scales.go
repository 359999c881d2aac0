package pay

import (
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
)

// teachers holds the teachers' ranges against their order and each year against
// the one before. Points that the file doubts in words are left out.
func (c *checker) teachers() error {
	var file struct {
		Years map[string]struct {
			Rise    *rise       `yaml:"rise"`
			Doubted []string    `yaml:"doubted"`
			England teacherArea `yaml:"england"`
			Fringe  teacherArea `yaml:"fringe"`
			Outer   teacherArea `yaml:"outer"`
			Inner   teacherArea `yaml:"inner"`
		} `yaml:"years"`
	}
	if err := c.read("teachers.yaml", &file); err != nil {
		return err
	}
	var before map[string]float64
	for _, year := range slices.Sorted(maps.Keys(file.Years)) {
		y := file.Years[year]
		ends := map[string]float64{}
		for name, area := range map[string]teacherArea{"england": y.England, "fringe": y.Fringe, "outer": y.Outer, "inner": y.Inner} {
			for scale, figures := range area.scales() {
				where := year + " " + name + " " + scale
				c.expect(slices.IsSorted(figures), where, "does not rise: %v", figures)
				if len(figures) > 1 {
					ends[name+" "+scale+" minimum"] = figures[0]
				}
				if len(figures) > 0 {
					ends[name+" "+scale+" maximum"] = figures[len(figures)-1]
				}
			}
		}
		for _, where := range slices.Sorted(maps.Keys(ends)) {
			old, held := before[where]
			if !held || y.Rise == nil || slices.Contains(y.Doubted, where) {
				continue
			}
			want := y.Rise.of(0, old)
			c.expect(math.Abs(want-ends[where]) <= roundingPounds, year+" "+where, "is £%.0f, but the award makes £%.0f of £%.0f", ends[where], want, old)
		}
		before = ends
	}
	return nil
}

// scales are the area's ranges by name, each from its lowest figure to its
// highest; of a range whose minimum is another's maximum only the top is printed.
func (a teacherArea) scales() map[string][]float64 {
	out := map[string][]float64{"main": a.Main, "upper": a.Upper, "unqualified": a.Unqualified}
	if len(a.MainEnds) > 0 {
		out["main"] = a.MainEnds
	}
	if len(a.UnqualifiedEnd) > 0 {
		out["unqualified"] = a.UnqualifiedEnd
	}
	if a.UpperMax > 0 {
		out["upper"] = []float64{a.UpperMax}
	}
	return out
}

// grades holds employers' grades against the spine that they name.
func (c *checker) grades() error {
	var file gradesFile
	if err := c.read("grades.yaml", &file); err != nil {
		return err
	}
	for _, g := range file.Grades {
		where := g.Authority + ", " + g.Grade
		c.expect(g.Source != "" || g.Verified == "no", where, "is verified but names no source")
		if g.From > 0 && g.To > 0 {
			c.expect(g.From <= g.To, where, "goes from point %d down to %d", g.From, g.To)
		}
		for year, ends := range g.Annual {
			c.expect(len(ends) <= 2 && slices.IsSorted(ends), where, "has the range %v in %s", ends, year)
		}
		points, known := c.points[g.Year]
		if g.Spine != "NJC" || !known {
			continue
		}
		for _, n := range []int{g.From, g.To} {
			if n > 0 {
				_, held := points[n]
				c.expect(held, where, "names point %d, which the award of %s does not have", n, g.Year)
			}
		}
	}
	return nil
}

// yearDays are the working days of a year, 365/7 weeks of five.
const yearDays = 365.0 / 7 * 5

// shares holds the term-time shares against the model rule: days worked over
// the days of a year without leave. It checks the printed grid, what adverts
// imply, and the comparison of employers at 39 weeks and 32.5 hours.
func (c *checker) shares() error {
	var file struct {
		Rule struct {
			Days map[int]float64 `yaml:"working_days_by_weeks"`
		} `yaml:"general_formula"`
		Grid    map[string]map[string]float64 `yaml:"multiplier_grid_computed"`
		Adverts []struct {
			Authority  string  `yaml:"authority"`
			FTE        float64 `yaml:"fte"`
			Actual     float64 `yaml:"actual"`
			Ratio      float64 `yaml:"ratio"`
			Hours      string  `yaml:"hours"`
			Multiplier float64 `yaml:"year_multiplier"`
			PaidWeeks  float64 `yaml:"implied_paid_weeks_of_52.143"`
		} `yaml:"advert_calibration"`
		Compared []struct {
			Authority  string  `yaml:"authority"`
			Hours      float64 `yaml:"fte_hours"`
			Multiplier float64 `yaml:"year_multiplier"`
			Part       float64 `yaml:"fraction_39w_32_5h"`
		} `yaml:"comparison_39_weeks_32_5_hours"`
	}
	if err := c.read("tto.yaml", &file); err != nil {
		return err
	}
	for _, weeks := range slices.Sorted(maps.Keys(file.Grid)) {
		days := file.Rule.Days[numberOf(weeks, "w")]
		if days == 0 {
			days = float64(5 * numberOf(weeks, "w"))
		}
		for _, leave := range slices.Sorted(maps.Keys(file.Grid[weeks])) {
			got, want := file.Grid[weeks][leave], days/(yearDays-float64(numberOf(leave, "d")))
			c.expect(math.Abs(got-want) < 0.00001, weeks+" "+leave, "is %.5f, but %.0f days over %.3f less leave make %.5f", got, days, yearDays, want)
		}
	}
	for _, a := range file.Adverts {
		c.expect(math.Abs(a.Actual/a.FTE-a.Ratio) < 0.00002, a.Authority, "has the ratio %.5f, but £%.2f of £%.0f is %.5f", a.Ratio, a.Actual, a.FTE, a.Actual/a.FTE)
		hours, full, found := strings.Cut(a.Hours, "/")
		h, errH := strconv.ParseFloat(hours, 64)
		f, errF := strconv.ParseFloat(full, 64)
		if !found || errH != nil || errF != nil {
			continue
		}
		// The ratio is printed to five places, so what follows from it is less sure.
		c.expect(math.Abs(a.Ratio*f/h-a.Multiplier) < 0.0001, a.Authority, "pays %.5f of the year, but %s hours make it %.5f", a.Multiplier, a.Hours, a.Ratio*f/h)
		c.expect(math.Abs(a.Multiplier*weeksInYear-a.PaidWeeks) < 0.01, a.Authority, "pays %.2f weeks, but its share makes %.2f", a.PaidWeeks, a.Multiplier*weeksInYear)
	}
	for _, e := range file.Compared {
		want := e.Multiplier * 32.5 / e.Hours
		c.expect(math.Abs(e.Part-want) < 0.00002, e.Authority, "is %.5f of full time, but 32.5 of %.0f hours make %.5f", e.Part, e.Hours, want)
	}
	return nil
}

// numberOf is the number before a letter, as in "39w"; 0 when there is none.
func numberOf(s, letter string) int {
	n, err := strconv.Atoi(strings.TrimSuffix(s, letter))
	if err != nil {
		return 0
	}
	return n
}

// wages holds the minimum wage against its order: it never falls.
func (c *checker) wages() error {
	var file struct {
		Rates []struct {
			From     string   `yaml:"from"`
			Hourly   *float64 `yaml:"hourly"`
			Verified string   `yaml:"verified"`
			Sources  []string `yaml:"sources"`
		} `yaml:"rates"`
	}
	if err := c.read("nlw.yaml", &file); err != nil {
		return err
	}
	from, hourly := "", 0.0
	for _, r := range file.Rates {
		c.expect(r.From > from, r.From, "stands after %s", from)
		from = r.From
		if r.Hourly == nil {
			continue
		}
		c.expect(*r.Hourly > hourly, r.From, "is £%.2f, not more than £%.2f before", *r.Hourly, hourly)
		c.expect(len(r.Sources) > 0 || r.Verified == "no", r.From, "is verified %q but names no source", r.Verified)
		hourly = *r.Hourly
	}
	return nil
}
