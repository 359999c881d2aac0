package pay

import (
	"fmt"
	"math"
	"os"
	"testing"

	"github.com/goccy/go-yaml"
)

// TestPrintedHourlyRates holds the hourly formula against every hourly rate that
// stands in the spine's file.
func TestPrintedHourlyRates(t *testing.T) {
	b, err := os.ReadFile("../configs/payscales/njc.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Years map[string]struct {
			Points map[int]struct {
				Annual float64  `yaml:"annual"`
				Hourly *float64 `yaml:"hourly"`
			} `yaml:"points"`
		} `yaml:"years"`
	}
	if err := yaml.Unmarshal(b, &file); err != nil {
		t.Fatal(err)
	}
	tables, checked := load(t), 0
	for year, y := range file.Years {
		for point, p := range y.Points {
			if p.Hourly == nil {
				continue
			}
			checked++
			o := tables.Read(Input{PayText: fmt.Sprintf("£%.0f FTE", p.Annual), Published: year[:4] + "-06", EmployerKind: "school"})
			if h := o.Comparable.Hourly; h == nil || math.Abs(*h.Min-*p.Hourly) > 0.001 {
				t.Errorf("%s point %d: £%.0f gives %v, want %v an hour", year, point, p.Annual, h, *p.Hourly)
			}
		}
	}
	if checked < 300 {
		t.Errorf("only %d printed hourly rates were found", checked)
	}
}

// TestEdinburgh holds the calculation against sums that an employer prints: 36
// hours, 45.6 paid weeks of 52.18.
func TestEdinburgh(t *testing.T) {
	tables := load(t)
	for _, tc := range []struct {
		full, hours string
		want        float64
	}{
		{"24,909", "27.5", 16628},
		{"25,116", "27.5", 16766},
		{"25,322", "31", 19055},
	} {
		o := tables.Read(Input{
			PayText:      "£" + tc.full + " pro rata",
			HoursText:    tc.hours + " hours per week, 39 weeks, paid 45.6 weeks of 52.18; full-time week is 36 hours",
			Nation:       "scotland",
			EmployerKind: "council",
			Published:    "2024-10",
		})
		a := o.Comparable.ActualAnnual
		if a == nil || math.Abs(*a.Min-tc.want) > 1 || *a.Min != *a.Max || a.How != derived {
			t.Errorf("£%s at %s hours: got %v, want £%.0f derived", tc.full, tc.hours, a, tc.want)
		}
		if o.Award != nil {
			t.Errorf("£%s: got the award %s for a scale that is not in the tables", tc.full, *o.Award)
		}
	}
}

// TestSharesOfEmployers holds the default band against the shares that employers
// print for 39 weeks: it must hold those with 33 to 37 days of leave.
func TestSharesOfEmployers(t *testing.T) {
	for _, days := range []float64{33, 34, 35, 36, 37} {
		share := 195 / (365.0/7*5 - days)
		if share < shareLow || share > shareHigh {
			t.Errorf("%v days of leave: %.4f is outside %v to %v", days, share, shareLow, shareHigh)
		}
	}
}
