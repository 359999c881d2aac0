package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/sendwatch/sendwatch/configs"
	"github.com/sendwatch/sendwatch/store"
)

type migrateCmd struct {
	To     string `help:"The PostgreSQL to move to: a file that holds its address, or the address itself (default database_url)." placeholder:"FILE|URL"`
	DryRun bool   `help:"Check what can be checked without the target, and print how much would be moved."`
}

func (migrateCmd) Help() string {
	return `Moves everything that this machine keeps in SQLite, below data_dir, to an empty
PostgreSQL database, so that several processes can share the work. Nobody is told
anything twice: what was told moves too. Stop every sendwatch that works on the
data folder first. The SQLite file stays as it is; afterwards it is a backup, and
no sendwatch works on it by mistake.

An address with a password belongs in a file, where other users of this machine do
not see it.

Examples:
  sendwatch --config sendwatch.yaml migrate --dry-run
  sendwatch --config sendwatch.yaml migrate --to /run/secrets/database_url
  sendwatch --config sendwatch.yaml migrate`
}

func (c *migrateCmd) Run(e *env) error {
	cfg, err := e.config()
	if err != nil {
		return err
	}
	address, err := c.target(cfg)
	if err != nil {
		return err
	}
	path := filepath.Join(cfg.DataDir, sqliteFile)
	if _, err := os.Stat(path); err != nil {
		return fmt.Errorf("there is nothing to move: %w", err)
	}
	m, err := beginMove(cfg.DataDir)
	if err != nil {
		return err
	}
	return errors.Join(c.move(e, m, path, address), m.end())
}

// target is the address to move to.
func (c *migrateCmd) target(cfg *configs.Config) (string, error) {
	switch {
	case isPostgres(c.To):
		return c.To, nil
	case c.To != "":
		address, err := configs.Secret(c.To)
		if err == nil && !isPostgres(address) {
			err = fmt.Errorf("%s does not hold an address that begins with postgres://", c.To)
		}
		if err != nil {
			return "", usageError{fmt.Errorf("--to: %w", err)}
		}
		return address, nil
	}
	address, err := cfg.DatabaseAddress()
	if err == nil && address == "" {
		err = usageError{errors.New("nothing says where to move to: set database_url, or give --to")}
	}
	return address, err
}

func isPostgres(address string) bool {
	return strings.HasPrefix(address, "postgres://") || strings.HasPrefix(address, "postgresql://")
}

// move opens both stores and copies the one to the other.
func (c *migrateCmd) move(e *env, m *move, path, address string) (err error) {
	from, err := store.Open(e.ctx, store.Options{Path: path, Now: e.now, NewID: newID})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, from.Close()) }()
	if c.DryRun {
		return e.printMovable(from)
	}
	to, err := store.Open(e.ctx, store.Options{URL: address, Now: e.now, NewID: newID})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, to.Close()) }()
	progress := e.progress()
	copied, err := store.Copy(e.ctx, store.CopyOptions{From: from, To: to, Progress: progress.report})
	progress.end()
	if err != nil {
		if copied.Rows == 0 {
			err = fmt.Errorf("nothing was moved: %w", err)
		}
		return err
	}
	if err := m.done(placeOf(address), e.now()); err != nil {
		return err
	}
	if err := e.printCopied(copied); err != nil {
		return err
	}
	c.sayNext(e, path)
	return nil
}

// placeOf names a database without its secrets.
func placeOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "PostgreSQL"
	}
	return u.Host + u.Path
}

// sayNext tells what is left to do.
func (c *migrateCmd) sayNext(e *env, path string) {
	if c.To != "" {
		fmt.Fprintln(e.err, "Next: set database_url (or database_url_file) to that database, on every machine, and start sendwatch.")
	} else {
		fmt.Fprintln(e.err, "Next: start sendwatch.")
	}
	fmt.Fprintf(e.err, "%s is as it was. Keep it until you are content, as a backup; it holds personal data, so then delete it.\n", path)
}

// printMovable prints how much there is to move.
func (e *env) printMovable(from *store.Store) error {
	n, err := from.Counts(e.ctx)
	if err != nil {
		return err
	}
	if e.cli.JSON {
		return json.NewEncoder(e.out).Encode(map[string]int{"postings": n.Postings, "vacancies": n.Vacancies, "subscriptions": n.Subscriptions, "alerts": n.Alerts})
	}
	_, err = fmt.Fprintf(e.out, "%d postings of %d vacancies, %d subscriptions and %d alerts would be moved; nothing was\n", n.Postings, n.Vacancies, n.Subscriptions, n.Alerts)
	return err
}

// printCopied prints how many rows of each table were moved.
func (e *env) printCopied(c store.Copied) error {
	if e.cli.JSON {
		tables := map[string]int{}
		for _, t := range c.Tables {
			tables[t.Name] = t.Rows
		}
		return json.NewEncoder(e.out).Encode(map[string]any{"tables": tables, "rows": c.Rows})
	}
	w := tabwriter.NewWriter(e.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "TABLE\tROWS")
	for _, t := range c.Tables {
		fmt.Fprintf(w, "%s\t%d\n", t.Name, t.Rows)
	}
	fmt.Fprintf(w, "total\t%d\n", c.Rows)
	return w.Flush()
}

// progressPause is how long a copy is silent at most where there is no terminal.
const progressPause = 10 * time.Second

// progress shows how a long copy gets on: a line that changes on a terminal, otherwise
// lines of the log, one for each table and more for a table that takes long.
type progress struct {
	e        *env
	terminal bool
	said     time.Time
	// finished is the table that was reported as copied last.
	finished string
}

func (e *env) progress() *progress {
	f, ok := e.err.(*os.File)
	return &progress{e: e, terminal: ok && isTerminal(f), said: e.now()}
}

func (p *progress) report(table string, done, total int) {
	switch now := p.e.now(); {
	case p.terminal:
		fmt.Fprintf(p.e.err, "\r\x1b[K%s: %d of %d rows", table, done, total)
	case done == total && p.finished != table:
		p.finished, p.said = table, now
		p.e.log.Info("moved", "table", table, "rows", total)
	case done < total && now.Sub(p.said) >= progressPause:
		p.said = now
		p.e.log.Info("moving", "table", table, "rows", done, "of", total)
	}
}

// end leaves the line that changed.
func (p *progress) end() {
	if p.terminal {
		fmt.Fprint(p.e.err, "\r\x1b[K")
	}
}
