package ingest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sendwatch/sendwatch/store"
)

// noon of Wednesday 11 November 2026, in term.
var term = time.Date(2026, 11, 11, 12, 0, 0, 0, time.UTC)

// invented is a source whose crawls a test invents, one after the other.
type invented struct {
	docket
	t *testing.T
}

func newInvented(t *testing.T, at time.Time) *invented {
	i := &invented{t: t}
	i.now, i.every, i.AddedAt = at, time.Hour, at
	return i
}

// crawl ends a crawl at this moment, and keeps the alarms that are on after it.
func (i *invented) crawl(e store.CrawlEnd) *invented {
	e.Healthy = e.Complete && e.Fault == ""
	c := store.Crawl{Crawl: int64(len(i.Crawls) + 1), EndedAt: i.now, CrawlEnd: e}
	i.Crawls = append([]store.Crawl{c}, i.Crawls...)
	i.Healthy, i.Fault, i.Listed, i.LastCrawl = e.Healthy, e.Fault, e.Listed, i.now
	if e.Healthy {
		i.LastHealthy, i.Usual = i.now, e.Listed
	}
	i.keep()
	return i
}

// keep judges, and does to the alarms what the store does.
func (i *invented) keep() {
	on := i.judge()
	for k := range i.Alarms {
		a := &i.Alarms[k]
		if a.On() && !slices.ContainsFunc(on, func(b store.Alarm) bool { return b.Kind == a.Kind }) {
			a.EndedAt = i.now
		}
	}
	for _, a := range on {
		a.Since, a.SeenAt = i.now, i.now
		k := slices.IndexFunc(i.Alarms, func(b store.Alarm) bool { return b.Kind == a.Kind })
		if k < 0 {
			i.Alarms = append(i.Alarms, a)
			continue
		}
		if i.Alarms[k].On() {
			a.Since = i.Alarms[k].Since
		}
		i.Alarms[k] = a
	}
}

func (i *invented) pass(d time.Duration) *invented {
	i.now = i.now.Add(d)
	i.keep()
	return i
}

// want compares the kinds that are on.
func (i *invented) want(when string, kinds ...string) *invented {
	i.t.Helper()
	var got []string
	for _, a := range i.judge() {
		got = append(got, a.Kind)
		if strings.Contains(a.Says, "%!") {
			i.t.Errorf("%s: it says %q", when, a.Says)
		}
	}
	if !slices.Equal(got, kinds) {
		i.t.Errorf("%s: %q are on, want %q", when, got, kinds)
	}
	return i
}

func healthy(listed, fresh int) store.CrawlEnd {
	return store.CrawlEnd{Complete: true, Listed: listed, New: fresh}
}

func TestStale(t *testing.T) {
	const hour, day = time.Hour, 24 * time.Hour
	broken := store.CrawlEnd{Fault: faultIncomplete}
	s := newInvented(t, term).pass(23*hour).want("added yesterday").pass(2*hour).want("never crawled for a day", AlarmStale)
	s.crawl(healthy(9, 9)).want("crawled").pass(23 * hour).crawl(broken).want("a night without").pass(2 * hour).crawl(broken)
	s.want("a day without", AlarmStale)
	if says := s.judge()[0].Says; says != "no healthy crawl for 25 hours: its last crawl did not reach the end" {
		t.Errorf("it says %q", says)
	}
	s.every = 0 // as at the end of a crawl
	s.want("at the end of the next bad crawl", AlarmStale).crawl(healthy(9, 0)).want("healthy again")

	s = newInvented(t, term).crawl(healthy(9, 9))
	s.every = 7 * day
	s.pass(20*day).want("a weekly source misses two").pass(2*day).want("a weekly source misses three", AlarmStale)
	s = newInvented(t, term).crawl(healthy(9, 9))
	s.every = 0
	s.pass(9 * day).want("nobody knows how often")
}

func TestShrunk(t *testing.T) {
	small := store.CrawlEnd{Complete: true, Listed: 3, Fault: faultShrunk}
	s := newInvented(t, term).crawl(healthy(40, 40)).pass(time.Hour).crawl(small).want("once")
	s.pass(time.Hour).crawl(store.CrawlEnd{Fault: faultIncomplete}).want("and then half a crawl")
	s.pass(time.Hour).crawl(small).want("twice", AlarmShrunk)
	if says := s.judge()[0].Says; !strings.HasPrefix(says, "lists 3 adverts where it usually lists 40;") {
		t.Errorf("it says %q", says)
	}
	s.pass(time.Hour).crawl(store.CrawlEnd{Fault: faultIncomplete}).want("the site is away", AlarmShrunk)
	s.pass(time.Hour).crawl(healthy(39, 0)).want("back")
	// A board that thins out over the summer never shrinks from one crawl to the next.
	s = newInvented(t, term)
	for n := 60; n > 2; n -= 2 {
		s.pass(time.Hour).crawl(healthy(n, 0)).want(fmt.Sprint("thinning out to ", n))
	}
}

func TestGrown(t *testing.T) {
	s := newInvented(t, term)
	for i, n := range []int{5, 400} {
		s.pass(time.Hour).crawl(healthy(n, n)).want(fmt.Sprint("young, crawl ", i))
	}
	s = newInvented(t, term)
	for range 30 {
		s.pass(time.Hour).crawl(healthy(20, 1))
	}
	s.pass(time.Hour).crawl(healthy(199, 179)).want("nine times as many")
	s.pass(time.Hour).crawl(healthy(200, 1)).want("ten times as many", AlarmGrown)
	s.pass(time.Hour).crawl(healthy(120, 0)).want("still six times", AlarmGrown)
	s.pass(time.Hour).crawl(healthy(90, 0)).want("four times")
	for range 5 {
		s.pass(time.Hour).crawl(healthy(210, 0)).want("day after day", AlarmGrown)
	}
	for range 20 {
		s.pass(time.Hour).crawl(healthy(210, 0))
	}
	s.want("that is how long it is now")
	// A school that has one advert, and then ten.
	s = newInvented(t, term)
	for range 30 {
		s.pass(time.Hour).crawl(healthy(1, 0))
	}
	s.pass(time.Hour).crawl(healthy(12, 11)).want("a small school recruits")
}

func TestUnreadable(t *testing.T) {
	bad := func(listed, unreadable int) store.CrawlEnd {
		return store.CrawlEnd{Complete: true, Listed: listed, Unreadable: unreadable}
	}
	s := newInvented(t, term).crawl(bad(100, 0)).pass(time.Hour).crawl(bad(100, 11)).want("once")
	s.pass(time.Hour).crawl(bad(100, 12)).want("twice", AlarmUnreadable)
	s.pass(time.Hour).crawl(store.CrawlEnd{Fault: faultIncomplete}).want("nothing was listed", AlarmUnreadable)
	s.pass(time.Hour).crawl(bad(100, 6)).want("fewer", AlarmUnreadable)
	s.pass(time.Hour).crawl(bad(100, 5)).want("few")
	s.pass(time.Hour).crawl(bad(100, 9)).pass(time.Hour).crawl(bad(100, 9)).want("not many")
	newInvented(t, term).crawl(bad(3, 2)).pass(time.Hour).crawl(bad(3, 2)).want("two of three at a small school")
}

func TestSilent(t *testing.T) {
	const day = 24 * time.Hour
	// live has so many new adverts on each school day, every so many school days.
	live := func(from time.Time, days, every int) *invented {
		s := newInvented(t, from)
		for n := range days {
			fresh := 0
			if d := s.now.Weekday(); d != time.Saturday && d != time.Sunday && n%every == 0 {
				fresh = 2
			}
			s.crawl(healthy(30, fresh)).pass(day)
		}
		return s
	}
	hush := func(s *invented, days int) *invented {
		for range days {
			s.crawl(healthy(30, 0)).pass(day)
		}
		return s
	}
	// The term's last adverts come on Tuesday 15 September and so on.
	autumn := time.Date(2026, 9, 7, 12, 0, 0, 0, time.UTC)
	s := hush(live(autumn, 26, 1), 5).want("a board of daily news, silent for three school days")
	hush(s, 7).want("silent for a school week", AlarmSilent)
	if says := s.judge()[0].Says; says != "nothing new for 8 school days, since 2 October; usually something comes within a school day" {
		t.Errorf("it says %q", says)
	}
	s.crawl(healthy(31, 1)).want("something new")

	hush(live(autumn, 26, 7), 20).want("a board of weekly news, silent for three weeks")
	hush(live(autumn, 8, 1), 60).want("too young to tell")
	// A vacancy every six weeks.
	s = newInvented(t, autumn.AddDate(-2, 0, 0))
	for range 12 {
		hush(s.crawl(healthy(1, 1)).pass(day), 40)
	}
	s.want("a small school")

	christmas := time.Date(2026, 12, 18, 12, 0, 0, 0, time.UTC)
	hush(live(christmas.AddDate(0, 0, -40), 40, 1), 22).want("a silent Christmas")
	summer := time.Date(2027, 7, 20, 12, 0, 0, 0, time.UTC)
	s = hush(live(summer.AddDate(0, 0, -40), 40, 1), 49).want("a silent summer")
	hush(s, 5).want("and a silent September", AlarmSilent)
	easterHolidays := time.Date(2027, 3, 22, 12, 0, 0, 0, time.UTC)
	hush(live(easterHolidays.AddDate(0, 0, -30), 30, 1), 15).want("a silent Easter")

	s = live(autumn, 26, 1)
	s.pass(20*day).want("nobody crawls it", AlarmStale)
}

func TestEaster(t *testing.T) {
	for year, want := range map[int]string{1961: "04-02", 2024: "03-31", 2025: "04-20", 2026: "04-05", 2027: "03-28", 2038: "04-25"} {
		if got := easter(year).Format("01-02"); got != want {
			t.Errorf("Easter of %d is on %s, want %s", year, got, want)
		}
	}
}

// reads is a healthy crawl that read adverts, of which so many carry pay, and all
// everything else.
func reads(listed, read, pay int) store.CrawlEnd {
	e := healthy(listed, read)
	e.Counted, e.Fields = read, map[string]int{}
	for _, f := range fieldNames {
		e.Fields[f] = read
	}
	e.Fields["pay"] = pay
	return e
}

func TestLost(t *testing.T) {
	type step struct{ listed, read, pay int }
	times := func(n int, s step) (out []step) {
		for range n {
			out = append(out, s)
		}
		return out
	}
	const lostPay = AlarmLost + "pay"
	for _, tc := range []struct {
		name   string
		before []step
		now    []step
		want   bool
	}{
		{"a large board loses it at once", times(30, step{200, 10, 9}), []step{{200, 12, 0}}, true},
		{"and bit by bit", times(30, step{200, 10, 9}), times(9, step{200, 1, 0}), true},
		{"most of it", times(30, step{200, 10, 10}), []step{{200, 20, 10}}, true},
		{"a fifth less is another mixture of adverts", times(30, step{200, 10, 10}), []step{{200, 40, 32}}, false},
		{"one of two templates loses it", times(30, step{200, 10, 10}), times(4, step{200, 10, 5}), true},
		{"three adverts say nothing", times(30, step{200, 10, 10}), []step{{200, 3, 0}}, false},
		{"five do, where nearly all have it", times(30, step{200, 10, 10}), []step{{200, 5, 0}}, true},
		{"five do not, where four in five have it", times(30, step{200, 10, 8}), []step{{200, 5, 0}}, false},
		{"what half have not is nobody's loss", times(30, step{200, 10, 4}), []step{{200, 100, 0}}, false},
		{"a school with four adverts, all read again", []step{{4, 4, 4}}, []step{{4, 4, 0}}, false},
		{"a school over a year", times(12, step{4, 2, 2}), times(4, step{8, 2, 0}), true},
		{"a new source has no usual", []step{{5, 5, 5}}, []step{{5, 5, 0}}, false},
		{"the same few adverts change daily", times(30, step{3, 3, 3}), times(30, step{3, 3, 1}), false},
		{"nothing was read, since nothing changed", times(30, step{200, 10, 10}), times(30, step{200, 0, 0}), false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := newInvented(t, term)
			for _, x := range tc.before {
				e := reads(x.listed, x.read, x.pay)
				e.New = 0
				s.pass(24 * time.Hour).crawl(e).want("before")
			}
			for _, x := range tc.now {
				e := reads(x.listed, x.read, x.pay)
				e.New = 0
				s.pass(24 * time.Hour).crawl(e)
			}
			var want []string
			if tc.want {
				want = []string{lostPay}
			}
			s.want("now", want...)
		})
	}
}

func TestLostAndFound(t *testing.T) {
	const lostPay = AlarmLost + "pay"
	board := func() *invented {
		s := newInvented(t, term)
		for range 20 {
			s.pass(time.Hour).crawl(reads(100, 10, 9))
		}
		return s.pass(time.Hour).crawl(reads(100, 10, 0)).want("lost", lostPay)
	}
	s := board()
	if says := s.judge()[0].Says; says != "of the newest 10 adverts 0 have pay; usually 90 in 100 do" {
		t.Errorf("it says %q", says)
	}
	s.pass(time.Hour).crawl(reads(100, 0, 0)).want("nothing read", lostPay)
	s.pass(time.Hour).crawl(reads(100, 4, 4)).want("four have it", lostPay)
	s.pass(time.Hour).crawl(reads(100, 4, 4)).want("eight have it")
	for range 10 {
		s.pass(time.Hour).crawl(reads(100, 10, 9)).want("as before")
	}
	s.pass(time.Hour).crawl(reads(100, 12, 0)).want("lost again", lostPay)

	s = board()
	for range 29 {
		s.pass(24 * time.Hour).crawl(reads(100, 10, 0))
	}
	s.want("that is how it is now")
	for range 29 {
		s.pass(24 * time.Hour).crawl(reads(100, 10, 0)).want("and remains")
	}
}

// Boards whose advertisers state pay or not as they please, each for a year: chance
// alone raises nothing.
func TestChanceRaisesNothing(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 0))
	for year := range 20 {
		rate := 0.4 + 0.6*random.Float64()
		s := newInvented(t, term)
		for range 365 {
			s.now = s.now.Add(24 * time.Hour)
			read, pay := random.IntN(8), 0
			for range read {
				if random.Float64() < rate {
					pay++
				}
			}
			s.Crawls = append([]store.Crawl{{EndedAt: s.now, CrawlEnd: reads(60, read, pay)}}, s.Crawls...)
			if a := s.lost("pay"); a != nil {
				t.Fatalf("year %d, at a rate of %.2f: %s", year, rate, a.Says)
			}
		}
	}
}

func TestAtMost(t *testing.T) {
	// What a and b carried and did not carry before is raised by one: of 98 and 2, 99
	// and 3. Without a past every number of n is as likely as another.
	for _, tc := range []struct {
		k, n int
		a, b float64
		want string
	}{{0, 1, 1, 1, "5.0e-01"}, {3, 9, 1, 1, "4.0e-01"}, {9, 9, 7, 3, "1.0e+00"}, {0, 1, 99, 3, "2.9e-02"}, {0, 2, 99, 3, "1.1e-03"}, {0, 5, 99, 3, "2.1e-07"}} {
		if got := fmt.Sprintf("%.1e", atMost(tc.k, tc.n, tc.a, tc.b)); got != tc.want {
			t.Errorf("at most %d of %d after %v and %v: %s, want %s", tc.k, tc.n, tc.a, tc.b, got, tc.want)
		}
	}
}
