package web

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/sendwatch/sendwatch/search"
	"github.com/sendwatch/sendwatch/store"
)

// What the operator's page shows of long lists.
const (
	mostQuarantined = 20
	mostReports     = 20
	mostCrawls      = 20
	mostMailings    = 20
	mostLeases      = 50
	// deliverySpan is how far back the page counts messages.
	deliverySpan = 7 * 24 * time.Hour
	// mostRaw is how much of what was fetched is shown, in bytes.
	mostRaw = 100_000
)

// operatorView is the operator's page.
type operatorView struct {
	// Look says what wants attention, the page below has the details.
	Look        []string
	Sources     []store.SourceHealth
	Alarms      []store.Alarm
	Quarantined []quarantined
	// Reports are those that wait for a decision.
	Reports    []store.Report
	Deliveries store.Deliveries
	Mailings   []store.Mailing
	Store      store.Health
	Engines    []engine
	Leases     []store.Lease
	// MoreLeases is how many there are beyond.
	MoreLeases int
}

// engine is a search engine with its lag behind the change log.
type engine struct {
	search.EngineState
	Lag int64
}

// quarantined is an advert that could not be read, and where its page is.
type quarantined struct {
	store.Quarantined
	Page string
}

func quarantinedOf(q store.Quarantined) quarantined {
	return quarantined{q, "/operator/quarantine?" + url.Values{"source": {q.Source}, "url": {q.URL}, "reference": {q.Reference}}.Encode()}
}

// operatorRoutes are how somebody signs in, and what an operator may then see.
func (s *Site) operatorRoutes() {
	s.page("GET /sign-in/{token}", s.signInPage)
	s.page("POST /sign-in/{token}", s.signIn)
	s.page("POST /sign-out", s.signOut)
	s.page("GET /operator", s.only(store.RoleOperator, s.operatorPage))
	s.page("GET /operator/sources/{id...}", s.only(store.RoleOperator, s.operatorSource))
	s.page("GET /operator/quarantine", s.only(store.RoleOperator, s.operatorQuarantine))
}

func (s *Site) operatorPage(w http.ResponseWriter, r *http.Request) error {
	v, err := s.operation(r.Context())
	if err != nil {
		return err
	}
	return s.render(w, http.StatusOK, "operator", view{Title: "How the site runs", Data: v})
}

// operation gathers how everything runs.
func (s *Site) operation(ctx context.Context) (v operatorView, err error) {
	if v.Sources, err = s.o.Store.SourceHealth(ctx); err != nil {
		return v, err
	}
	if v.Alarms, err = s.o.Store.Alarms(ctx, ""); err != nil {
		return v, err
	}
	if v.Quarantined, err = s.quarantined(ctx, ""); err != nil {
		return v, err
	}
	if v.Reports, err = s.o.Store.Reports(ctx, store.ReportWaiting, mostReports); err != nil {
		return v, err
	}
	if v.Deliveries, err = s.o.Store.Deliveries(ctx, s.o.Now().Add(-deliverySpan)); err != nil {
		return v, err
	}
	if v.Mailings, err = s.o.Store.NextMailings(ctx, mostMailings); err != nil {
		return v, err
	}
	if v.Store, err = s.o.Store.Health(ctx); err != nil {
		return v, err
	}
	if v.Leases, err = s.o.Store.Leases(ctx); err != nil {
		return v, err
	}
	if over := len(v.Leases) - mostLeases; over > 0 {
		v.Leases, v.MoreLeases = v.Leases[:mostLeases], over
	}
	if s.o.Engines != nil {
		states, err := s.o.Engines(ctx)
		if err != nil {
			return v, err
		}
		for _, e := range states {
			v.Engines = append(v.Engines, engine{e, max(0, v.Store.Head-e.Cursor)})
		}
	}
	v.Look = s.lookAt(&v)
	return v, nil
}

// What is no matter for attention yet: a reader this far behind, a message this long
// overdue. Both are caught up within seconds when all is well.
const (
	quietLag     = 1000
	quietOverdue = 10 * time.Minute
)

// lookAt says what wants an operator's attention.
func (s *Site) lookAt(v *operatorView) (out []string) {
	alarmed := map[string]bool{}
	for _, a := range v.Alarms {
		alarmed[a.Source] = true
		out = append(out, fmt.Sprintf("The source %s, since %s: %s", a.Source, moment(a.Since), a.Says))
	}
	for _, h := range v.Sources {
		if !h.LastCrawl.IsZero() && !h.Healthy && !alarmed[h.Source] {
			out = append(out, fmt.Sprintf("The source %s is not healthy: %s.", h.Source, strings.TrimSuffix(h.Note, ".")))
		}
	}
	if slices.ContainsFunc(v.Quarantined, func(q quarantined) bool { return q.Listed }) {
		out = append(out, "There are adverts that could not be read.")
	}
	if len(v.Reports) > 0 {
		out = append(out, "Reports of visitors wait for a decision.")
	}
	if d := v.Deliveries; d.Due > 0 && s.o.Now().Sub(d.OldestDue) > quietOverdue {
		out = append(out, fmt.Sprintf("%s overdue, the first since %s. Does a process run with the role deliver?", counted(d.Due, "alert is", "alerts are"), moment(d.OldestDue)))
	}
	for _, m := range v.Mailings {
		if m.Attempts > 1 && m.Note != "" {
			out = append(out, "Messages are being tried again; the last answer was: "+m.Note)
			break
		}
	}
	for _, r := range v.Store.Readers {
		if r.Lag > quietLag {
			out = append(out, fmt.Sprintf("The reader %s is %d changes behind.", r.Name, r.Lag))
		}
	}
	for _, e := range v.Engines {
		switch {
		case !e.Well:
			out = append(out, fmt.Sprintf("The search engine %s is not asked: %s.", e.Name, e.Reason))
		case e.Lag > quietLag:
			out = append(out, fmt.Sprintf("The search engine %s is %d changes behind.", e.Name, e.Lag))
		}
	}
	return out
}

// counted is a number with the word for it.
func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// operatorSource is one source for the operator.
type operatorSource struct {
	store.SourceHealth
	Trend       store.Trend
	Alarms      []store.Alarm
	Crawls      []store.Crawl
	Quarantined []quarantined
}

// quarantined lists adverts of one source, or of all, that could not be read.
func (s *Site) quarantined(ctx context.Context, source string) (out []quarantined, err error) {
	list, err := s.o.Store.QuarantineList(ctx, source, nil, mostQuarantined)
	for _, q := range list {
		out = append(out, quarantinedOf(q))
	}
	return out, err
}

func (s *Site) operatorSource(w http.ResponseWriter, r *http.Request) error {
	ctx, id := r.Context(), r.PathValue("id")
	all, err := s.o.Store.SourceHealth(ctx)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(h store.SourceHealth) bool { return h.Source == id })
	if i < 0 {
		return errNotFound
	}
	v := operatorSource{SourceHealth: all[i]}
	if v.Trend, err = s.o.Store.Trend(ctx, id); err != nil {
		return err
	}
	if v.Alarms, err = s.o.Store.Alarms(ctx, id); err != nil {
		return err
	}
	if v.Crawls, err = s.o.Store.Crawls(ctx, id, mostCrawls); err != nil {
		return err
	}
	if v.Quarantined, err = s.quarantined(ctx, id); err != nil {
		return err
	}
	return s.render(w, http.StatusOK, "operator_source", view{Title: "Source " + id, Data: v})
}

// quarantineView is an advert that could not be read, with what was fetched as text.
type quarantineView struct {
	store.Quarantined
	Text string
	// Bytes is how much was fetched, Cut says that Text is only its beginning.
	Bytes int
	Cut   bool
}

func (s *Site) operatorQuarantine(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	whole, err := s.o.Store.QuarantinedWhole(r.Context(), store.Quarantined{Source: q.Get("source"), URL: q.Get("url"), Reference: q.Get("reference")})
	if err != nil {
		return err
	}
	v := quarantineView{Quarantined: whole, Bytes: len(whole.Raw), Cut: len(whole.Raw) > mostRaw}
	v.Text = visible(v.Raw[:min(len(v.Raw), mostRaw)])
	return s.render(w, http.StatusOK, "operator_quarantine", view{Title: "An advert that could not be read", Data: &v})
}

// visible makes of whatever was fetched a text that shows everything in it: what has
// no shape of its own, or turns the direction of the text around it, is written out.
func visible(raw []byte) string {
	var b strings.Builder
	for len(raw) > 0 {
		c, n := utf8.DecodeRune(raw)
		switch {
		case c == utf8.RuneError && n == 1:
			fmt.Fprintf(&b, `\x%02x`, raw[0])
		case c == '\n', c == '\t', unicode.IsGraphic(c):
			b.WriteRune(c)
		case c == '\r':
		default:
			fmt.Fprintf(&b, `\u{%x}`, c)
		}
		raw = raw[n:]
	}
	return b.String()
}
