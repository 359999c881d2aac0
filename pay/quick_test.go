package pay

import (
	"strings"
	"testing"
	"time"
)

// TestReadIsQuick holds the reader to a bound on texts made to be slow. The
// bound is a hundred times what they take, so that only a change of order fails.
func TestReadIsQuick(t *testing.T) {
	if testing.Short() {
		t.Skip("reads a megabyte")
	}
	tables := load(t)
	for _, unit := range []string{
		"£25,583 - ", "£1", "(", "£12.50 (", "pro rata ", "full time equivalent ", "39 weeks ", "1/1/26 until ",
		"Scale 3 - ", "point 5 to ", "\xa3", "\xff", "9", "9,999,", "term time plus ", "actual ", "hours 30 ", "including ",
		"up to £5 allowance ", "januarymay 2026 ", ". a. b", "- ", "&amp;", "¼½", "e\u0301",
	} {
		long := strings.Repeat(unit, 30_000/len(unit))
		began := time.Now()
		tables.Read(Input{PayText: long, HoursText: long, ContractText: long, DatesText: long, Published: long, Employer: long})
		if took := time.Since(began); took > 3*time.Second {
			t.Errorf("%q repeated took %v", unit, took)
		}
	}
}
