package web

import (
	"context"
	"slices"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/sendwatch/sendwatch/store"
)

// storeFigures are what the store and the engines say when they are asked. They are the
// same from every process on one database, the engines' lag aside.
type storeFigures struct {
	o    MetricsOptions
	desc map[string]*prometheus.Desc
}

// describe lists the figures, with their labels.
var describe = []struct {
	name, help string
	labels     []string
}{
	{"store_up", "1 when the database answers.", nil},
	{"source_healthy", "1 when the last crawl was healthy.", []string{"source"}},
	{"source_last_success_timestamp_seconds", "When the last healthy crawl ended.", []string{"source"}},
	{"source_last_crawl_timestamp_seconds", "When the last crawl ended.", []string{"source"}},
	{"source_listed_adverts", "How many adverts the last crawl listed.", []string{"source"}},
	{"source_usual_adverts", "How many adverts the last healthy crawl listed.", []string{"source"}},
	{"source_open_postings", "How many postings of the source are open.", []string{"source"}},
	{"source_quarantined_adverts", "How many adverts are listed and cannot be read.", []string{"source"}},
	{"source_failures", "Unhealthy crawls in a row.", []string{"source"}},
	{"alarm", "1 while an alarm is on.", []string{"source", "kind"}},
	{"changelog_head", "The number of the newest change.", nil},
	{"reader_lag_changes", "How many changes a reader has not seen.", []string{"reader"}},
	{"engine_lag_changes", "How many changes a search engine of this process has not seen.", []string{"engine"}},
	{"engine_well", "1 when the search engine answers.", []string{"engine"}},
	{"work_due", "Work that is due and that nobody does.", []string{"kind"}},
	{"work_oldest_due_timestamp_seconds", "Since when the first of it has been due.", []string{"kind"}},
	{"ledger_owed_alerts", "Alerts that stand in no message yet.", nil},
	{"ledger_due_alerts", "Those of them that may be told by now.", nil},
	{"ledger_oldest_due_timestamp_seconds", "Since when the first of those has been due.", nil},
	{"digests_waiting", "Messages that are being sent or wait for another try.", nil},
	{"database_bytes", "The size of the database.", nil},
}

func newStoreFigures(o MetricsOptions) *storeFigures {
	f := &storeFigures{o: o, desc: map[string]*prometheus.Desc{}}
	for _, d := range describe {
		f.desc[d.name] = prometheus.NewDesc("sendwatch_"+d.name, d.help, d.labels, nil)
	}
	return f
}

// Describe implements prometheus.Collector.
func (f *storeFigures) Describe(out chan<- *prometheus.Desc) {
	for _, d := range describe {
		out <- f.desc[d.name]
	}
}

// gathering is one collection of figures.
type gathering struct {
	*storeFigures
	out chan<- prometheus.Metric
}

func (g *gathering) set(name string, value float64, labels ...string) {
	g.out <- prometheus.MustNewConstMetric(g.desc[name], prometheus.GaugeValue, value, labels...)
}

// at sets a moment, and leaves out one that never was.
func (g *gathering) at(name string, t time.Time, labels ...string) {
	if !t.IsZero() {
		g.set(name, float64(t.UnixMilli())/1000, labels...)
	}
}

func (g *gathering) yes(name string, is bool, labels ...string) {
	value := 0.0
	if is {
		value = 1
	}
	g.set(name, value, labels...)
}

// Collect implements prometheus.Collector. What cannot be asked is left out: an
// absent figure is not a good one.
func (f *storeFigures) Collect(out chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), scrapePatience)
	defer cancel()
	g := &gathering{f, out}
	err := g.store(ctx)
	g.yes("store_up", err == nil)
	if err != nil {
		f.o.Log.Warn("metrics: the database does not say how it is", "error", err)
	}
}

func (g *gathering) store(ctx context.Context) error {
	h, err := g.o.Store.Health(ctx)
	if err != nil {
		return err
	}
	g.set("changelog_head", float64(h.Head))
	g.set("database_bytes", float64(h.Bytes))
	for _, r := range h.Readers {
		g.set("reader_lag_changes", float64(r.Lag), r.Name)
	}
	for _, d := range h.Due {
		g.set("work_due", float64(d.Count), d.Kind)
		g.at("work_oldest_due_timestamp_seconds", d.Oldest, d.Kind)
	}
	if err := g.engines(ctx, h.Head); err != nil {
		return err
	}
	if err := g.sources(ctx); err != nil {
		return err
	}
	d, err := g.o.Store.Deliveries(ctx, g.o.Now())
	if err != nil {
		return err
	}
	g.set("ledger_owed_alerts", float64(d.Owed))
	g.set("ledger_due_alerts", float64(d.Due))
	g.at("ledger_oldest_due_timestamp_seconds", d.OldestDue)
	g.set("digests_waiting", float64(d.Frozen))
	return nil
}

func (g *gathering) engines(ctx context.Context, head int64) error {
	if g.o.Engines == nil {
		return nil
	}
	states, err := g.o.Engines(ctx)
	for _, e := range states {
		g.yes("engine_well", e.Well, e.Name)
		g.set("engine_lag_changes", float64(max(0, head-e.Cursor)), e.Name)
	}
	return err
}

func (g *gathering) sources(ctx context.Context) error {
	health, err := g.o.Store.SourceHealth(ctx)
	if err != nil {
		return err
	}
	configured := func(source string) bool { return slices.Contains(g.o.Sources, source) }
	for _, h := range health {
		if configured(h.Source) {
			g.source(&h)
		}
	}
	alarms, err := g.o.Store.Alarms(ctx, "")
	for _, a := range alarms {
		if configured(a.Source) {
			g.set("alarm", 1, a.Source, a.Kind)
		}
	}
	return err
}

func (g *gathering) source(h *store.SourceHealth) {
	g.at("source_last_success_timestamp_seconds", h.LastHealthy, h.Source)
	g.at("source_last_crawl_timestamp_seconds", h.LastCrawl, h.Source)
	g.yes("source_healthy", h.Healthy, h.Source)
	g.set("source_listed_adverts", float64(h.Listed), h.Source)
	g.set("source_usual_adverts", float64(h.Usual), h.Source)
	g.set("source_open_postings", float64(h.Open), h.Source)
	g.set("source_quarantined_adverts", float64(h.Quarantined), h.Source)
	g.set("source_failures", float64(h.Failures), h.Source)
}
