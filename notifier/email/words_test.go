package email

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	sendwatch "github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/pay"
)

func TestPayIsFolded(t *testing.T) {
	evil := strings.Repeat("x\r\n", 500)
	got := viewPay(pay.Offer{
		Grade: &evil, Working: []string{evil, evil, "a", "b", "c", "d"},
		Allowances: []pay.Allowance{{Kind: evil, Min: ptr(1.0)}},
		Flags:      []string{"award-pending", "award-pending", "assumed-weeks"},
	})
	for _, s := range append([]string{got.Headline, got.Also}, got.Working...) {
		if strings.ContainsAny(s, "\r\n") || utf8.RuneCountInString(s) > 221 {
			t.Errorf("%q is not a short line", s)
		}
	}
	if len(got.Working) != 4 || len(got.Cautions) != 1 {
		t.Errorf("got %d lines of working and %d cautions, want 4 and 1", len(got.Working), len(got.Cautions))
	}
}

func TestClosing(t *testing.T) {
	tests := []struct {
		at   time.Time
		want string
	}{
		{time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC), "Closes Wednesday 25 November 2026 at 12:00 (in 2 days)"},
		{time.Date(2026, 11, 23, 23, 59, 59, 0, time.UTC), "Closes Monday 23 November 2026 (today)"},
		{time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC), "Closes Tuesday 24 November 2026 at midnight (tomorrow)"},
		// 22:59 UTC in June is the end of the day in London.
		{time.Date(2027, 6, 4, 22, 59, 59, 0, time.UTC), "Closes Friday 4 June 2027 (in 193 days)"},
	}
	for _, tt := range tests {
		v := &sendwatch.Vacancy{Reading: sendwatch.Reading{ClosesAt: &tt.at}}
		if got := closes(v, now); got != tt.want {
			t.Errorf("closes %s: got %q, want %q", tt.at, got, tt.want)
		}
	}
	if got := closes(&sendwatch.Vacancy{}, now); got != "No closing date given" {
		t.Errorf("no date: got %q", got)
	}
}

func TestAsked(t *testing.T) {
	r := newRenderer(t, "")
	tests := []struct {
		name      string
		criteria  sendwatch.Criteria
		candidate *sendwatch.Candidate
		want      string
	}{
		{"everything", sendwatch.Criteria{}, nil, "Every SEMH and SEND support post"},
		{"profile", sendwatch.Criteria{}, &sendwatch.Candidate{}, "Posts that fit your profile"},
		{"much", sendwatch.Criteria{
			Words: "forest school", Roles: []string{"role-semh-ta"}, Settings: []string{"set-special", "pru"},
			Near: "RG41", WithinMiles: 10, MinActual: 18000, Refuses: []string{"agency", "personal-care"},
			Hours: sendwatch.Range{Min: ptr(20.0)}, StrongOnly: true,
		}, nil, "“forest school”, SEMH teaching assistant, special school or pru, within 10 miles of RG41, at least £18,000 a year actually paid, at least 20 hours a week, no agencies, no personal care, strong fits only"},
		{"closed vocabularies", sendwatch.Criteria{
			Support: []string{"one-to-one", "class"}, Entry: []string{"open"}, Driver: []string{"preferred"}, PaidBy: []string{"school", "trust"}, Kinds: []string{"vacancy"},
			Refuses: []string{"driving"},
		}, nil, "One to one or whole class, no experience needed, driver preferred, paid by the school or the trust, one post, no driving"},
		{"homes", sendwatch.Criteria{Homes: []sendwatch.Home{{Near: "Leeds"}, {Near: "BD1", WithinMiles: 3.25}}}, nil, "Near Leeds or within 3.3 miles of BD1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := r.Asked(tt.criteria, tt.candidate); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestLineIsOneLine(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := string(rapid.SliceOf(rapid.Byte()).Draw(t, "bytes")) + rapid.String().Draw(t, "text")
		limit := rapid.IntRange(1, 50).Draw(t, "limit")
		got := line(s, limit)
		if !utf8.ValidString(got) {
			t.Fatalf("line(%q) = %q is not UTF-8", s, got)
		}
		if n := utf8.RuneCountInString(got); n > limit+1 {
			t.Fatalf("line(%q, %d) has %d runes", s, limit, n)
		}
		if strings.ContainsAny(got, "\r\n\t\v\f\u0085\u2028\u2029\x00\u202e\u200b") {
			t.Fatalf("line(%q) = %q breaks", s, got)
		}
		if again := line(got, limit+1); again != got {
			t.Fatalf("line is not stable: %q then %q", got, again)
		}
	})
}

func FuzzWebAddress(f *testing.F) {
	for _, seed := range []string{"https://a.example/x?y=1#z", "http://a b/", "javascript:1", "https://a\r\nb/", "//a", "https://[::1]:80/", "HTTPS://A/%zz"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := webAddress(s)
		if got == "" {
			return
		}
		if !strings.HasPrefix(got, "http://") && !strings.HasPrefix(got, "https://") {
			t.Errorf("webAddress(%q) = %q", s, got)
		}
		if strings.ContainsAny(got, "\r\n\t <>\"\x00") {
			t.Errorf("webAddress(%q) = %q holds what may not stand in a header", s, got)
		}
	})
}
