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
	w := tabwriter.NewWriter(e.out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "TABLE\tROWS\t")
	for _, t := range c.Tables {
		fmt.Fprintf(w, "%s\t%d\t\n", t.Name, t.Rows)
	}
	fmt.Fprintf(w, "total\t%d\t\n", c.Rows)
	return w.Flush()
}

// progress shows how a long copy gets on: a line that changes on a terminal, and a
// line of the log for each table otherwise.
type progress struct {
	e        *env
	terminal bool
	shown    bool
}

func (e *env) progress() *progress {
	f, ok := e.err.(*os.File)
	return &progress{e: e, terminal: ok && isTerminal(f)}
}

func (p *progress) report(table string, done, total int) {
	switch {
	case p.terminal:
		p.shown = true
		fmt.Fprintf(p.e.err, "\r\x1b[K%s: %d of %d rows", table, done, total)
	case done == total:
		p.e.log.Info("moved", "table", table, "rows", total)
	}
}

// end leaves the line that changed.
func (p *progress) end() {
	if p.shown {
		fmt.Fprint(p.e.err, "\r\x1b[K")
	}
}
