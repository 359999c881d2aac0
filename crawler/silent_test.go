package crawler_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sendwatch/sendwatch/crawler"
	"github.com/sendwatch/sendwatch/crawler/fetch"
)

// TestAnItemThatNeverAnswers crawls a board day by day while some of its pages fail.
// Those of one that has failed for days spoil no crawl; every other failure does.
func TestAnItemThatNeverAnswers(t *testing.T) {
	archive := board(60)
	s := newSite(t, archive)
	src := sourceOf(t, archive, s.URL)
	m := newMemory()
	now := today
	fails := map[string]int{} // status by path; 999 is refused by robots.txt
	day := func(what string, hours int, complete bool, note string) {
		t.Helper()
		now = now.Add(time.Duration(hours) * time.Hour)
		robots := "User-agent: *\n"
		for i := range s.pages {
			s.pages[i].status = 200
			switch status := fails[s.pages[i].path]; status {
			case 0:
			case 999:
				robots += "Disallow: " + s.pages[i].path + "$\n"
			default:
				s.pages[i].status = status
			}
		}
		s.pages = slices.DeleteFunc(s.pages, func(p sitePage) bool { return p.path == "/robots.txt" })
		s.pages = append(s.pages, sitePage{1, 200, "/robots.txt", []byte(robots)})
		m.found = nil
		client := fetch.New(fetch.Options{Backoff: time.Millisecond, Now: time.Now})
		defer client.Close()
		r, err := crawler.New(crawler.Options{Client: client, Now: func() time.Time { return now }}).Crawl(t.Context(), src, m, m)
		m.keep(r)
		if err != nil || r.Complete != complete || !strings.Contains(r.Note, note) || (note == "") != (r.Note == "") {
			t.Errorf("%s: complete %v, %q, %v; want %v, %q", what, r.Complete, r.Note, err, complete, note)
		}
		for _, f := range m.found {
			if status := fails[strings.TrimPrefix(f.URL, s.URL)]; (status != 0) != (f.State == crawler.Unreadable) {
				t.Errorf("%s: %s is told of as %v", what, f.URL, f.State)
			}
		}
		if len(m.found) != 60 && fails["/list?3"] == 0 {
			t.Errorf("%s: %d told of", what, len(m.found))
		}
	}
	day("all well", 0, true, "")
	fails["/job/7"] = 500
	day("one fails", 1, false, "an item failed")
	day("and fails", 12, false, "an item failed")
	day("a day later", 12, false, "an item failed")
	day("two days later", 24, true, "an item has not answered for days and is left as it is: fetch "+s.URL+"/job/7: 500")
	fails["/job/8"] = 999
	day("another fails", 1, false, "2 items failed")
	day("and fails for two days", 48, true, "2 items have not answered for days")
	delete(fails, "/job/7")
	day("the first answers", 24, true, "an item has not answered for days")
	fails["/job/7"] = 503
	day("and fails anew", 1, false, "2 items failed")
	for i := range 7 {
		fails[fmt.Sprintf("/job/%d", 20+8*i%40)] = 500
	}
	day("too many", 1, false, "items")
	day("for long", 72, false, "items")
	clear(fails)
	day("all answer", 1, true, "")
	fails["/job/9"] = 500
	day("one fails again", 1, false, "an item failed")
	day("for two days", 48, true, "an item has not answered for days")
	fails["/list?3"] = 500
	day("while a list fails", 1, false, "a list failed")
}
