package pay

import (
	"encoding/json"
	"fmt"
	"math"
	"sort"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestPointsFindTheirAward writes the salaries of two points of an award and
// expects the award, the points and the salaries back.
func TestPointsFindTheirAward(t *testing.T) {
	tables := load(t)
	rapid.Check(t, func(r *rapid.T) {
		a := rapid.SampledFrom(tables.awards).Draw(r, "award")
		var numbers []int
		for n := range a.points {
			numbers = append(numbers, n)
		}
		sort.Ints(numbers)
		i := rapid.IntRange(0, len(numbers)-2).Draw(r, "from")
		j := rapid.IntRange(i+1, min(i+5, len(numbers)-1)).Draw(r, "to")
		from, to := numbers[i], numbers[j]
		form := rapid.SampledFrom([]string{
			"SCP %[1]d - %[2]d, £%[3]s - £%[4]s pro rata",
			"Points %[1]d to %[2]d (£%[3]s to £%[4]s FTE)",
			"Full time equivalent £%[3]s - %[4]s. Spinal points %[1]d-%[2]d",
		}).Draw(r, "form")
		text := fmt.Sprintf(form, from, to, thousands(fmt.Sprint(a.points[from])), thousands(fmt.Sprint(a.points[to])))
		o := tables.Read(Input{PayText: text, Published: a.name[:4] + "-10", EmployerKind: "school"})
		if o.Award == nil || *o.Award != a.name {
			r.Fatalf("%q: got the award %v, want %s", text, o.Award, a.name)
		}
		if o.SCP == nil || *o.SCP != [2]int{from, to} {
			r.Fatalf("%q: got points %v, want %d to %d", text, o.SCP, from, to)
		}
		f := o.Comparable.FullTimeAnnual
		if f == nil || f.How != stated || *f.Min != a.points[from] || *f.Max != a.points[to] {
			r.Fatalf("%q: got full time %v", text, f)
		}
		for _, flag := range o.Flags {
			if flag == flagPoints || flag == flagRange {
				r.Fatalf("%q: flagged %s", text, flag)
			}
		}
	})
}

// TestActualThereAndBack derives an actual salary from a full-time one and the
// full-time one from it again; the first must lie within the second.
func TestActualThereAndBack(t *testing.T) {
	tables := load(t)
	rapid.Check(t, func(r *rapid.T) {
		full := float64(rapid.IntRange(22_000, 60_000).Draw(r, "full"))
		hours := float64(rapid.IntRange(20, 148).Draw(r, "quarters")) / 4
		weeks := rapid.IntRange(36, 44).Draw(r, "weeks")
		hoursText := fmt.Sprintf("%v hours per week, %d weeks", hours, weeks)
		there := tables.Read(Input{PayText: fmt.Sprintf("£%.0f FTE", full), HoursText: hoursText, EmployerKind: "school"})
		a := there.Comparable.ActualAnnual
		if a == nil || a.How != assumed || *a.Min > *a.Max || *a.Max > full {
			r.Fatalf("£%.0f, %s: got actual %v", full, hoursText, a)
		}
		middle := (*a.Min + *a.Max) / 2
		back := tables.Read(Input{PayText: fmt.Sprintf("Actual salary £%.2f", middle), HoursText: hoursText, EmployerKind: "school"})
		f := back.Comparable.FullTimeAnnual
		if middle < 1000 {
			return
		}
		if f == nil || *f.Min > full+1 || *f.Max < full-1 {
			r.Fatalf("£%.0f, %s: actual £%.2f gives %v", full, hoursText, middle, f)
		}
	})
}

// TestAgencyRatesStayRates says that no hours and no weeks make a year's pay of
// an agency's rate.
func TestAgencyRatesStayRates(t *testing.T) {
	tables := load(t)
	rapid.Check(t, func(r *rapid.T) {
		rate := rapid.IntRange(60, 180).Draw(r, "rate")
		unit := rapid.SampledFrom([]string{"per day", "a day", "daily", "per week", "pd"}).Draw(r, "unit")
		hours := rapid.SampledFrom([]string{"", "32.5 hours per week, 39 weeks", "6 hours a day, all year round", "full time"}).Draw(r, "hours")
		o := tables.Read(Input{PayText: fmt.Sprintf("£%d %s", rate, unit), HoursText: hours, EmployerKind: "agency"})
		if o.Comparable.FullTimeAnnual != nil || o.Comparable.ActualAnnual != nil {
			r.Fatalf("£%d %s, %s: got %v and %v a year", rate, unit, hours, o.Comparable.FullTimeAnnual, o.Comparable.ActualAnnual)
		}
	})
}

// checkOffer holds any offer to what every reader of it relies on.
func checkOffer(o Offer) error {
	if o.Quoted == nil || o.Allowances == nil || o.Working == nil || o.Flags == nil {
		return fmt.Errorf("a list is nil")
	}
	if _, err := json.Marshal(o); err != nil {
		return err
	}
	for _, q := range o.Quoted {
		if _, known := unitSize[q.Unit]; !known || q.Min == nil && q.Max == nil || q.Basis == "" || q.Note == "" {
			return fmt.Errorf("unfinished quote %+v", q)
		}
	}
	for _, f := range []*Figure{o.Comparable.FullTimeAnnual, o.Comparable.ActualAnnual, o.Comparable.Monthly, o.Comparable.Hourly, o.Comparable.Daily} {
		switch {
		case f == nil:
		case f.Min == nil && f.Max == nil:
			return fmt.Errorf("a figure without ends")
		case f.How != stated && f.How != derived && f.How != assumed:
			return fmt.Errorf("a figure reached by %q", f.How)
		case f.Min != nil && f.Max != nil && *f.Min > *f.Max, f.Min != nil && (math.IsNaN(*f.Min) || *f.Min < 0):
			return fmt.Errorf("a figure from %v to %v", *f.Min, *f.Max)
		}
	}
	for _, d := range []*string{o.Start, o.End, o.Closes} {
		if d == nil || *d == "asap" {
			continue
		}
		if _, err := time.Parse("2006-01-02", *d+"-01"[:3*((10-len(*d))/3)]); err != nil {
			return fmt.Errorf("a date %q", *d)
		}
	}
	if s := o.SCP; s != nil && (s[0] > s[1] || s[0] < 1) {
		return fmt.Errorf("points %v", *s)
	}
	return nil
}
