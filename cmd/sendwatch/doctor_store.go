package main

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/sendwatch/sendwatch/store"
)

// storePatience bounds the opening of the database, so that whoever waits for it has
// time to say so.
const storePatience = doctorPatience * 8 / 10

// storeOpening is the database on its way to being open: several checks ask it.
type storeOpening struct {
	done  chan struct{}
	store *store.Store
	err   error
}

// errNoStore says that there is no database yet.
var errNoStore = errors.New("there is no database yet")

// openStore begins to open the database. One that is not there is not made.
func (d *doctor) openStore(ctx context.Context) {
	d.opening = &storeOpening{done: make(chan struct{})}
	go func() {
		defer close(d.opening.done)
		ctx, cancel := context.WithTimeout(ctx, storePatience)
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
	return store.Open(ctx, store.Options{Path: path, URL: address, Now: d.now, NewID: newID, MailHost: mailHost(d.cfg.Site.BaseURL)})
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
	head, err := s.Head(ctx)
	if err != nil {
		return []finding{fail("look at the database", "%v", err)}
	}
	return []finding{fine("it answers, the log is at change %d", head)}
}
