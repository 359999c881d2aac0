package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/sendwatch/sendwatch/changelog"
	"github.com/sendwatch/sendwatch/configs"
	"github.com/sendwatch/sendwatch/search"
	"github.com/sendwatch/sendwatch/search/embedded"
	"github.com/sendwatch/sendwatch/search/meili"
)

// readerBatch is how many changes a reader takes at once.
const readerBatch = 200

// ownEngine names the embedded index among the engines.
const ownEngine = "bleve"

// engines are the indexes of this process. Each is opened once, when it is first
// wanted, and closed with the program.
type engines struct {
	// states says how they are; set once the site is served.
	states func(context.Context) ([]search.EngineState, error)
	// own is the embedded index in the data folder. It answers alone, or stands in
	// for the nodes.
	own search.Index
	// nodes are the Meilisearch servers of the configuration, opened says whether
	// they are open.
	nodes  []search.Engine
	opened bool
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

// openNodes opens the Meilisearch servers of the configuration. One that does not
// answer is open all the same: it is asked again with every call.
func (a *app) openNodes(ctx context.Context) ([]search.Engine, error) {
	if a.engines.opened {
		return a.engines.nodes, nil
	}
	addresses := a.cfg.Search.Meilisearch()
	key, err := configs.Secret(a.cfg.Search.MeilisearchKeyFile)
	if err != nil && len(addresses) > 0 {
		return nil, fmt.Errorf("search.meilisearch_key_file: %w", err)
	}
	for _, address := range addresses {
		_, name, _ := strings.Cut(address, "://")
		log := a.log.With("node", name)
		ix, err := meili.Open(ctx, meili.Options{URL: address, Key: key, Matcher: a.matcher, Terms: a.terms, Now: a.now, Log: log})
		if err != nil {
			return nil, fmt.Errorf("search.meilisearch_url: %s: %w", address, err)
		}
		a.onClose(ix.Close)
		a.engines.nodes = append(a.engines.nodes, search.Engine{Name: "meilisearch:" + name, Index: ix})
	}
	a.engines.opened = true
	return a.engines.nodes, nil
}

// openEngines opens every index. The Relay is nil where there is only the
// machine's own; Asker is what searches are put to.
func (a *app) openEngines(ctx context.Context) (search.Asker, *search.Relay, error) {
	nodes, err := a.openNodes(ctx)
	if err != nil {
		return nil, nil, err
	}
	own, err := a.openIndex(ctx)
	if err != nil || len(nodes) == 0 {
		return own, nil, err
	}
	relay := search.NewRelay(search.RelayOptions{
		Engines: nodes, Spare: search.Engine{Name: ownEngine, Index: own}, Now: a.now, Log: a.log,
	})
	return relay, relay, nil
}

// engineStates says how the search engines of this process are.
func (a *app) engineStates(relay *search.Relay) func(context.Context) ([]search.EngineState, error) {
	if relay != nil {
		return func(context.Context) ([]search.EngineState, error) { return relay.State(), nil }
	}
	return func(ctx context.Context) ([]search.EngineState, error) {
		at, err := a.engines.own.Cursor(ctx)
		return []search.EngineState{{Name: ownEngine, Well: true, Cursor: at}}, err
	}
}

// indexer is the reader that keeps an engine up to date.
func (a *app) indexer(e search.Engine) *search.Indexer {
	return search.NewIndexer(search.IndexerOptions{Engine: e.Name, Index: e.Index, Vacancies: a.store, From: a.store})
}

func (a *app) service(ix search.Asker) *search.Service {
	return search.NewService(search.ServiceOptions{Index: ix, Matcher: a.matcher, Terms: a.terms})
}

// indexOnce brings every index to the head of the change log as it stands now. One
// that fails does not keep the next from its work.
func (a *app) indexOnce(ctx context.Context) error {
	nodes, err := a.openNodes(ctx)
	errs := []error{err}
	for _, e := range nodes {
		errs = append(errs, a.catchUp(ctx, a.indexer(e)))
	}
	own, err := a.openIndex(ctx)
	switch {
	case errors.Is(err, search.ErrBusy):
		err = a.waitForServe(ctx)
	case err == nil:
		err = a.catchUp(ctx, a.indexer(search.Engine{Name: ownEngine, Index: own}))
	}
	return errors.Join(append(errs, err)...)
}

// catchUp brings a reader to the head of the change log as it stands now.
func (a *app) catchUp(ctx context.Context, r changelog.Reader) error {
	return changelog.CatchUp(ctx, a.store, r, readerBatch)
}
