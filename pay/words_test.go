package pay

import "testing"

func f(min, max float64, how string) *Figure { return &Figure{Min: &min, Max: &max, How: how} }

func TestSay(t *testing.T) {
	grade := "Grade C"
	from := 95.0
	for _, tc := range []struct {
		name           string
		offer          Offer
		headline, also string
	}{
		{"actual first", Offer{Comparable: Comparable{ActualAnnual: f(16200, 16844, "assumed"), Hourly: f(13.26, 13.47, "derived"), FullTimeAnnual: f(25583, 25989, "derived")}},
			"£16,200 to £16,844 a year, actually paid (an estimate)", "£13.26 to £13.47 an hour; £25,583 to £25,989 full-time equivalent"},
		{"day rate", Offer{Comparable: Comparable{Daily: &Figure{Min: &from, How: "stated"}, Hourly: f(13.57, 15.83, "assumed")}},
			"from £95 a day (as stated)", "£13.57 to £15.83 an hour"},
		{"pence on both ends", Offer{Comparable: Comparable{Hourly: f(13.57, 20, "stated")}}, "£13.57 to £20.00 an hour (as stated)", ""},
		{"full-time only", Offer{Comparable: Comparable{FullTimeAnnual: f(25583, 25583, "stated"), Hourly: f(13.26, 13.26, "derived")}},
			"Not enough to say what is actually paid", "£13.26 an hour; £25,583 full-time equivalent"},
		{"grade only", Offer{Grade: &grade}, "Advertised as Grade C, without an amount", ""},
		{"nothing", Offer{}, "Pay not stated", ""},
	} {
		got := tc.offer.Say()
		if got.Headline != tc.headline || got.Also != tc.also {
			t.Errorf("%s: got %q, %q; want %q, %q", tc.name, got.Headline, got.Also, tc.headline, tc.also)
		}
	}
}
