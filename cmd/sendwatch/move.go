package main

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"time"

	"go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"
)

// A store that moves from SQLite to PostgreSQL must not be written to meanwhile, nor
// afterwards by a process that was not told of it: what it then told people they
// would be told again. So a move locks the data folder against processes that start,
// and leaves a note there.
const (
	sqliteFile = "sendwatch.db"
	// movingFile is locked while the store moves.
	movingFile = "moving.lock"
	// movedFile is the note. It says where the store went.
	movedFile = "sendwatch.db.moved"
)

// move is the lock of a data folder whose store moves.
type move struct {
	dataDir string
	lock    *bbolt.DB
}

// beginMove locks the folder, unless a process works on it. A process that starts
// announces itself before it looks at this lock, and we look for processes after we
// have it: whoever comes second finds the other.
func beginMove(dataDir string) (*move, error) {
	lock, err := bbolt.Open(filepath.Join(dataDir, movingFile), 0o600, &bbolt.Options{Timeout: presenceWait, NoSync: true})
	if errors.Is(err, bolterrors.ErrTimeout) {
		return nil, fmt.Errorf("another sendwatch migrate is at work on %s", dataDir)
	}
	if err != nil {
		return nil, fmt.Errorf("lock %s: %w", dataDir, err)
	}
	m := &move{dataDir, lock}
	if err := m.alone(); err != nil {
		return nil, errors.Join(err, m.end())
	}
	return m, nil
}

// alone fails when another process works on the folder.
func (m *move) alone() error {
	busy := fmt.Errorf("a sendwatch works on %s: stop serve, and whatever else runs there, first", m.dataDir)
	if conn, err := net.DialTimeout("unix", filepath.Join(m.dataDir, socketFile), time.Second); err == nil {
		return errors.Join(busy, conn.Close())
	}
	dir := filepath.Join(m.dataDir, presenceFolder)
	files, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("look for other processes: %w", err)
	}
	for _, f := range files {
		held, err := locked(filepath.Join(dir, f.Name()))
		if err != nil {
			return fmt.Errorf("look for other processes: %w", err)
		}
		if held {
			return busy
		}
	}
	return nil
}

// done leaves the note.
func (m *move) done(place string, at time.Time) error {
	text := fmt.Sprintf("%s was moved to the PostgreSQL database %s at %s.\n", sqliteFile, place, at.UTC().Format(time.RFC3339))
	if err := os.WriteFile(filepath.Join(m.dataDir, movedFile), []byte(text), 0o600); err != nil {
		return fmt.Errorf("everything was moved, but not noted: %w", err)
	}
	return nil
}

// end lets processes start again.
func (m *move) end() error {
	return errors.Join(m.lock.Close(), remove(filepath.Join(m.dataDir, movingFile)))
}

// checkNotMoved fails when the SQLite store of a data folder is not the one to use.
func checkNotMoved(dataDir string) error {
	note := filepath.Join(dataDir, movedFile)
	if text, err := os.ReadFile(note); err == nil {
		return fmt.Errorf("%sSet database_url to it; or remove %s to go on with SQLite, which knows nothing of what was told since", text, note)
	}
	moving, err := locked(filepath.Join(dataDir, movingFile))
	if err == nil && moving {
		err = fmt.Errorf("the store of %s is being moved: start again when that is done", dataDir)
	}
	return err
}

// locked reports whether a process holds the lock of a file. One that is not there is
// not made.
func locked(path string) (bool, error) {
	lock, err := bbolt.Open(path, 0o600, &bbolt.Options{Timeout: presenceTry, NoSync: true,
		OpenFile: func(name string, flag int, mode os.FileMode) (*os.File, error) {
			return os.OpenFile(name, flag&^os.O_CREATE, mode)
		}})
	switch {
	case err == nil:
		return false, lock.Close()
	case errors.Is(err, bolterrors.ErrTimeout):
		return true, nil
	case errors.Is(err, fs.ErrNotExist):
		return false, nil
	}
	return false, err
}
