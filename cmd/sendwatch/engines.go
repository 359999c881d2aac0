package main

import (
	"context"
	"path/filepath"

	"github.com/sendwatch/sendwatch/changelog"
	"github.com/sendwatch/sendwatch/search"
	"github.com/sendwatch/sendwatch/search/embedded"
)

// readerBatch is how many changes a reader takes at once.
const readerBatch = 200

// engines are the indexes of this process. Each is opened once, when it is first
// wanted, and closed with the program.
type engines struct {
	// own is the embedded index in the data folder. It answers alone, or stands in
	// for the configured ones.
	own search.Index
}

// openIndex opens the embedded index of this machine. One that is new, or was
// begun anew because it was of another make or damaged, is filled from the store.
func (a *app) openIndex(ctx context.Context) (search.Index, error) {
	if a.engines.own != nil {
		return a.engines.own, nil
	}
	ix, err := embedded.Open(ctx, embedded.Options{Dir: filepath.Join(a.cfg.DataDir, "index"), Matcher: a.matcher, Terms: a.terms, Log: a.log})
	if err != nil {
		return nil, err
	}
	a.engines.own = ix
	a.onClose(func() error { a.engines.own = nil; return ix.Close() })
	at, err := ix.Cursor(ctx)
	if err != nil || at > 0 {
		return ix, err
	}
	return ix, search.Rebuild(ctx, search.RebuildOptions{Index: ix, From: a.store})
}

func (a *app) indexer(ix search.Index) *search.Indexer {
	return search.NewIndexer(search.IndexerOptions{Engine: "bleve", Index: ix, Vacancies: a.store})
}

func (a *app) service(ix search.Index) *search.Service {
	return search.NewService(search.ServiceOptions{Index: ix, Matcher: a.matcher, Terms: a.terms})
}

// catchUp brings a reader to the head of the change log as it stands now.
func (a *app) catchUp(ctx context.Context, r changelog.Reader) error {
	return changelog.CatchUp(ctx, a.store, r, readerBatch)
}
