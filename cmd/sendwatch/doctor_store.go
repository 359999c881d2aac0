package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/sendwatch/sendwatch/store"
)

// storeOpening is the database on its way to being open: several checks ask it.
type storeOpening struct {
	done  chan struct{}
	store *store.Store
	err   error
}

// errNoStore says that there is no database yet.
var errNoStore = errors.New("there is no database yet")

// openStore begins to open the database. One that is not there is not made.
func (d *doctor) openStore(ctx context.Context, patience time.Duration) {
	d.opening = &storeOpening{done: make(chan struct{})}
	go func() {
		defer close(d.opening.done)
		ctx, cancel := context.WithTimeout(ctx, patience)
		defer cancel()
		d.opening.store, d.opening.err = d.open(ctx)
	}()
}

func (d *doctor) open(ctx context.Context) (*store.Store, error) {
	address, err := d.cfg.DatabaseAddress()
	if err != nil {
		return nil, err
	}
	path := filepath.Join(d.cfg.DataDir, "sendwatch.db")
	if _, err := os.Stat(path); address == "" && errors.Is(err, fs.ErrNotExist) {
		return nil, errNoStore
	}
	return store.Open(ctx, store.Options{Path: path, URL: address, Now: d.now, NewID: newID, Readers: 2, Writers: 1})
}

// closeStore closes the database, unless it is still being opened: that ends with
// the process.
func (d *doctor) closeStore() error {
	select {
	case <-d.opening.done:
		if d.opening.store != nil {
			return d.opening.store.Close()
		}
	default:
	}
	return nil
}

// opened waits for the database.
func (d *doctor) opened(ctx context.Context) (*store.Store, error) {
	select {
	case <-d.opening.done:
		return d.opening.store, d.opening.err
	case <-ctx.Done():
		return nil, errors.New("the database does not answer")
	}
}

// lag is how many changes a reader of the change log is behind; false when the log
// cannot be asked.
func (d *doctor) lag(ctx context.Context, cursor int64) (int64, bool) {
	s, err := d.opened(ctx)
	if err != nil {
		return 0, false
	}
	head, err := s.Head(ctx)
	return max(0, head-cursor), err == nil
}

func (d *doctor) checkStore(ctx context.Context) []finding {
	s, err := d.opened(ctx)
	if errors.Is(err, errNoStore) {
		return []finding{fine("%s is not there yet; the first start makes it", filepath.Join(d.cfg.DataDir, "sendwatch.db"))}
	}
	if err != nil {
		return []finding{fail("start the database, or correct its address", "%v", err)}
	}
	h, err := s.Health(ctx)
	if err != nil {
		return []finding{fail("look at the database's own log", "%v", err)}
	}
	return judgeStore(h, d.now())
}

// From here on a database is spoken of.
const (
	slowStore      = 100 * time.Millisecond
	clockTolerance = 2 * time.Second
	// spareConnections is the part of a server's connections that should be free.
	spareConnections = 5
	// overdue is how long work may wait for somebody to take it.
	overdue = 15 * time.Minute
)

// takers says what to look at when work of a kind waits.
var takers = map[string]string{
	"source":       "is a serve with the role crawl running?",
	"digest":       "is a serve with the role deliver running, and does the mail server take messages?",
	"confirmation": "is a serve with the role deliver running, and does the mail server take messages?",
}

// judgeStore says how the database is.
func judgeStore(h store.Health, now time.Time) []finding {
	said := fmt.Sprintf("%s %s, %s, tables at version %d, change %d", h.Engine, h.Version, size(uint64(max(0, h.Bytes))), h.Migration, h.Head)
	if h.MostConnections > 0 {
		said += fmt.Sprintf(", %d of %d connections", h.Connections, h.MostConnections)
	}
	found := []finding{fine("%s", said)}
	if h.Migration > h.KnownMigration {
		found[0] = fail("run the sendwatch that was here before, or a newer one", "%s: a newer sendwatch made them, this one knows version %d", said, h.KnownMigration)
	}
	if h.Latency > slowStore {
		found = append(found, warn("bring them nearer to each other, or look at its load", "it takes %d ms to answer a trivial question", h.Latency.Milliseconds()))
	}
	if h.ClockAhead.Abs() > clockTolerance {
		found = append(found, warn("set both clocks by NTP: leases and due times follow them", "its clock is %s ours", ahead(h.ClockAhead)))
	}
	if h.MostConnections > 0 && (h.MostConnections-h.Connections)*spareConnections < h.MostConnections {
		found = append(found, warn("raise max_connections, or run fewer processes", "%d of its %d connections are in use", h.Connections, h.MostConnections))
	}
	for _, r := range h.Readers {
		if r.Lag > muchBehind {
			found = append(found, warn("is a serve with the role "+r.Name+" running?", "the reader %s is %d changes behind", r.Name, r.Lag))
		}
	}
	for _, due := range h.Due {
		if !due.Oldest.IsZero() && now.Sub(due.Oldest) > overdue {
			found = append(found, warn(takers[due.Kind], "%s due, the oldest since %s", plural(due.Count, due.Kind+" is", due.Kind+"s are"), clock(due.Oldest)))
		}
	}
	return found
}

// ahead writes how a clock stands to another.
func ahead(d time.Duration) string {
	if d < 0 {
		return fmt.Sprintf("%s behind", -d.Round(time.Second))
	}
	return fmt.Sprintf("%s ahead of", d.Round(time.Second))
}
