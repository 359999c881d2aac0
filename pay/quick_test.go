package pay

import (
	"strings"
	"testing"
	"time"
)

// TestReadIsQuick holds the reader to a bound on texts made to be slow. They take
// a fifth of a second on an idle machine, and would take minutes if any reader
// went over its text once for each thing it finds.
func TestReadIsQuick(t *testing.T) {
	if testing.Short() {
		t.Skip("reads long texts")
	}
	tables := load(t)
	for _, unit := range []string{
		"£25,583 - ", "£12.50 (", "pro rata ", "39 weeks ", "1/1/26 until ", "point 5 to ", "9,999,", "januarymay 2026 ", "\xff¼",
	} {
		long := strings.Repeat(unit, maxRunes/len(unit))
		began := time.Now()
		tables.Read(Input{PayText: long, HoursText: long, DatesText: long})
		if took := time.Since(began); took > 20*time.Second {
			t.Errorf("%q repeated took %v", unit, took)
		}
	}
}
