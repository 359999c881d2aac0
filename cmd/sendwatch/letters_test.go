package main

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/sendwatch/sendwatch/configs"
	"github.com/sendwatch/sendwatch/ingest"
	"github.com/sendwatch/sendwatch/internal/jobsite"
	"github.com/sendwatch/sendwatch/internal/jobsite/mailsink"
	"github.com/sendwatch/sendwatch/store"
)

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
