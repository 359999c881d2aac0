package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/sendwatch/sendwatch/store"
	"go.etcd.io/bbolt"
)

// Every process that works on a data folder keeps a locked file below running/,
// named as its leases are. The system lets a lock go when its process dies, however
// it dies; so whoever starts next knows the dead by their files, and frees the
// sources and messages that they held at once instead of waiting for the leases.
const (
	presenceFolder = "running"
	// presenceWait is how long one waits for the lock of one's own file, which a
	// process that looks for the dead may hold for a moment.
	presenceWait = 5 * time.Second
	// presenceTry is how long another's lock is tried for: once.
	presenceTry = time.Millisecond
	// goodbye is how long a process that leaves may take to give its leases back.
	goodbye = 5 * time.Second
)

// presence is the locked file of this process.
type presence struct {
	path string
	// lock is a bbolt file because bbolt locks on every system.
	lock *bbolt.DB
}

// announce locks a file for the holder. Should another process take it for a dead
// one's in the moment before it is locked, then only its leases must run out if it dies.
func announce(dataDir, holder string) (*presence, error) {
	p := &presence{path: filepath.Join(dataDir, presenceFolder, holder)}
	err := os.MkdirAll(filepath.Dir(p.path), 0o700)
	if err == nil {
		p.lock, err = bbolt.Open(p.path, 0o600, &bbolt.Options{Timeout: presenceWait, NoSync: true})
	}
	if err != nil {
		return nil, fmt.Errorf("announce this process: %w", err)
	}
	return p, nil
}

// leave takes the file away.
func (p *presence) leave() error { return errors.Join(p.lock.Close(), remove(p.path)) }

// giveBack frees what a process still holds when it leaves, told to or not: a claim
// that was interrupted may have been granted all the same, and nobody knows of it.
func giveBack(ctx context.Context, s *store.Store, holder string, log *slog.Logger) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), goodbye)
	defer cancel()
	if _, err := s.ReleaseHolder(ctx, holder); err != nil {
		log.Warn("what this process held is free only when its leases run out", "error", err)
	}
}

// remove removes a file that another may have removed before.
func remove(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

// buryDead frees what dead processes of this data folder held. A file that cannot be
// opened for another reason than its lock is left alone: leases end by themselves.
func buryDead(ctx context.Context, dataDir string, s *store.Store) (freed int, err error) {
	dir := filepath.Join(dataDir, presenceFolder)
	files, err := os.ReadDir(dir)
	if err != nil {
		return 0, fmt.Errorf("look for dead processes: %w", err)
	}
	for _, f := range files {
		path := filepath.Join(dir, f.Name())
		lock, err := bbolt.Open(path, 0o600, &bbolt.Options{Timeout: presenceTry, NoSync: true})
		if err != nil {
			continue // it lives
		}
		n, err := s.ReleaseHolder(ctx, f.Name())
		freed += n
		err = errors.Join(err, lock.Close())
		if err == nil {
			err = remove(path)
		}
		if err != nil {
			return freed, err
		}
	}
	return freed, nil
}
