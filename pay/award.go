package pay

import "math"

// fitsWithin is how far an amount may be from its point, in pounds: employers
// round differently.
const fitsWithin = 2

// spine is the set of awards that an advert's amounts are held against.
type spine struct {
	awards []award
	// inForce is the index of the award in use when the advert was published, -1
	// when there is none: the latest agreed one that had begun.
	inForce int
	// year is the index of the award year of publication, agreed or not.
	year int
	// dated says that the date of publication is known.
	dated bool
}

// spineAt finds the awards in question on a day; an empty day means that it is
// not known, and then every award is a candidate.
func spineAt(awards []award, published string) spine {
	s := spine{awards: awards, inForce: -1, year: -1, dated: published != ""}
	for i, a := range awards {
		if published != "" && a.from > published {
			break
		}
		s.year = i
		if a.agreed {
			s.inForce = i
		}
	}
	return s
}

// candidates are the award year of publication and the one before.
func (s spine) candidates() (from, to int) {
	if !s.dated {
		return 0, len(s.awards) - 1
	}
	return max(0, s.year-1), s.year
}

// choose finds the award that the amounts belong to, -1 when none of them is a
// salary of any candidate. The award with most fits wins; a tie goes to the one
// with most exact fits, then to the one that fits the stated points, then to the
// one in force.
func (s spine) choose(amounts []float64, points *[2]int) int {
	best, bestScore := -1, [4]int{}
	from, to := s.candidates()
	for i := from; i <= to && i >= 0; i++ {
		score := s.awards[i].score(amounts, points)
		if i == s.inForce {
			score[3] = 1
		}
		if score[0] > 0 && (best < 0 || less(bestScore, score)) {
			best, bestScore = i, score
		}
	}
	return best
}

func less(a, b [4]int) bool {
	for i := range a {
		if a[i] != b[i] {
			return a[i] < b[i]
		}
	}
	return false
}

// score counts the amounts that fit, that fit to the pound, and that fit the
// stated points.
func (a award) score(amounts []float64, points *[2]int) (score [4]int) {
	for _, v := range amounts {
		near, exact := false, false
		for _, p := range a.amounts {
			near = near || math.Abs(p-v) <= fitsWithin
			exact = exact || math.Abs(p-v) < 0.5
		}
		if near {
			score[0]++
		}
		if exact {
			score[1]++
		}
		if points == nil {
			continue
		}
		for _, n := range points {
			if p, known := a.points[n]; known && math.Abs(p-v) <= fitsWithin {
				score[2]++
				break
			}
		}
	}
	return score
}

// fits says whether an amount is a salary of any candidate award.
func (s spine) fits(v float64) bool { return s.choose([]float64{v}, nil) >= 0 }

// pending says whether rates of the award are used after a later award year,
// not yet agreed, has begun.
func (s spine) pending(i int) bool {
	return s.dated && i >= 0 && i < s.year && i == s.inForce && !s.awards[s.year].agreed
}

// londonSpine makes awards of what was observed in one part of London.
func (t *Tables) londonSpine(area string) []award {
	out := make([]award, 0, len(t.awards))
	for _, a := range t.awards {
		l := award{name: a.name, from: a.from, agreed: a.agreed, points: map[int]float64{}}
		for _, o := range t.london {
			if o.award != a.name || o.area != area {
				continue
			}
			l.amounts = append(l.amounts, o.annual)
			if o.point > 0 {
				l.points[o.point] = o.annual
			}
		}
		out = append(out, l)
	}
	return out
}

// wageAt is the minimum hourly rate on a day; 0 when it is not known.
func (t *Tables) wageAt(published string) float64 {
	rate := 0.0
	for _, w := range t.wages {
		if published != "" && w.from <= published {
			rate = w.hourly
		}
	}
	return rate
}
