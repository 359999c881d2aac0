package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"

	"go.etcd.io/bbolt"
	bbolterrors "go.etcd.io/bbolt/errors"

	"github.com/sendwatch/sendwatch/configs"
)

// asked returns nil when the serve of this data folder answers over its socket, and
// its index too.
func asked(ctx context.Context, cfg *configs.Config) (cursor int64, err error) {
	err = (&app{cfg: cfg}).ask(ctx, "/control/cursor", nil, &cursor)
	return cursor, err
}

// nobodyListens reports whether an error of asked means that there is no socket, or
// one that a dead process left.
func nobodyListens(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "dial"
}

// atWork counts the processes that work on the data folder.
func atWork(dataDir string) (int, error) {
	dir := filepath.Join(dataDir, presenceFolder)
	files, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("look for processes: %w", err)
	}
	n := 0
	for _, f := range files {
		lock, err := bbolt.Open(filepath.Join(dir, f.Name()), 0o600, &bbolt.Options{Timeout: presenceTry, ReadOnly: true})
		switch {
		case errors.Is(err, bbolterrors.ErrTimeout):
			n++
		case err == nil:
			_ = lock.Close() // nothing was written
		}
	}
	return n, nil
}

// alive answers for a container's health check. A serve with the site must answer;
// with ready, and once it listens, nothing less will do. One that only works shows
// by its locked file that it is there.
func alive(ctx context.Context, cfg *configs.Config, ready bool) error {
	_, err := asked(ctx, cfg)
	if err == nil {
		return nil
	}
	if ready || !nobodyListens(err) {
		return fmt.Errorf("the site of %s does not answer: %w", cfg.DataDir, err)
	}
	n, err := atWork(cfg.DataDir)
	if err == nil && n == 0 {
		err = fmt.Errorf("no sendwatch serves %s", cfg.DataDir)
	}
	return err
}
