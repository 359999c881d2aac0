package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sendwatch/sendwatch/configs"
	"github.com/sendwatch/sendwatch/internal/jobsite"
)

// feed is a set of sites that have days and faults, and what they publish.
type feed interface {
	names() []string
	definitions() []configs.Source
	days() int
	// faults are the names of the faults it knows.
	faults() []string
	move(day int, fault string)
	// live is what is open at a site, listed what its lists name, newest first.
	live(site string) []publication
	listed(site string) []publication
	// asked counts the requests that the sites have seen.
	asked() int
	// amend changes some adverts: what they say, and when they close, which is later
	// than now. Of those that are over by then it takes some too.
	amend(r *rand.Rand, now time.Time)
	// reposts are the references at one site that one advert had, one after the other.
	reposts() map[string][][]string
	// ownWord and dated are as in visit.
	ownWord(site string) bool
	dated(site string) bool
	// datesInText says that a site names a closing date in an advert's text at most.
	datesInText(site string) bool
}

// fictional is the fictional world as a feed.
type fictional struct {
	*jobsite.World
	fault   string
	amended map[string]bool
}

func newFictional(w *jobsite.World) *fictional {
	return &fictional{World: w, amended: map[string]bool{}}
}

func (f *fictional) names() []string               { return jobsite.Sites() }
func (f *fictional) definitions() []configs.Source { return f.Sources() }
func (f *fictional) days() int                     { return jobsite.Days }
func (f *fictional) faults() []string              { return []string{"empty", "half", "e500"} }
func (f *fictional) ownWord(site string) bool      { return site != jobsite.National }
func (f *fictional) dated(site string) bool        { return site == jobsite.Agency }

func (f *fictional) datesInText(string) bool { return false }

func (f *fictional) move(day int, fault string) {
	f.fault = fault
	f.SetDay(day)
	f.SetFault(jobsite.Fault(fault))
}

func (f *fictional) asked() (n int) {
	for _, site := range jobsite.Sites() {
		n += f.Requests(site, "")
	}
	return n
}

func (f *fictional) live(site string) (out []publication) {
	for _, ref := range f.Live(site) {
		a, _ := f.Advert(ref)
		p := publication{ref: ref, text: a.Body}
		if at, ok := f.Closes(a); ok {
			p.closes = at.Add(24*time.Hour - time.Minute)
		}
		out = append(out, p)
	}
	return out
}

func (f *fictional) listed(site string) []publication { return hide(f.live(site), f.fault) }

// hide is what a fault leaves of a list.
func hide(all []publication, fault string) []publication {
	switch fault {
	case "empty":
		return nil
	case "half":
		return all[:len(all)/2]
	}
	return all
}

// amend has some adverts begin later and close a week after they would have.
func (f *fictional) amend(r *rand.Rand, now time.Time) {
	for _, site := range jobsite.Sites() {
		for _, p := range draw(r, f.live(site), now) {
			f.amended[p.ref] = true
			f.Amend(p.ref, func(a *jobsite.Advert) {
				a.Body += "\n\nThe post begins a little later than we said."
				a.ClosesIn = max(a.ClosesIn, int(now.Sub(lastDay)/(24*time.Hour))) + 7
			})
		}
	}
}

// draw takes a few adverts, and among them of those that are over.
func draw(r *rand.Rand, live []publication, now time.Time) (out []publication) {
	var past []publication
	for _, p := range live {
		if surely, _ := over(p.closes, span{now, now}); surely {
			past = append(past, p)
		}
	}
	for _, from := range [][]publication{live, live, past} {
		if len(from) > 0 {
			out = append(out, from[r.IntN(len(from))])
		}
	}
	return out
}

func (f *fictional) reposts() map[string][][]string {
	out := map[string][][]string{}
	adverts, err := jobsite.Adverts()
	if err != nil {
		panic(err) // the world could not have begun
	}
	for _, a := range adverts {
		if f.amended[a.Ref] {
			continue // whoever read it before has another text
		}
		refs := []string{a.Ref}
		for _, again := range a.Again {
			refs = append(refs, again.Ref)
		}
		for _, site := range a.Sites {
			out[site] = append(out[site], refs)
		}
	}
	return out
}

// recordedEnv names the folder of recorded adverts and of the program that serves
// them (serve.py with its teaching.jsonl and agency.jsonl).
const recordedEnv = "SENDWATCH_REALFEED"

// recorded are recorded adverts of three sites over ten days, served on loopback.
type recorded struct {
	t      *testing.T
	folder string // of the program
	data   string // of the adverts, which are amended
	port   int
	server *exec.Cmd
	boards map[string]*recordedBoard
	day    int
	fault  string
	today  time.Time
}

// recordedBoard is what one file of adverts says.
type recordedBoard struct {
	adverts []map[string]any
	days    []string
	amended map[string]int
	// shift is from the last recorded day to today.
	shift time.Duration
}

// newRecorded serves the recorded adverts, or skips the test where there are none.
func newRecorded(t *testing.T, base int) *recorded {
	t.Helper()
	folder := os.Getenv(recordedEnv)
	if folder == "" {
		t.Skipf("recorded adverts are not kept with the code: name their folder in %s", recordedEnv)
	}
	y, m, d := time.Now().Date()
	f := &recorded{t: t, folder: folder, data: t.TempDir(), port: base, boards: map[string]*recordedBoard{}, day: 1, today: time.Date(y, m, d, 0, 0, 0, 0, time.UTC)}
	for _, name := range []string{"teaching", "agency"} {
		text, err := os.ReadFile(filepath.Join(folder, name+".jsonl"))
		if err != nil {
			t.Fatal(err)
		}
		b := &recordedBoard{amended: map[string]int{}}
		days := map[string]bool{}
		for line := range bytes.Lines(text) {
			var a map[string]any
			if err := json.Unmarshal(line, &a); err != nil {
				t.Fatal(err)
			}
			b.adverts = append(b.adverts, a)
			for _, day := range daysOf(a) {
				days[day] = true
			}
		}
		for day := range days {
			b.days = append(b.days, day)
		}
		slices.Sort(b.days)
		last, err := time.Parse(time.DateOnly, b.days[len(b.days)-1])
		if err != nil {
			t.Fatal(err)
		}
		b.shift = f.today.Sub(last)
		f.boards[name] = b
	}
	t.Cleanup(f.stop)
	f.serve()
	return f
}

func daysOf(advert map[string]any) (days []string) {
	list, _ := advert["days"].([]any)
	for _, day := range list {
		days = append(days, fmt.Sprint(day))
	}
	return days
}

// serve writes the adverts down as they stand and starts the program that serves them.
func (f *recorded) serve() {
	f.t.Helper()
	for name, b := range f.boards {
		var text bytes.Buffer
		for _, a := range b.adverts {
			if err := json.NewEncoder(&text).Encode(a); err != nil {
				f.t.Fatal(err)
			}
		}
		if err := os.WriteFile(filepath.Join(f.data, name+".jsonl"), text.Bytes(), 0o600); err != nil {
			f.t.Fatal(err)
		}
	}
	f.server = exec.Command("python3", filepath.Join(f.folder, "serve.py"), "--data", f.data, "--port", fmt.Sprint(f.port), "--day", fmt.Sprint(f.day))
	if err := f.server.Start(); err != nil {
		f.t.Fatal(err)
	}
	for range 1200 {
		if _, err := f.control("/"); err == nil {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	f.t.Fatal("the recorded adverts are not served")
}

func (f *recorded) stop() {
	if f.server != nil {
		_ = f.server.Process.Kill() // it is ours, and has nothing to lose
		_ = f.server.Wait()
		f.server = nil
	}
}

func (f *recorded) control(path string) ([]byte, error) {
	r, err := http.Get(fmt.Sprintf("http://127.0.0.1:%d%s", f.port, path))
	if err != nil {
		return nil, err
	}
	defer func() { _ = r.Body.Close() }() // it was read
	return io.ReadAll(r.Body)
}

func (f *recorded) names() []string { return []string{"teaching", "agency", "plain"} }
func (f *recorded) days() int       { return len(f.boards["agency"].days) }
func (f *recorded) faults() []string {
	return []string{"empty", "half", "e500", "slow"}
}
func (f *recorded) ownWord(string) bool          { return false }
func (f *recorded) dated(site string) bool       { return site == "agency" }
func (f *recorded) datesInText(site string) bool { return site != "teaching" }

func (f *recorded) definitions() []configs.Source {
	none := time.Duration(0)
	at := func(n int) string { return fmt.Sprintf("http://127.0.0.1:%d", f.port+n) }
	out := []configs.Source{
		{ID: "teaching", Kind: configs.KindTeachingVacancies, URL: at(1)},
		{
			ID: "agency", Kind: configs.KindJobPosting, URL: at(2), EmployerKind: "agency",
			Discover: configs.Discover{Sitemap: "/sitemap.xml", Match: "^/job/"},
		},
		{
			ID: "plain", Kind: configs.KindHTML, URL: at(3), Discover: configs.Discover{Listing: "/vacancies", Item: "li.vacancy-card a.title", Next: "a.next"},
			Fields: map[string]string{
				"title": "h1.vacancy-title", "body": ".body", "employer": "table.facts tr:contains('Advertiser') td",
				"location": "table.facts tr:contains('Location') td", "pay": "table.facts tr:contains('Salary') td",
				"contract": "table.facts tr:contains('Contract') td", "posted": "table.facts tr:contains('Posted') td",
			},
		},
	}
	for i := range out {
		out[i].Every, out[i].AllowPrivate, out[i].Delay = "1s", true, &none
	}
	return out
}

func (f *recorded) move(day int, fault string) {
	f.t.Helper()
	f.day, f.fault = day, fault
	if fault == "" {
		fault = "none"
	}
	for _, path := range []string{fmt.Sprintf("/day/%d", day), "/fault/" + fault} {
		if _, err := f.control(path); err != nil {
			f.t.Fatal(err)
		}
	}
}

func (f *recorded) asked() (n int) {
	text, err := f.control("/requests")
	counts := map[string]int{}
	if err == nil {
		err = json.Unmarshal(text, &counts)
	}
	if err != nil {
		f.t.Error(err)
	}
	for kind, k := range counts {
		if !strings.HasPrefix(kind, "control") {
			n += k
		}
	}
	return n
}

// board is the file that a site publishes.
func (f *recorded) board(site string) *recordedBoard {
	if site == "plain" {
		site = "agency"
	}
	return f.boards[site]
}

func (f *recorded) live(site string) (out []publication) {
	b := f.board(site)
	day := b.days[min(f.day, len(b.days))-1]
	var here []map[string]any
	for _, a := range b.adverts {
		if slices.Contains(daysOf(a), day) {
			here = append(here, a)
		}
	}
	slices.SortStableFunc(here, func(x, y map[string]any) int {
		if c := strings.Compare(daysOf(y)[0], daysOf(x)[0]); c != 0 {
			return c
		}
		return strings.Compare(fmt.Sprint(y["id"]), fmt.Sprint(x["id"]))
	})
	for _, a := range here {
		ref := fmt.Sprint(a["id"])
		p := publication{ref: ref, text: fmt.Sprint(b.amended[ref])}
		if closes, ok := a["closes"].(string); ok {
			at, err := time.Parse(time.RFC3339, closes)
			if err != nil {
				f.t.Fatal(err)
			}
			if at.Hour() == 0 && at.Minute() == 0 { // midnight stands for the whole day
				at = at.Add(24*time.Hour - time.Minute)
			}
			p.closes = at.Add(b.shift).UTC()
		}
		out = append(out, p)
	}
	return out
}

func (f *recorded) listed(site string) []publication { return hide(f.live(site), f.fault) }

// amend adds a sentence to some adverts that are live, and has them close later.
func (f *recorded) amend(r *rand.Rand, now time.Time) {
	f.t.Helper()
	for name, b := range f.boards {
		for range 3 {
			for _, p := range draw(r, f.live(name), now) {
				b.amend(p, now)
			}
		}
	}
	f.stop()
	f.serve()
	f.move(f.day, f.fault)
}

func (b *recordedBoard) amend(p publication, now time.Time) {
	const more = "The post begins a little later than we said."
	i := slices.IndexFunc(b.adverts, func(a map[string]any) bool { return fmt.Sprint(a["id"]) == p.ref })
	a := b.adverts[i]
	b.amended[p.ref]++
	if p.closes.IsZero() {
		a["description_html"] = fmt.Sprint(a["description_html"], "<p>", more, "</p>")
		return
	}
	later := p.closes
	for !later.After(now) {
		later = later.AddDate(0, 0, 7)
	}
	a["closes"] = later.AddDate(0, 0, 7).Add(-b.shift).Format(time.RFC3339)
	a["description"] = fmt.Sprint(a["description"], " ", more)
}

// reposts are the adverts of equal title, advertiser, place and text, amended ones
// left out.
func (f *recorded) reposts() map[string][][]string {
	b := f.boards["agency"]
	groups := map[string][]string{}
	for _, a := range b.adverts {
		ref := fmt.Sprint(a["id"])
		if b.amended[ref] == 0 {
			key := fmt.Sprint(a["title"], "|", a["advertiser"], "|", a["area"], "|", a["location"], "|", a["postal_code"], "|", a["description_html"])
			groups[key] = append(groups[key], ref)
		}
	}
	out := map[string][][]string{}
	for _, refs := range groups {
		if len(refs) > 1 {
			out["agency"] = append(out["agency"], refs)
			out["plain"] = append(out["plain"], refs)
		}
	}
	return out
}

// ports gives each recorded feed of a run four of its own.
var ports = struct {
	sync.Mutex
	next int
}{next: 21000 + os.Getpid()%1000*8}

func nextPort() int {
	ports.Lock()
	defer ports.Unlock()
	ports.next += 4
	return ports.next
}
