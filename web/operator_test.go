package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/search"
	"github.com/sendwatch/sendwatch/store"
)

// crawl ends a crawl of a source.
func (b *bench) crawl(id string, e store.CrawlEnd) {
	b.t.Helper()
	ctx := b.t.Context()
	if err := b.store.EnsureSources(ctx, []string{id}); err != nil {
		b.t.Fatal(err)
	}
	l, err := b.store.ClaimSource(ctx, id, time.Minute, true)
	if err != nil {
		b.t.Fatal(err)
	}
	e.Report, e.CloseAfter = "{}", 9
	if err := b.store.EndCrawl(ctx, l, e); err != nil {
		b.t.Fatal(err)
	}
	if err := b.store.FinishSource(ctx, l, b.now.Add(time.Hour)); err != nil {
		b.t.Fatal(err)
	}
}

func TestOperatorOfAQuietSite(t *testing.T) {
	b := newBench(t)
	jo := b.signIn("Jo", store.RoleOperator)
	b.as(jo, http.MethodGet, "/operator").is(http.StatusOK).says("Nothing wants your attention.", "No sources are set up yet.", "Nobody is owed anything.", "No process holds anything")
}

func TestOperator(t *testing.T) {
	b := newBench(t)
	jo := b.signIn("Jo", store.RoleOperator)
	b.advertise(adverts())
	b.crawl("board", store.CrawlEnd{Complete: true, Healthy: true, Listed: 5, Trend: store.Trend{Usual: 5}})
	b.crawl("council/one", store.CrawlEnd{Note: "<b>the list is empty</b>", Trend: store.Trend{Usual: 40, Failures: 3}})
	ctx := t.Context()
	hostile := store.Quarantined{Source: "board", Reference: "<i>7", URL: "javascript:alert(1)", Error: "no title <script>", RawType: "text/html", Crawl: 1, Raw: []byte("<script>alert(1)</script>\x1b[2J\u202egnp.\xff")}
	if err := b.store.PutQuarantine(ctx, hostile); err != nil {
		t.Fatal(err)
	}
	if _, _, err := b.store.SetAlarms(ctx, "board", []store.Alarm{{Kind: "stale", Says: "It has listed nothing new for 9 days."}}); err != nil {
		t.Fatal(err)
	}
	report, err := b.store.PutReport(ctx, store.Report{Vacancy: "v1", About: "pay", Text: "The pay is <b>wrong</b>."})
	if err != nil {
		t.Fatal(err)
	}
	sub := b.person(somebody, true)
	if err := b.store.Owe(ctx, store.Owed{Reader: "match", To: 1, Alerts: []sendwatch.Alert{
		{Person: sub.Person, Vacancy: "v1", Event: sendwatch.EventNew, Subscriptions: []string{sub.ID}, DueAt: b.now.Add(-time.Hour)}}}); err != nil {
		t.Fatal(err)
	}
	b.engines = append(b.engines, search.EngineState{Name: "meilisearch:one", Reason: "it does not answer", Error: "refused"})

	a := b.as(jo, http.MethodGet, "/operator").is(http.StatusOK).says(
		"The source board, since 20 Nov 2026, 12:00: It has listed nothing new for 9 days.",
		"The source council/one is not healthy: <b>the list is empty</b>.", "Reports of visitors wait for a decision.", report, "The pay is <b>wrong</b>.", "There are adverts that could not be read.",
		"1 alert is overdue, the first since 20 Nov 2026, 11:00. Does a process run with the role deliver?",
		"The search engine meilisearch:one is not asked: it does not answer.",
		"1, of which 1 due, the first since 20 Nov 2026, 11:00", sub.Person, "1 alert, not in a message yet", "no title <script>",
		"The change log stands at 6, in SQLite").saysNot(somebody)
	rows := a.doc.Find(`[aria-label="Readers and search engines"] tbody tr`)
	for i, want := range []string{"match|follows the log|5", "test|answers searches|1", "meilisearch:one|not asked: it does not answerrefused|6"} {
		if got := strings.Join(rows.Eq(i).Find("th, td").Map(func(_ int, s *selection) string { return s.Text() }), "|"); got != want {
			t.Errorf("row %d of readers and engines is %q, want %q", i, got, want)
		}
	}
	if got := a.link("council/one"); got != "/operator/sources/council/one" {
		t.Errorf("the source is at %q", got)
	}
	b.as(jo, http.MethodGet, a.link("council/one")).is(http.StatusOK).says("Source council/one", "not healthy", "Unhealthy crawls in a row3", "None.", "Its latest crawls", "not healthy, incomplete")
	b.as(jo, http.MethodGet, "/operator/sources/nowhere").is(http.StatusNotFound)
	page := b.as(jo, http.MethodGet, "/operator/sources/board").is(http.StatusOK).link("board <i>7")
	b.as(jo, http.MethodGet, page).is(http.StatusOK).says("javascript:alert(1)", "no title <script>", `<script>alert(1)</script>\u{1b}[2J\u{202e}gnp.\xff`, "1 time, first 20 Nov 2026, 12:00")
	b.as(jo, http.MethodGet, "/operator/quarantine?"+url.Values{"source": {"board"}}.Encode()).is(http.StatusNotFound)
}

func TestVisible(t *testing.T) {
	for in, want := range map[string]string{
		"":                              "",
		"Teaching assistant\n\tfull":    "Teaching assistant\n\tfull",
		"a\r\nb":                        "a\nb",
		"a\x00b":                        `a\u{0}b`,
		"\xff\xfe":                      `\xff\xfe`,
		"\u202eabc\u2066":               `\u{202e}abc\u{2066}`,
		"pay: £12 – “é”\ufffd":          "pay: £12 – “é”\ufffd",
		strings.Repeat("<b>", 3) + "\a": `<b><b><b>\u{7}`,
	} {
		if got := visible([]byte(in)); got != want {
			t.Errorf("visible(%q) is %q, want %q", in, got, want)
		}
	}
}
