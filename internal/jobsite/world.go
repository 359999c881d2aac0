package jobsite

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Fault is a way in which every site misbehaves.
type Fault string

// The faults. Empty and half hide postings from lists only: the pages behind
// them still answer.
const (
	NoFault    Fault = ""
	FaultEmpty Fault = "empty"
	FaultHalf  Fault = "half"
	FaultError Fault = "e500"
)

// World is the four sites at work. Start it, then read URL.
type World struct {
	adverts []Advert
	now     func() time.Time
	servers map[string]*httptest.Server

	mu       sync.Mutex
	day      int
	fault    Fault
	requests map[string]int
	watch    func(Visit)
}

// Visit is one request to a site.
type Visit struct {
	Site, Path string
	// Agent is the User-Agent of who asked.
	Agent string
}

// Watch calls fn with every request from now on, in the order in which a site sees
// them and one at a time.
func (w *World) Watch(fn func(Visit)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.watch = fn
}

// Start opens the four sites on loopback, on the world's last day.
func Start(now func() time.Time) (*World, error) {
	adverts, err := Adverts()
	if err != nil {
		return nil, err
	}
	w := &World{adverts: adverts, now: now, day: Days, servers: map[string]*httptest.Server{}, requests: map[string]int{}}
	for name, h := range map[string]func(*World, *http.ServeMux){
		National: (*World).national, Agency: (*World).agency, Council: (*World).council, School: (*World).school,
	} {
		mux := http.NewServeMux()
		h(w, mux)
		w.servers[name] = httptest.NewServer(w.guard(name, mux))
	}
	return w, nil
}

// Close stops the sites.
func (w *World) Close() {
	for _, s := range w.servers {
		s.Close()
	}
}

// URL is a site's address, without a final slash.
func (w *World) URL(site string) string { return w.servers[site].URL }

// SetDay moves every site to a day.
func (w *World) SetDay(day int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.day = min(max(day, 1), Days)
}

// SetFault makes every site misbehave, or behave again.
func (w *World) SetFault(f Fault) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.fault = f
}

// Amend changes what an advert says, on every site and under every reference, from
// today on.
func (w *World) Amend(ref string, change func(*Advert)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	adverts := slices.Clone(w.adverts) // who reads the others does so without us
	for i := range adverts {
		for _, l := range adverts[i].listings() {
			if l.ref == ref {
				change(&adverts[i])
				adverts[i].amended = w.day
				w.adverts = adverts
				return
			}
		}
	}
}

// Advert is what an advert says today.
func (w *World) Advert(ref string) (Advert, bool) {
	for _, a := range w.published() {
		for _, l := range a.listings() {
			if l.ref == ref {
				return a, true
			}
		}
	}
	return Advert{}, false
}

// published are all adverts, live or not.
func (w *World) published() []Advert {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.adverts
}

func (w *World) state() (day int, f Fault) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.day, w.fault
}

// Requests is how many requests a site has seen; kind is "" for all of them,
// "304" for those answered so, or "disallowed" for those robots.txt forbids.
func (w *World) Requests(site, kind string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.requests[site+" "+kind]
}

// visit counts a request and tells who watches.
func (w *World) visit(site string, r *http.Request) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.requests[site+" "]++
	if w.watch != nil {
		w.watch(Visit{Site: site, Path: r.URL.RequestURI(), Agent: r.UserAgent()})
	}
}

func (w *World) count(site, kind string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.requests[site+" "+kind]++
}

// Live are the references that are live at a site today, whatever the fault.
func (w *World) Live(site string) []string {
	var out []string
	for _, l := range w.live(site) {
		out = append(out, l.ref)
	}
	return out
}

// live lists what is open at a site today, newest first.
func (w *World) live(site string) []listing {
	day, _ := w.state()
	var out []listing
	adverts := w.published()
	for i := range adverts {
		if !slices.Contains(adverts[i].Sites, site) {
			continue
		}
		for _, l := range adverts[i].listings() {
			if l.live(day) {
				out = append(out, l)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b listing) int { return b.from - a.from })
	return out
}

// listed is what lists show: what is live, less what the fault hides.
func (w *World) listed(site string) []listing {
	out := w.live(site)
	switch _, f := w.state(); f {
	case FaultEmpty:
		return nil
	case FaultHalf:
		return out[:len(out)/2]
	}
	return out
}

// find is the live listing behind a page.
func (w *World) find(site, ref string) (listing, bool) {
	for _, l := range w.live(site) {
		if l.ref == ref {
			return l, true
		}
	}
	return listing{}, false
}

// date is a day of the world as a date: the last day is today.
func (w *World) date(day int) time.Time {
	y, m, d := w.now().UTC().Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC).AddDate(0, 0, day-Days)
}

// Closes is when an advert closes, and whether it says so.
func (w *World) Closes(a Advert) (time.Time, bool) { return w.closes(listing{Advert: &a}) }

// closes is when a listing closes, and whether it says so.
func (w *World) closes(l listing) (time.Time, bool) {
	if l.ClosesIn == 0 {
		return time.Time{}, false
	}
	return w.date(Days + l.ClosesIn), true
}

// guard is what every site does: it counts, fails when told to, and answers
// 304 where the page is what the visitor already has.
func (w *World) guard(site string, h http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		w.visit(site, r)
		if strings.HasPrefix(r.URL.Path, "/private/") {
			w.count(site, "disallowed")
		}
		if _, f := w.state(); f == FaultError {
			http.Error(rw, "upstream failed", http.StatusInternalServerError)
			return
		}
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, r)
		body := rec.Body.Bytes()
		sum := sha256.Sum256(body)
		tag := `"` + hex.EncodeToString(sum[:8]) + `"`
		if rec.Code == http.StatusOK {
			rw.Header().Set("ETag", tag)
			if r.Header.Get("If-None-Match") == tag {
				w.count(site, "304")
				rw.WriteHeader(http.StatusNotModified)
				return
			}
		}
		rw.Header().Set("Content-Type", rec.Header().Get("Content-Type"))
		rw.Header().Set("Content-Length", strconv.Itoa(len(body)))
		rw.WriteHeader(rec.Code)
		_, _ = rw.Write(body) // the visitor has gone when this fails
	})
}

// robots answers /robots.txt.
func robots(mux *http.ServeMux, text string) {
	mux.HandleFunc("GET /robots.txt", func(rw http.ResponseWriter, r *http.Request) {
		rw.Header().Set("Content-Type", "text/plain")
		_, _ = fmt.Fprint(rw, text)
	})
}
