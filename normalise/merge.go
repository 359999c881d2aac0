package normalise

import "github.com/sendwatch/sendwatch"

// Rank says how near a posting's publisher is to the employer; lower is better.
type Rank int

// The ranks, best first.
const (
	OwnSite         Rank = iota + 1 // the employer's own site
	NationalService                 // the national vacancy service
	Board                           // a job board
	Agency                          // a recruitment agency
)

// Part is one posting's reading and the rank of who published it.
type Part struct {
	Rank    Rank
	Reading sendwatch.Reading
}

// Merge makes one reading of several of the same vacancy.
func Merge(parts []Part) sendwatch.Reading {
	if len(parts) == 0 {
		return sendwatch.Reading{}
	}
	return parts[0].Reading
}
