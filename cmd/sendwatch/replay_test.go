package main

import (
	"context"
	"encoding/json"
	"maps"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/ingest"
	"github.com/sendwatch/sendwatch/internal/jobsite"
	"github.com/sendwatch/sendwatch/internal/jobsite/mailsink"
	"github.com/sendwatch/sendwatch/store"
)

// TestReplay plays the world's five days with eight people, two runs a day, one
// before the hour of the daily messages and one after it.
func TestReplay(t *testing.T) {
	t.Parallel()
	b := newBoard(t, mailsink.Options{}, nil)
	r := newReplay(b)
	b.subscribe(r.people)

	for day := 1; day <= jobsite.Days; day++ {
		b.day(day, 5)
		reports := r.runOnce()
		r.everyListingIsRead(reports)
		r.expect(day)
		if day == 2 {
			r.faultsCloseNothing()
		}
		b.day(day, 12)
		r.nothingChanges()
		if day == 3 {
			r.unsubscribe("hal@people.example")
		}
	}
	b.day(jobsite.Days+3, 12) // the Monday after: weekly messages have left
	r.runOnce()

	r.everyoneIsTold()
	r.nobodyIsToldTwice(r.letters())
	r.whoLeftHearsNothing()
	r.onlyLiveListingsAreOpen()
	r.lettersAreMannered()
	for _, site := range jobsite.Sites() {
		if n := b.Requests(site, "disallowed"); n > 0 {
			t.Errorf("%s: %d requests for what robots.txt forbids", site, n)
		}
	}
	if strings.Contains(b.logs.String(), "@people.example") {
		t.Error("there is an address in the log")
	}
}

// replay is a board with its people and what they ought to hear of.
type replay struct {
	*board
	people []subscriptionLine
	know   *knowledge
	// due are, for each address, the vacancies that the person ought to be told of.
	due map[string]map[string]bool
	// left are those who unsubscribed, with the number of letters they had by then;
	// missed counts what they would have heard of since.
	left, missed map[string]int
}

func newReplay(b *board) *replay {
	b.t.Helper()
	know, err := learn()
	if err != nil {
		b.t.Fatal(err)
	}
	r := &replay{board: b, people: people(b.t), know: know, due: map[string]map[string]bool{}, left: map[string]int{}, missed: map[string]int{}}
	for i := range r.people {
		p := &r.people[i]
		switch p.Email {
		case "carys@people.example", "efe@people.example":
			p.Frequency = sendwatch.Daily
		case "gita@people.example":
			p.Frequency = sendwatch.Weekly
		case "hal@people.example":
			p.Criteria = sendwatch.Criteria{}
		}
		r.due[p.Email] = map[string]bool{}
	}
	return r
}

// runOnce runs the whole chain and returns the reports by source.
func (r *replay) runOnce() map[string]ingest.Report {
	r.t.Helper()
	out := map[string]ingest.Report{}
	d := json.NewDecoder(strings.NewReader(r.must("run-once", "--json")))
	for range jobsite.Sites() {
		var rep ingest.Report
		if err := d.Decode(&rep); err != nil {
			r.t.Fatal(err)
		}
		out[rep.Source] = rep
	}
	return out
}

// everyListingIsRead compares what the store holds open with what the sites show.
func (r *replay) everyListingIsRead(reports map[string]ingest.Report) {
	r.t.Helper()
	open := r.openListings()
	for _, site := range jobsite.Sites() {
		live := r.Live(site)
		if rep := reports[site]; rep.Listed != len(live) || !rep.Healthy {
			r.t.Errorf("%s: listed %d, healthy %v (%s), want %d", site, rep.Listed, rep.Healthy, rep.Note, len(live))
		}
		for _, ref := range live {
			if !open[site][ref] {
				r.t.Errorf("%s: %s is live and was not read", site, ref)
			}
		}
	}
}

// openListings are the references of the open postings by source: what each site
// calls its advert is the end of its address.
func (r *replay) openListings() map[string]map[string]bool {
	r.t.Helper()
	out := map[string]map[string]bool{}
	for _, site := range jobsite.Sites() {
		out[site] = map[string]bool{}
	}
	for _, v := range r.openVacancies() {
		for _, s := range v.Sightings {
			if s.Open {
				out[s.Source][reference(r.t, s.URL)] = true
			}
		}
	}
	return out
}

func reference(t *testing.T, address string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return path.Base(u.Path)
}

func (b *board) openVacancies() (out []*sendwatch.Vacancy) {
	b.t.Helper()
	b.read(func(ctx context.Context, s *store.Store) {
		var err error
		if out, err = s.OpenVacancies(ctx, "", 10_000); err != nil {
			b.t.Fatal(err)
		}
	})
	return out
}

// onlyLiveListingsAreOpen is the other half of everyListingIsRead, once what went
// has been missed twice.
func (r *replay) onlyLiveListingsAreOpen() {
	r.t.Helper()
	for site, open := range r.openListings() {
		live := r.Live(site)
		for ref := range open {
			if !slices.Contains(live, ref) {
				r.t.Errorf("%s: %s is gone and still open", site, ref)
			}
		}
	}
}

// nothingChanges crawls a day once more: the sites need answer hardly anything
// in full, and the change log does not grow.
func (r *replay) nothingChanges() {
	r.t.Helper()
	// What went today is closed by its second absence: the day is only unchanged
	// after that.
	r.runOnce()
	before, asked, spared, listed := r.head(), r.asked(""), r.asked("304"), 0
	for site, rep := range r.runOnce() {
		listed += rep.Listed
		if rep.New+rep.Changed+rep.Closed+rep.Reopened > 0 || !rep.Healthy {
			r.t.Errorf("%s: an unchanged day changes something: %+v", site, rep)
		}
	}
	if head := r.head(); head != before {
		r.t.Errorf("an unchanged day takes the log from %d to %d", before, head)
	}
	full := r.asked("") - asked - (r.asked("304") - spared)
	if full*10 > listed {
		r.t.Errorf("%d answers in full for %d adverts that have not changed, want one in ten at most", full, listed)
	}
}

func (r *replay) asked(kind string) (n int) {
	for _, site := range jobsite.Sites() {
		n += r.Requests(site, kind)
	}
	return n
}

func (b *board) head() (head int64) {
	b.t.Helper()
	b.read(func(ctx context.Context, s *store.Store) {
		var err error
		if head, err = s.Head(ctx); err != nil {
			b.t.Fatal(err)
		}
	})
	return head
}

// faultsCloseNothing crawls each fault several times.
func (r *replay) faultsCloseNothing() {
	r.t.Helper()
	before, open, head := len(r.sink.Messages()), r.openListings(), r.head()
	for _, fault := range []jobsite.Fault{jobsite.FaultEmpty, jobsite.FaultHalf, jobsite.FaultError} {
		r.SetFault(fault)
		for range 3 {
			for site, rep := range r.runOnce() {
				if rep.Healthy || rep.Closed > 0 || rep.Note == "" {
					r.t.Errorf("fault %s at %s: %+v, want unhealthy, nothing closed, and a note", fault, site, rep)
				}
			}
		}
		if got := r.openListings(); !maps.EqualFunc(got, open, maps.Equal) {
			r.t.Errorf("fault %s changed what is open", fault)
		}
		if !strings.Contains(r.must("sources", "list"), "NO") {
			r.t.Errorf("fault %s: `sources list` says that all is well", fault)
		}
	}
	r.SetFault(jobsite.NoFault)
	r.runOnce()
	if got := r.head(); got != head {
		r.t.Errorf("the faults and their end take the log from %d to %d", head, got)
	}
	if got := len(r.sink.Messages()); got != before {
		r.t.Errorf("%d letters are sent about faults", got-before)
	}
}

// expect works out, apart from the percolator, who ought to hear of what is open
// today: searches by `sendwatch search`, candidates by the matcher's specification.
// What a weekly message would tell may have closed by then.
func (r *replay) expect(day int) {
	r.t.Helper()
	open := r.openVacancies()
	for _, p := range r.people {
		if p.Frequency == sendwatch.Weekly && day > 1 && day < jobsite.Days {
			continue
		}
		_, left := r.left[p.Email]
		for _, id := range r.matching(p, open) {
			switch {
			case !left:
				r.due[p.Email][id] = true
			case !r.due[p.Email][id]:
				r.missed[p.Email]++
			}
		}
	}
}

func (r *replay) matching(p subscriptionLine, open []*sendwatch.Vacancy) []string {
	r.t.Helper()
	if p.Candidate == nil {
		return r.search(flags(p.Criteria)...)
	}
	return r.specified(p, open)
}

// specified are the vacancies that a person ought to hear of by the matcher's
// specification.
func (r *replay) specified(p subscriptionLine, open []*sendwatch.Vacancy) (ids []string) {
	r.t.Helper()
	for _, v := range open {
		m, err := r.know.matcher.Match(&sendwatch.Subscription{Criteria: p.Criteria, Candidate: p.Candidate}, v)
		if err != nil {
			r.t.Fatal(err)
		}
		if m.Fit != sendwatch.FitNo && v.Announceable() {
			ids = append(ids, v.ID)
		}
	}
	return ids
}

// flags say criteria as `sendwatch search` takes them.
func flags(c sendwatch.Criteria) []string {
	var out []string
	add := func(flag string, values ...string) {
		for _, v := range values {
			out = append(out, "--"+flag+"="+v)
		}
	}
	number := func(flag string, x float64) {
		if x > 0 {
			add(flag, strconv.FormatFloat(x, 'f', -1, 64))
		}
	}
	if c.Near != "" {
		add("near", c.Near)
	}
	number("within", c.WithinMiles)
	add("role", c.Roles...)
	add("need", c.Needs...)
	add("setting", c.Settings...)
	add("refuse", c.Refuses...)
	number("min-actual", c.MinActual)
	number("min-hourly", c.MinHourly)
	if c.Hours.Max != nil {
		number("hours-max", *c.Hours.Max)
	}
	return append(out, strings.Fields(c.Words)...)
}
