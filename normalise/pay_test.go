package normalise_test

import (
	"testing"

	"github.com/sendwatch/sendwatch"
)

// TestPayOfTheBody reads salaries that stand only in the text.
func TestPayOfTheBody(t *testing.T) {
	n := normaliser(t)
	for _, tc := range []struct {
		name, body string
		lo, hi     []float64 // of each amount that is read
	}{
		{"among the offers", "<p>We support pupils.</p><h3>What's in it for you</h3><ul><li>Competitive salary of £25,390 - £26,056 per annum</li><li>Annual bonus</li><li>Gym at £20 a month</li></ul>", []float64{25390}, []float64{26056}},
		{"two lines of an offer", "<h3>We offer</h3><ul><li>£19,899 - £20,475 actual salary</li><li>£25,597 - £26,413 full-time equivalent salary</li><li>Parking</li><li>£50 a week for lunches</li></ul>", []float64{19899, 25597}, []float64{20475, 26413}},
		{"before the offers", "<p>The salary is £13.69 per hour.</p><h3>We offer</h3><ul><li>Overtime at £15 per hour</li></ul>", []float64{13.69}, []float64{13.69}},
		{"nowhere", "<h3>We offer</h3><ul><li>£300 for each friend you refer</li></ul>", nil, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r := n.Read(&sendwatch.Posting{Title: "SEN Teaching Assistant", Employer: "Elm School", EmployerKind: sendwatch.EmployerSchool, BodyHTML: tc.body})
			if len(r.Pay.Quoted) != len(tc.lo) {
				t.Fatalf("got %d amounts, want %d: %+v", len(r.Pay.Quoted), len(tc.lo), r.Pay.Quoted)
			}
			for i, q := range r.Pay.Quoted {
				if q.Min == nil || q.Max == nil || *q.Min != tc.lo[i] || *q.Max != tc.hi[i] {
					t.Errorf("amount %d is %+v, want %v to %v", i, q, tc.lo[i], tc.hi[i])
				}
			}
		})
	}
}
