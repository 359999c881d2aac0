package embedded

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	"go.etcd.io/bbolt"
	bbolterrors "go.etcd.io/bbolt/errors"

	"github.com/sendwatch/sendwatch/matcher"
	"github.com/sendwatch/sendwatch/search"
	"github.com/sendwatch/sendwatch/terms"
)

// Options says where an Index lies and what it reads vacancies with.
type Options struct {
	// Dir is the directory of the index. It belongs to this package: what is
	// in it may be deleted. It is made when it does not exist.
	Dir string
	// Matcher lays vacancies flat; Terms finds the words for ranking and
	// vocabulary. Both are needed.
	Matcher *matcher.Matcher
	Terms   *terms.Analyser
	// Wait is how long Open waits for another process to let the directory go
	// before it returns search.ErrBusy; zero means one second.
	Wait time.Duration
	// Log hears when an index is discarded; nil keeps quiet.
	Log *slog.Logger
}

// errClosed answers whoever still asks a closed index.
var errClosed = errors.New("embedded index: closed")

// Index is a bleve index of vacancies.
type Index struct {
	o    Options
	path string
	lock *bbolt.DB

	// mu is held for reading by whoever uses bleve, and for writing by whoever
	// replaces it. bleve is nil once the index is closed.
	mu    sync.RWMutex
	bleve bleve.Index
	// writing lets one batch in at a time.
	writing sync.Mutex
	words   vocabulary
	census  census
	phrases phraseMemory
	columns columns
}

var _ search.Index = (*Index)(nil)

const (
	lockName = "lock"
	prefix   = "vacancies-"
	// patience is how long bleve waits for its own lock, which nobody can hold
	// but a process that does not take ours.
	patience = "2s"
)

// Open opens the index in o.Dir. When there is none, or one of another schema,
// or one that cannot be read, it begins an empty one: its Cursor is then zero,
// and it wants to be filled. It returns search.ErrBusy when another process has
// the directory open.
func Open(ctx context.Context, o Options) (*Index, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if o.Wait <= 0 {
		o.Wait = time.Second
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if err := os.MkdirAll(o.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("open embedded index: %w", err)
	}
	lock, err := hold(o.Dir, o.Wait)
	if err != nil {
		return nil, fmt.Errorf("open embedded index in %s: %w", o.Dir, err)
	}
	x := &Index{o: o, lock: lock, path: filepath.Join(o.Dir, prefix+schemaHash())}
	if err := x.open(); err != nil {
		return nil, errors.Join(fmt.Errorf("open embedded index in %s: %w", o.Dir, err), lock.Close())
	}
	return x, nil
}

// hold takes the directory. The lock is a bbolt file of its own, because bbolt
// locks on every system, lets go when a process dies, and can wait: bleve's
// own lock lies inside the directory that may have to be replaced.
func hold(dir string, wait time.Duration) (*bbolt.DB, error) {
	path := filepath.Join(dir, lockName)
	lock, err := bbolt.Open(path, 0o600, &bbolt.Options{Timeout: wait})
	if errors.Is(err, bbolterrors.ErrTimeout) {
		return nil, search.ErrBusy
	}
	return lock, err
}

// open opens what is there, or begins anew.
func (x *Index) open() error {
	if err := x.removeOthers(); err != nil {
		return err
	}
	if _, err := os.Stat(x.path); err == nil {
		if x.bleve, err = openExisting(x.path); err == nil {
			return nil
		}
		x.o.Log.Warn("the search index cannot be read and is begun anew", slog.String("path", x.path), slog.Any("error", err))
	}
	return x.create()
}

// removeOthers deletes the indexes of other schemas.
func (x *Index) removeOthers() error {
	entries, err := os.ReadDir(x.o.Dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		path := filepath.Join(x.o.Dir, e.Name())
		if !strings.HasPrefix(e.Name(), prefix) || path == x.path {
			continue
		}
		x.o.Log.Info("a search index of another schema is removed", slog.String("path", path))
		if err := os.RemoveAll(path); err != nil {
			return err
		}
	}
	return nil
}

// openExisting opens the index at path and looks whether it can be read. Damaged
// files can make bleve panic as well as fail.
func openExisting(path string) (b bleve.Index, err error) {
	defer func() {
		if p := recover(); p != nil {
			b, err = nil, fmt.Errorf("damaged: %v", p)
		}
	}()
	if err := whole(filepath.Join(path, "store", "root.bolt")); err != nil {
		return nil, err
	}
	b, err = bleve.OpenUsing(path, map[string]any{"bolt_timeout": patience})
	if err != nil {
		return nil, err
	}
	if _, err = cursorOf(b); err == nil {
		_, err = b.DocCount()
	}
	if err != nil {
		return nil, errors.Join(err, b.Close())
	}
	return b, nil
}

// whole looks whether a bbolt file is as long as it says. Bbolt maps it into
// memory, where to read beyond its end is no panic but the end of the process.
func whole(path string) (err error) {
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{ReadOnly: true, Timeout: time.Second})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return db.View(func(tx *bbolt.Tx) error {
		info, err := os.Stat(path)
		if err == nil && info.Size() < tx.Size() {
			err = fmt.Errorf("damaged: %s has %d bytes of %d", filepath.Base(path), info.Size(), tx.Size())
		}
		return err
	})
}

// create begins an empty index where one may have been.
func (x *Index) create() error {
	if err := os.RemoveAll(x.path); err != nil {
		return err
	}
	b, err := bleve.NewUsing(x.path, newMapping(), scorch.Name, scorch.Name, map[string]any{"bolt_timeout": patience})
	if err != nil {
		return err
	}
	x.bleve = b
	return nil
}

// Reset deletes everything and puts the cursor back to zero.
func (x *Index) Reset(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	x.writing.Lock()
	defer x.writing.Unlock()
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.bleve == nil {
		return errClosed
	}
	err := x.bleve.Close()
	x.bleve = nil
	x.words.invalidate()
	x.census.invalidate()
	x.phrases.forget()
	x.columns.forget()
	if err == nil {
		err = x.create()
	}
	if err != nil {
		return fmt.Errorf("empty the embedded index: %w", err)
	}
	return nil
}

// Close lets the directory go. Closing twice does no harm.
func (x *Index) Close() error {
	x.writing.Lock()
	defer x.writing.Unlock()
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.lock == nil {
		return nil
	}
	var err error
	if x.bleve != nil {
		err = x.bleve.Close()
		x.bleve = nil
	}
	err = errors.Join(err, x.lock.Close())
	x.lock = nil
	if err != nil {
		return fmt.Errorf("close the embedded index: %w", err)
	}
	return nil
}
