package ingest

import (
	"math"
	"time"

	"github.com/sendwatch/sendwatch/store"
)

// When a field counts as lost. Of the newest adverts with new words, as many crawls
// back as it takes and no further than a month, at most two thirds of the usual share
// carry it, and that so few do is chance once in a million, judged by what the
// adverts before them carried (a beta-binomial distribution, in which few adverts
// before make a doubtful rate, and a doubtful rate asks for more adverts now). By
// share alone, three adverts of a school would cry wolf; by chance alone, a large
// board whose advertisers change a little.
//
// After a hundred adverts of which 98 carried it, five without it are enough, after 80
// of a hundred ten, after 50 of them 23; after ten that all carried it, twelve. A
// field that fewer than half carry is nobody's loss.
const (
	lostLeast  = 5
	lostUsual  = 0.5
	lostChance = 1e-6
	lostShare  = 2.0 / 3
	lostWithin = 30 * 24 * time.Hour
	// lostPast is how many adverts the past counts as at most: it was never the same
	// for longer.
	lostPast = 100
	// lostAccepted is when a loss is taken for the way the source now is: by then the
	// operator was told of it four times.
	lostAccepted = 28 * 24 * time.Hour
)

// perMille is the unit of a lost field's usual rate.
const perMille = 1000

// carrying counts adverts, and those of them that carry a field.
type carrying struct{ adverts, with int }

func (c *carrying) add(crawl *store.Crawl, field string) {
	c.adverts += crawl.Counted
	c.with += crawl.Fields[field]
}

func (c carrying) rate() float64 { return float64(c.with) / float64(c.adverts) }

// lost reports a field that adverts of the source usually have and now do not.
func (d *docket) lost(field string) *store.Alarm {
	a, on := d.last(AlarmLost + field)
	if on {
		return d.stillLost(a, field)
	}
	var all carrying
	for i := range d.Crawls {
		// What an earlier alarm was about is no measure: the loss was mended, or is
		// how the source now is.
		if d.Crawls[i].EndedAt.After(a.Since) {
			all.add(&d.Crawls[i], field)
		}
	}
	var now carrying
	most := 0 // as many adverts as there can be; one that changes daily is still one
	for i := range d.Crawls {
		c := &d.Crawls[i]
		if !c.EndedAt.After(a.Since) || d.now.Sub(c.EndedAt) > lostWithin {
			break
		}
		if i == 0 {
			most = c.Listed
		}
		most += c.New
		if c.Counted == 0 {
			continue
		}
		now.add(c, field)
		before := carrying{all.adverts - now.adverts, all.with - now.with}
		if usual, gone := fallen(before, now, most); gone {
			return lostAlarm(field, now, int(usual*perMille))
		}
	}
	return nil
}

// fallen reports whether so few carry a field now that it must be lost, and at what
// rate it was usual. At most so many of the adverts are different ones.
func fallen(before, now carrying, most int) (usual float64, gone bool) {
	if before.adverts == 0 {
		return 0, false
	}
	usual = before.rate()
	n := min(now.adverts, most)
	if n < lostLeast || usual < lostUsual || now.rate() > lostShare*usual {
		return usual, false
	}
	past := float64(min(before.adverts, lostPast))
	return usual, atMost(int(math.Ceil(now.rate()*float64(n))), n, past*usual+1, past*(1-usual)+1) < lostChance
}

// atMost is the chance that at most k of n carry what a of a+b did before, each
// count raised by one: the beta-binomial distribution.
func atMost(k, n int, a, b float64) (sum float64) {
	logBeta := func(x, y float64) float64 {
		lx, _ := math.Lgamma(x)
		ly, _ := math.Lgamma(y)
		lxy, _ := math.Lgamma(x + y)
		return lx + ly - lxy
	}
	logChoose, past := 0.0, logBeta(a, b) // of n over i
	for i := 0; i <= k; i++ {
		if i > 0 {
			logChoose += math.Log(float64(n-i+1)) - math.Log(float64(i))
		}
		sum += math.Exp(logChoose + logBeta(a+float64(i), b+float64(n-i)) - past)
	}
	return sum
}

// lostAlarm says that so few carry a field now, of which usually so many in a
// thousand do.
func lostAlarm(field string, now carrying, usual int) *store.Alarm {
	return alarm(AlarmLost+field, usual, "of the newest %d adverts %d have %s; usually %.0f in 100 do",
		now.adverts, now.with, fieldWords[field], 100*float64(usual)/perMille)
}

// stillLost reports a field that was lost until the newest adverts have it again.
func (d *docket) stillLost(a store.Alarm, field string) *store.Alarm {
	if d.now.Sub(a.Since) > lostAccepted {
		return nil
	}
	var now carrying
	enough := lostLeast
	for i := range d.Crawls {
		c := &d.Crawls[i]
		if !c.EndedAt.After(a.Since) {
			break
		}
		if i == 0 {
			enough = min(enough, max(1, c.Listed)) // a small source has no more to show
		}
		if now.add(c, field); now.adverts >= enough {
			break
		}
	}
	usual := float64(a.Usual) / perMille
	if now.adverts >= enough && now.rate() > lostShare*usual {
		return nil
	}
	if now.adverts == 0 {
		return &a
	}
	return lostAlarm(field, now, a.Usual)
}
