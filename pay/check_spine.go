package pay

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
)

// spineFile is njc.yaml, as it is checked.
type spineFile struct {
	Hours     float64              `yaml:"full_time_hours_per_week"`
	Statuses  map[string]string    `yaml:"status_values"`
	Sources   map[string]string    `yaml:"sources"`
	Deletions map[string]string    `yaml:"point_deletions"`
	Years     map[string]spineYear `yaml:"years"`
}

type spineYear struct {
	From   string             `yaml:"effective_from"`
	Rise   *rise              `yaml:"rise"`
	Points map[int]spinePoint `yaml:"points"`
}

type spinePoint struct {
	Annual   float64  `yaml:"annual"`
	Hourly   *float64 `yaml:"hourly"`
	Status   string   `yaml:"status"`
	Evidence []string `yaml:"evidence"`
}

// rise is what an award adds to the one before it.
type rise struct {
	Percent float64 `yaml:"percent"`
	Pounds  float64 `yaml:"pounds"`
	// Points have rises of their own.
	Points map[int]rise `yaml:"points"`
}

// of is the salary that becomes of one of the award before, for one point.
func (r rise) of(point int, before float64) float64 {
	if own, ok := r.Points[point]; ok {
		r = own
	}
	return math.Floor(before*(1+r.Percent/100) + r.Pounds + 0.5)
}

// roundingPounds is by how much employers' roundings of one award differ.
const roundingPounds = 1

func (c *checker) spine() error {
	var file spineFile
	if err := c.read("njc.yaml", &file); err != nil {
		return err
	}
	before := ""
	for _, year := range slices.Sorted(maps.Keys(file.Years)) {
		y := file.Years[year]
		c.points[year] = y.Points
		c.expect(y.From == year[:4]+"-04-01", year, "begins on %s, but awards begin on 1 April", y.From)
		last := 0
		for _, n := range slices.Sorted(maps.Keys(y.Points)) {
			p, where := y.Points[n], fmt.Sprintf("%s point %d", year, n)
			c.figure(file, p, where)
			if gone := file.Deletions[fmt.Sprintf("SCP%d", n)]; gone != "" {
				c.expect(y.From < gone, where, "was deleted on %s", gone)
			}
			if last > 0 {
				c.expect(n == last+1, where, "follows point %d", last)
				c.expect(p.Annual > y.Points[last].Annual, where, "is £%.0f, not more than point %d", p.Annual, last)
			}
			last = n
		}
		if before != "" {
			c.risen(year, y, file.Years[before])
		}
		before = year
	}
	return nil
}

// figure holds one point against its hourly rate, status and sources.
func (c *checker) figure(file spineFile, p spinePoint, where string) {
	_, known := file.Statuses[p.Status]
	c.expect(known, where, "has the status %q, which the file does not explain", p.Status)
	for _, id := range p.Evidence {
		_, known := file.Sources[id]
		// An address, or an advert in words, names itself.
		c.expect(known || strings.Contains(id, ":"), where, "names the source %q, which the file does not list", id)
	}
	if p.Hourly != nil {
		want := math.Floor(p.Annual/weeksInYear/file.Hours*100+0.5) / 100
		c.expect(math.Abs(*p.Hourly-want) < 0.001, where, "prints £%.2f an hour, but £%.0f makes £%.2f", *p.Hourly, p.Annual, want)
	}
}

// risen holds an award against the one before it.
func (c *checker) risen(year string, y, before spineYear) {
	c.expect(y.Rise != nil, year, `has no "rise" to be checked by`)
	if y.Rise == nil {
		return
	}
	for _, n := range slices.Sorted(maps.Keys(y.Points)) {
		old, held := before.Points[n]
		if !held {
			continue
		}
		want := y.Rise.of(n, old.Annual)
		c.expect(math.Abs(want-y.Points[n].Annual) <= roundingPounds, fmt.Sprintf("%s point %d", year, n),
			"is £%.0f, but the award makes £%.0f of £%.0f", y.Points[n].Annual, want, old.Annual)
	}
}

// london holds what was seen in adverts against its order: more points, more pay.
func (c *checker) london() error {
	type seen struct {
		Area   string  `yaml:"area"`
		Point  any     `yaml:"scp"`
		Annual float64 `yaml:"annual_fte"`
		Award  string  `yaml:"award_year_inferred"`
		Source string  `yaml:"source"`
	}
	var file struct {
		Observations []seen `yaml:"observations"`
	}
	if err := c.read("glpc.yaml", &file); err != nil {
		return err
	}
	for i, o := range file.Observations {
		where := fmt.Sprintf("observation %d", i+1)
		c.expect(o.Area == "inner" || o.Area == "outer" || o.Area == "fringe", where, "is of the area %q, not inner, outer or fringe", o.Area)
		c.expect(o.Source != "", where, "names no source")
		point := wholeNumber(o.Point)
		for _, other := range file.Observations[:i] {
			below := wholeNumber(other.Point)
			if point == 0 || below == 0 || other.Area != o.Area || other.Award != o.Award {
				continue
			}
			c.expect(cmp.Compare(below, point) == cmp.Compare(other.Annual, o.Annual), where,
				"is point %d at £%.0f, but point %d is £%.0f in the same award", point, o.Annual, below, other.Annual)
		}
	}
	return nil
}
