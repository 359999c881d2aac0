package web

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"go.uber.org/goleak"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/changelog"
	"github.com/sendwatch/sendwatch/matcher"
	"github.com/sendwatch/sendwatch/normalise"
	"github.com/sendwatch/sendwatch/notifier"
	"github.com/sendwatch/sendwatch/notifier/email"
	"github.com/sendwatch/sendwatch/pay"
	"github.com/sendwatch/sendwatch/place"
	"github.com/sendwatch/sendwatch/search"
	"github.com/sendwatch/sendwatch/search/embedded"
	"github.com/sendwatch/sendwatch/store"
	"github.com/sendwatch/sendwatch/taxonomy"
	"github.com/sendwatch/sendwatch/terms"
)

func TestMain(m *testing.M) {
	// bleve starts its workers when it is imported, and keeps them.
	goleak.VerifyTestMain(m, goleak.IgnoreTopFunction("github.com/blevesearch/bleve_index_api.AnalysisWorker"))
}

// knowledge is what the repository's own configuration teaches.
type knowledge struct {
	taxonomy   *taxonomy.Taxonomy
	terms      *terms.Analyser
	matcher    *matcher.Matcher
	normaliser *normalise.Normaliser
}

var learn = sync.OnceValues(func() (k knowledge, err error) {
	fsys := os.DirFS("../configs")
	var tables *pay.Tables
	var places *place.Gazetteer
	for _, step := range []func() error{
		func() error { tables, err = pay.Load(fsys); return err },
		func() error { k.taxonomy, err = taxonomy.Load(fsys); return err },
		func() error { places, err = place.Load(fsys); return err },
		func() error { k.terms, err = terms.Load(fsys); return err },
	} {
		if err := step(); err != nil {
			return k, err
		}
	}
	k.matcher = matcher.New(matcher.Options{Taxonomy: k.taxonomy, Gazetteer: places, Terms: k.terms})
	k.normaliser = normalise.New(normalise.Options{Pay: tables, Taxonomy: k.taxonomy, Gazetteer: places, Terms: k.terms})
	return k, nil
})

// bench is the site on real parts: a store, an index and a matcher, at a moment
// that stands still.
type bench struct {
	t *testing.T
	knowledge
	store   *store.Store
	indexer *search.Indexer
	links   notifier.Links
	site    http.Handler
	log     bytes.Buffer
	now     time.Time
	ids     int
	woken   int
	// fallback makes the index answer as one that stands in for another, and asked
	// counts what it was asked.
	fallback bool
	// engines are what the operator is told of the search engines.
	engines []search.EngineState
	asked   int
	// more is how many posts the index says that it finds beside those it gives;
	// afterSearch is called when it has answered.
	more        int
	afterSearch func()
}

// standIn is the bench's index.
type standIn struct {
	search.Index
	b *bench
}

func (x standIn) Search(ctx context.Context, q search.Query) (search.Result, error) {
	x.b.asked++
	r, err := x.Index.Search(ctx, q)
	r.Fallback = x.b.fallback
	r.Total += x.b.more
	if x.b.afterSearch != nil {
		x.b.afterSearch()
	}
	return r, err
}

const site = "https://sendwatch.example"

// somebody is an address; nothing of its domain may reach the log.
const somebody = "somebody@person.example"

func newBench(t *testing.T) *bench {
	t.Helper()
	return newBenchWith(t, func(*Options) {})
}

// newBenchWith is a site with some options of its own.
func newBenchWith(t *testing.T, change func(*Options)) *bench {
	t.Helper()
	k, err := learn()
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{t: t, knowledge: k, now: time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)}
	b.links = notifier.Links{Key: []byte("a key of thirty-two bytes or more"), Base: site}
	now := func() time.Time { return b.now }
	if b.store, err = store.Open(t.Context(), store.Options{
		Path: filepath.Join(t.TempDir(), "test.db"), Now: now, NewID: b.newID, MailHost: "sendwatch.example",
	}); err != nil {
		t.Fatal(err)
	}
	ix, err := embedded.Open(t.Context(), embedded.Options{Dir: t.TempDir(), Matcher: k.matcher, Terms: k.terms})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := ix.Close(); err != nil {
			t.Error(err)
		}
		if err := b.store.Close(); err != nil {
			t.Error(err)
		}
		if strings.Contains(b.log.String(), "person.example") {
			t.Errorf("an address reached the log:\n%s", b.log.String())
		}
	})
	b.indexer = search.NewIndexer(search.IndexerOptions{Engine: "test", Index: ix, Vacancies: b.store})
	r, err := email.NewRenderer(email.Options{From: "Sendwatch <alerts@sendwatch.example>", Site: site, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	o := Options{
		Store: b.store, Search: search.NewService(search.ServiceOptions{Index: standIn{ix, b}, Matcher: k.matcher, Terms: k.terms}),
		Matcher: k.matcher, Links: b.links, Taxonomy: k.taxonomy, Asked: r.Asked, Now: now, Random: rand.Reader, Engines: b.engineStates, Wake: func() { b.woken++ },
		Log: slog.New(slog.NewTextHandler(&b.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	change(&o)
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	b.site = s.Handler()
	return b
}

func (b *bench) engineStates(ctx context.Context) ([]search.EngineState, error) {
	at, err := b.indexer.Cursor(ctx)
	return append([]search.EngineState{{Name: "test", Well: true, Cursor: at}}, b.engines...), err
}

func (b *bench) newID() string {
	b.ids++
	return fmt.Sprintf("id-%04d", b.ids)
}

// advertise reads postings as a crawl would and puts each in as a vacancy called
// v1, v2 …, changed by the given functions before it is written.
func (b *bench) advertise(postings []sendwatch.Posting, change ...func(*sendwatch.Vacancy)) {
	b.t.Helper()
	for i := range postings {
		p := &postings[i]
		v := &sendwatch.Vacancy{
			ID: fmt.Sprintf("v%d", i+1), Reading: b.normaliser.Read(p), State: sendwatch.VacancyOpen,
			FirstSeen: b.now.Add(-time.Duration(i+1) * time.Hour), ChangedAt: b.now,
		}
		for _, c := range change {
			c(v)
		}
		b.put(v, *p)
	}
	b.index()
}

// put writes a vacancy with the posting that advertises it, in a transaction.
func (b *bench) put(v *sendwatch.Vacancy, p sendwatch.Posting) {
	b.t.Helper()
	ctx := b.t.Context()
	err := b.store.Write(ctx, func(tx *store.Tx) error {
		if err := tx.PutVacancy(ctx, v); err != nil {
			return err
		}
		if err := tx.PutPosting(ctx, &store.Posting{
			Source: "board", Reference: v.ID, Vacancy: v.ID, URL: p.URL, Content: &p, Reading: v.Reading,
			Open: v.State == sendwatch.VacancyOpen, FirstSeen: v.FirstSeen, LastSeen: b.now,
		}); err != nil {
			return err
		}
		return tx.Append(ctx, sendwatch.Change{Event: sendwatch.VacancyCreated, Vacancy: v.ID, Cause: sendwatch.CauseCrawl})
	})
	if err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) index() {
	b.t.Helper()
	if err := changelog.CatchUp(b.t.Context(), b.store, b.indexer, 0); err != nil {
		b.t.Fatal(err)
	}
}

// answer is a response and, when it is a page, its parts.
type answer struct {
	*httptest.ResponseRecorder
	t   *testing.T
	doc *goquery.Document
}

// do sends a request and checks what every answer must be.
func (b *bench) do(r *http.Request) answer {
	b.t.Helper()
	w := httptest.NewRecorder()
	b.site.ServeHTTP(w, r)
	a := answer{ResponseRecorder: w, t: b.t}
	checkHeaders(b.t, r, w.Header())
	if strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") && r.Method != http.MethodHead && w.Code != http.StatusMovedPermanently {
		doc, err := goquery.NewDocumentFromReader(bytes.NewReader(w.Body.Bytes()))
		if err != nil {
			b.t.Fatal(err)
		}
		a.doc = doc
		if doc.Find("main").Length() > 0 {
			checkPage(b.t, r.URL.Path, doc)
		}
	}
	return a
}

func (b *bench) get(target string) answer {
	b.t.Helper()
	return b.do(httptest.NewRequestWithContext(b.t.Context(), http.MethodGet, target, http.NoBody))
}

// post sends a form as a browser does from the site's own page.
func (b *bench) post(target string, form url.Values) answer {
	b.t.Helper()
	r := httptest.NewRequestWithContext(b.t.Context(), http.MethodPost, target, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return b.do(r)
}

// is checks the status and goes on.
func (a answer) is(status int) answer {
	a.t.Helper()
	if a.Code != status {
		a.t.Fatalf("status %d, want %d\n%s", a.Code, status, a.text("main"))
	}
	return a
}

// text is the words of what a selector finds, with single spaces.
func (a answer) text(selector string) string {
	if a.doc == nil {
		return a.Body.String()
	}
	return strings.Join(strings.Fields(a.doc.Find(selector).Text()), " ")
}

func (a answer) says(want ...string) answer {
	a.t.Helper()
	got := a.text("main")
	for _, w := range want {
		if !strings.Contains(got, w) {
			a.t.Errorf("the page does not say %q:\n%s", w, got)
		}
	}
	return a
}

func (a answer) saysNot(unwanted ...string) answer {
	a.t.Helper()
	got := a.text("main")
	for _, w := range unwanted {
		if strings.Contains(got, w) {
			a.t.Errorf("the page says %q:\n%s", w, got)
		}
	}
	return a
}

// titles are the titles of the hits, in order.
func (a answer) titles() []string {
	out := []string{}
	a.doc.Find(".card h3").Each(func(_ int, s *goquery.Selection) { out = append(out, strings.TrimSpace(s.Text())) })
	return out
}

// link is the address of the link with these words, "" when there is none.
func (a answer) link(words string) string {
	var out string
	a.doc.Find("a").Each(func(_ int, s *goquery.Selection) {
		if strings.Contains(s.Text(), words) && out == "" {
			out, _ = s.Attr("href")
		}
	})
	return out
}

// carried is what the form for an alert carries of the search that it is set from.
func (a answer) carried() url.Values {
	out := url.Values{}
	a.doc.Find("form[action='/alerts/new'] input[type=hidden]").Each(func(_ int, in *selection) {
		out.Add(in.AttrOr("name", ""), in.AttrOr("value", ""))
	})
	return out
}

// values lists the values of the fields of a name, checked those that are ticked.
func (a answer) values(name string) []string {
	return a.attributes(`input[name="` + name + `"]:not([type=hidden])`)
}
func (a answer) checked(name string) []string {
	return a.attributes(`input[name="` + name + `"][checked]`)
}

func (a answer) attributes(selector string) []string {
	var out []string
	a.doc.Find(selector).Each(func(_ int, s *selection) { out = append(out, s.AttrOr("value", "")) })
	return out
}

func (a answer) value(name string) string {
	return a.doc.Find(`input[name="`+name+`"]`).AttrOr("value", "")
}

func (a answer) selected(name string) string {
	return a.doc.Find(`select[name="`+name+`"] option[selected]`).AttrOr("value", "")
}

type selection = goquery.Selection

// rowText is a table's row as it is read, cell by cell and line by line.
func rowText(a answer, row int) string {
	cells := a.doc.Find("tbody tr").Eq(row).Find("th, td")
	cells.Find("br").ReplaceWithHtml(" ")
	var parts []string
	for i := range cells.Length() {
		parts = append(parts, strings.Join(strings.Fields(cells.Eq(i).Text()), " "))
	}
	return strings.Join(parts, " ")
}

// send sends JSON as a program does.
func (b *bench) send(target, body string) answer {
	b.t.Helper()
	r := httptest.NewRequestWithContext(b.t.Context(), http.MethodPost, target, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	return b.do(r)
}
