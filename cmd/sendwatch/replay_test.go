package main

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/configs"
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

// nothingChanges crawls a day once more: the sites mostly answer 304, and the
// change log does not grow.
func (r *replay) nothingChanges() {
	r.t.Helper()
	// What went today is closed by its second absence: the day is only unchanged
	// after that.
	r.runOnce()
	before, asked, spared := r.head(), r.asked(""), r.asked("304")
	for site, rep := range r.runOnce() {
		if rep.New+rep.Changed+rep.Closed+rep.Reopened > 0 || !rep.Healthy {
			r.t.Errorf("%s: an unchanged day changes something: %+v", site, rep)
		}
	}
	if head := r.head(); head != before {
		r.t.Errorf("an unchanged day takes the log from %d to %d", before, head)
	}
	asked, spared = r.asked("")-asked, r.asked("304")-spared
	if spared*10 < asked*9 {
		r.t.Errorf("%d of %d requests were answered with 304, want nine in ten", spared, asked)
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

// everyoneIsTold compares the letters with what was expected, both ways.
func (r *replay) everyoneIsTold() {
	r.t.Helper()
	told := map[string]map[string]bool{}
	for _, l := range r.letters() {
		if told[l.to] == nil {
			told[l.to] = map[string]bool{}
		}
		for _, id := range l.vacancies {
			told[l.to][id] = true
		}
	}
	for _, p := range r.people {
		if len(r.due[p.Email]) == 0 {
			r.t.Errorf("%s matches nothing: the replay proves nothing", p.Email)
		}
		for id := range r.due[p.Email] {
			if !told[p.Email][id] {
				r.t.Errorf("%s was never told of %s", p.Email, r.title(id))
			}
		}
		for id := range told[p.Email] {
			if !r.due[p.Email][id] {
				r.t.Errorf("%s was told of %s, which does not match", p.Email, r.title(id))
			}
		}
		r.t.Logf("%s: %d vacancies", p.Email, len(told[p.Email]))
	}
}

func (b *board) title(id string) (title string) {
	b.t.Helper()
	b.read(func(ctx context.Context, s *store.Store) {
		v, err := s.Vacancy(ctx, id)
		if err != nil {
			b.t.Fatal(err)
		}
		title = v.Title + ", " + v.Employer + " (" + id + ")"
	})
	return title
}

// nobodyIsToldTwice counts letters by vacancy, and by the advert behind it: what is
// posted again under a new reference, and what stands on two sites, is one advert.
func (r *replay) nobodyIsToldTwice(letters []letter) {
	r.t.Helper()
	adverts := r.adverts(letters)
	type telling struct{ to, what string }
	times := map[telling]int{}
	for _, l := range letters {
		refs := map[string]bool{}
		for _, id := range l.vacancies {
			times[telling{l.to, "vacancy " + id}]++
			refs[adverts[id]] = true
		}
		if len(refs) != len(l.vacancies) {
			r.t.Errorf("%s: %d vacancies in one letter are %d adverts", l.to, len(l.vacancies), len(refs))
		}
		for ref := range refs {
			times[telling{l.to, "advert " + ref}]++
		}
	}
	for what, n := range times {
		if n > 1 {
			r.t.Errorf("%s was told %d times of %s", what.to, n, what.what)
		}
	}
}

// adverts tells, for every vacancy that a letter names, which of the world's adverts
// it is: by the first reference of that advert.
func (r *replay) adverts(letters []letter) map[string]string {
	r.t.Helper()
	list, err := jobsite.Adverts()
	if err != nil {
		r.t.Fatal(err)
	}
	first := map[string]string{}
	for _, a := range list {
		first[a.Ref] = a.Ref
		for _, again := range a.Again {
			first[again.Ref] = a.Ref
		}
	}
	out := map[string]string{}
	r.read(func(ctx context.Context, s *store.Store) {
		for _, l := range letters {
			for _, id := range l.vacancies {
				v, err := s.Vacancy(ctx, id)
				if err != nil {
					r.t.Fatalf("a letter names vacancy %s: %v", id, err)
				}
				out[id] = first[reference(r.t, v.Sightings[0].URL)]
			}
		}
	})
	return out
}

// lettersAreMannered checks what mail providers ask of bulk mail.
func (r *replay) lettersAreMannered() {
	r.t.Helper()
	for _, l := range r.letters() {
		if got := l.message.Header("List-Unsubscribe-Post"); got != "List-Unsubscribe=One-Click" {
			r.t.Errorf("%s: List-Unsubscribe-Post is %q", l.id, got)
		}
		if got := l.message.Header("List-Unsubscribe"); !strings.Contains(got, "/unsubscribe>") {
			r.t.Errorf("%s: List-Unsubscribe is %q", l.id, got)
		}
		if got := l.message.Header("Auto-Submitted"); got != "auto-generated" {
			r.t.Errorf("%s: Auto-Submitted is %q", l.id, got)
		}
		if len(l.vacancies) == 0 {
			r.t.Errorf("%s names no vacancy", l.id)
		}
	}
}

// unsubscribe does what a mail provider does when a person presses its button: it
// posts to the address in the letter's header. Nothing more may come.
func (r *replay) unsubscribe(address string) {
	r.t.Helper()
	letters := slices.DeleteFunc(r.letters(), func(l letter) bool { return l.to != address })
	if len(letters) == 0 {
		r.t.Fatalf("%s has no letter yet", address)
	}
	link := strings.Trim(letters[len(letters)-1].message.Header("List-Unsubscribe"), "<>")
	u, err := url.Parse(link)
	if err != nil {
		r.t.Fatal(err)
	}
	r.with(func(ctx context.Context, a *app) {
		ix, err := a.openIndex(ctx)
		if err != nil {
			r.t.Fatal(err)
		}
		site, err := a.site(ix, serveOptions{}, make(chan struct{}, 1))
		if err != nil {
			r.t.Fatal(err)
		}
		// Following a link must not unsubscribe: scanners of mail do it.
		get := httptest.NewRecorder()
		site.ServeHTTP(get, httptest.NewRequestWithContext(ctx, http.MethodGet, u.Path, http.NoBody))
		if subs, err := a.store.SubscriberByEmail(ctx, address); err != nil || subs.UnsubscribedAt != nil || get.Code != http.StatusOK {
			r.t.Errorf("GET %s: %d, and then %+v, %v", u.Path, get.Code, subs.UnsubscribedAt, err)
		}
		req := httptest.NewRequestWithContext(ctx, http.MethodPost, u.Path, strings.NewReader("List-Unsubscribe=One-Click"))
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Origin", "https://mail.example")
		post := httptest.NewRecorder()
		site.ServeHTTP(post, req)
		if post.Code != http.StatusOK {
			r.t.Errorf("POST %s: %d %s", u.Path, post.Code, post.Body)
		}
	})
	r.left[address] = len(letters)
}

// whoLeftHearsNothing checks that nothing came after somebody unsubscribed, though
// there was something to tell.
func (r *replay) whoLeftHearsNothing() {
	r.t.Helper()
	for address, had := range r.left {
		has := 0
		for _, l := range r.letters() {
			if l.to == address {
				has++
			}
		}
		if has != had {
			r.t.Errorf("%s unsubscribed after %d letters and has %d", address, had, has)
		}
		if r.missed[address] == 0 {
			r.t.Errorf("%s would have heard nothing more anyway: the replay proves nothing", address)
		}
	}
}

// TestForbiddenPathsAreNotAsked crawls a list whose links lead, among others, to
// paths that robots.txt forbids.
func TestForbiddenPathsAreNotAsked(t *testing.T) {
	t.Parallel()
	b := newBoard(t, mailsink.Options{}, func(c *configs.Config) {
		c.Sources = slices.DeleteFunc(c.Sources, func(s configs.Source) bool { return s.ID != jobsite.Agency })
		c.Sources[0].Discover = configs.Discover{Listing: "/jobs", Item: "li.job a", Next: "a[rel=next]"}
	})
	var rep ingest.Report
	if err := json.Unmarshal([]byte(b.must("crawl", "--json")), &rep); err != nil {
		t.Fatal(err)
	}
	if live := len(b.Live(jobsite.Agency)); rep.New != live {
		t.Errorf("%d adverts were read, want %d: %+v", rep.New, live, rep)
	}
	if n := b.Requests(jobsite.Agency, "disallowed"); n != 0 {
		t.Errorf("%d requests for what robots.txt forbids", n)
	}
}
