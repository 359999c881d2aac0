package meili

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func isLetters(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r < 'a' || r > 'z' })
}

func TestToken(t *testing.T) {
	for term, want := range map[string]string{
		"assist": "zqassist", "zebra": "zqzzebra", "#ta": "zqzcdta", "1:1": "zqzdbzdkzdb", "small group": "zqsmallzcagroup", "": "zq",
	} {
		if got := token(term); got != want {
			t.Errorf("token(%q) is %q, want %q", term, got, want)
		}
	}
}

// anyTerm draws terms that are easily mistaken for each other.
func anyTerm() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.StringOfN(rapid.RuneFrom([]rune("aqzr #é1")), 0, 6, -1),
		rapid.String(),
		rapid.Custom(func(t *rapid.T) string {
			return strings.Repeat("z", rapid.IntRange(100, 140).Draw(t, "long")) + rapid.StringN(0, 2, -1).Draw(t, "end")
		}),
	)
}

// TestTokensStayApart holds that no two terms share a token, and that the server,
// which glues up to three neighbours together, makes no token out of others.
func TestTokensStayApart(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		terms := rapid.SliceOfNDistinct(anyTerm(), 2, 4, rapid.ID[string]).Draw(t, "terms")
		whole := token(terms[0])
		if !isLetters(whole) || len(whole) > maxToken {
			t.Fatalf("token(%q) is %q", terms[0], whole)
		}
		glued := ""
		for i, term := range terms[1:] {
			part := token(term)
			if part == whole {
				t.Fatalf("%q and %q share the token %q", terms[0], term, whole)
			}
			if glued += part; i > 0 && glued == whole {
				t.Fatalf("the tokens of %q make that of %q", terms[1:i+2], terms[0])
			}
			for from := range whole {
				if rest := whole[from:]; from > 0 && isToken(whole[:from]) && isToken(rest) {
					t.Fatalf("the token %q falls into %q and %q", whole, whole[:from], rest)
				}
			}
		}
	})
}

// isToken reads a token as its grammar has it.
func isToken(s string) bool {
	if digest, ok := strings.CutPrefix(s, longMark); ok {
		return len(digest) == 64
	}
	body, ok := strings.CutPrefix(s, tokenMark)
	for ok && body != "" {
		switch {
		case body[0] != 'z':
			body = body[1:]
		case strings.HasPrefix(body, "zz"):
			body = body[2:]
		case len(body) >= 3 && strings.IndexByte(nibbles, body[1]) >= 0 && strings.IndexByte(nibbles, body[2]) >= 0:
			body = body[3:]
		default:
			return false
		}
	}
	return ok
}

func FuzzToken(f *testing.F) {
	for _, s := range []string{"", "assist", "zq", "#ta", "small group", "naïve", "\x00\xff", strings.Repeat("é", 90)} {
		f.Add(s, "zq"+s)
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		x, y := token(a), token(b)
		if (x == y) != (a == b) {
			t.Errorf("%q and %q have the tokens %q and %q", a, b, x, y)
		}
		if !isToken(x) || isToken(x+y) {
			t.Errorf("%q: %v, glued to %q: %v", x, isToken(x), y, isToken(x+y))
		}
	})
}

func TestValue(t *testing.T) {
	for s, want := range map[string]string{
		"semh-ta": "semh-ta", "16_plus": "16_plus", "SEMH": "=53454d48", "a b": "=612062", "-a": "=2d61", "=61": "=3d3631", "é": "=c3a9",
	} {
		got := value(s)
		back, ok := original(got)
		if got != want || !ok || back != s {
			t.Errorf("value(%q) is %q and reads %q, want %q", s, got, back, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "value")
		written := value(s)
		if strings.ToLower(written) != written || len(written) > 2*maxValue+1 || strings.ContainsAny(written, "\"\\ ") {
			t.Fatalf("value(%q) is %q", s, written)
		}
		if back, ok := original(written); ok && back != s || !ok && len(s) <= maxValue {
			t.Fatalf("value(%q) reads %q", s, back)
		}
	})
}

func TestDigits(t *testing.T) {
	for _, test := range []struct {
		x          float64
		low, highs string
	}{
		{0, "0", "0"},
		{math.Copysign(0, -1), "0", "0"},
		{16000.01, "16000.01", "16000.01"},
		{13.33, "13.33", "13.33"},
		{13.329999999999998, "133299999999999e-13", "133300000000000e-13"},
		{-13.329999999999998, "-133300000000000e-13", "-133299999999999e-13"},
		{1e300, "1e300", "1e300"},
		{1 << 60, "115292150460684e4", "115292150460685e4"},
	} {
		if low, high := atMost(test.x), atLeast(test.x); low != test.low || high != test.highs {
			t.Errorf("%v is written %s and %s, want %s and %s", test.x, low, high, test.low, test.highs)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.Float64Range(-endless, endless).Draw(t, "x")
		low, err1 := strconv.ParseFloat(atMost(x), 64)
		high, err2 := strconv.ParseFloat(atLeast(x), 64)
		if err1 != nil || err2 != nil || low > x || high < x {
			t.Fatalf("%v is written %s and %s", x, atMost(x), atLeast(x))
		}
		// A bound that somebody can type, of few digits, is on the right side.
		bound, err := strconv.ParseFloat(strconv.FormatFloat(x, 'g', rapid.IntRange(1, exactDigits).Draw(t, "digits"), 64), 64)
		if err == nil && !math.IsInf(bound, 0) && ((x >= bound) != (low >= bound) || (x <= bound) != (high <= bound)) {
			t.Fatalf("%v is written %s and %s, which lie elsewhere beside %v", x, atMost(x), atLeast(x), bound)
		}
	})
}

func TestSortable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		numbers := rapid.SliceOfN(rapid.OneOf(rapid.Float64(), rapid.SampledFrom([]float64{0, math.Copysign(0, -1), 1, -1, math.MaxFloat64})), 2, 9).Draw(t, "numbers")
		slices.Sort(numbers)
		for i := 1; i < len(numbers); i++ {
			a, b := sortable(numbers[i-1]), sortable(numbers[i])
			if a > b || (a == b) != (numbers[i-1] == numbers[i]) || len(a) != 16 {
				t.Fatalf("%v is %s and %v is %s", numbers[i-1], a, numbers[i], b)
			}
		}
	})
}
