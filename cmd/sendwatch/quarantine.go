package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"
	"unicode"

	"github.com/sendwatch/sendwatch/configs"
	"github.com/sendwatch/sendwatch/ingest"
	"github.com/sendwatch/sendwatch/store"
)

type quarantineCmd struct {
	List   quarantineListCmd   `cmd:"" help:"List the adverts that could not be read."`
	Show   quarantineShowCmd   `cmd:"" help:"Show one of them, and what was fetched."`
	Replay quarantineReplayCmd `cmd:"" help:"Read them again by today's rules, without a request."`
	Drop   quarantineDropCmd   `cmd:"" help:"Forget them."`
}

func (quarantineCmd) Help() string {
	return `An advert that was fetched and could not be read is kept with the reason: a page
that the source's rules do not fit, a record without a title, a text on which the
reading failed. Correct the source in the configuration, then replay.

Examples:
  sendwatch quarantine list --source council-board
  sendwatch quarantine show 3fa94c0b12de --raw page.html
  sendwatch quarantine replay council-board`
}

// quarantineLine is an entry as it is printed for machines.
type quarantineLine struct {
	ID        string    `json:"id"`
	Source    string    `json:"source"`
	URL       string    `json:"url"`
	Reference string    `json:"reference"`
	Error     string    `json:"error"`
	Listed    bool      `json:"listed"`
	Times     int       `json:"times"`
	FirstAt   time.Time `json:"first_at"`
	LastAt    time.Time `json:"last_at"`
	RawType   string    `json:"raw_type"`
	Kept      bool      `json:"kept"`
}

func lineOf(q *store.Quarantined) quarantineLine {
	return quarantineLine{ID: q.ID(), Source: q.Source, URL: q.URL, Reference: q.Reference, Error: q.Error, Listed: q.Listed,
		Times: q.Times, FirstAt: q.FirstAt, LastAt: q.LastAt, RawType: q.RawType, Kept: q.Size > 0}
}

// quarantined goes through the entries of a source, or of all.
func (a *app) quarantined(ctx context.Context, source string, fn func(*store.Quarantined) error) error {
	const page = 200
	var last *store.Quarantined
	for {
		list, err := a.store.QuarantineList(ctx, source, last, page)
		if err != nil {
			return err
		}
		for i := range list {
			if err := fn(&list[i]); err != nil {
				return err
			}
		}
		if len(list) < page {
			return nil
		}
		last = &list[len(list)-1]
	}
}

type quarantineListCmd struct {
	Source string `help:"Only of this source." placeholder:"ID"`
}

func (quarantineListCmd) Help() string {
	return `One line for each: its id, how often it was met and when last, whether the site
still lists it, why it could not be read, and its address.

Examples:
  sendwatch quarantine list
  sendwatch quarantine list --source council-board --json`
}

func (c *quarantineListCmd) Run(e *env) error {
	return e.withApp(func(a *app) error {
		if e.cli.JSON {
			enc := json.NewEncoder(e.out)
			return a.quarantined(e.ctx, c.Source, func(q *store.Quarantined) error { return enc.Encode(lineOf(q)) })
		}
		w := tabwriter.NewWriter(e.out, 0, 0, 2, ' ', 0)
		n := 0
		err := a.quarantined(e.ctx, c.Source, func(q *store.Quarantined) error {
			if n++; n == 1 {
				fmt.Fprintln(w, "ID\tSOURCE\tTIMES\tLAST\tLISTED\tERROR\tADDRESS")
			}
			fmt.Fprintf(w, "%s\t%s\t%d\t%s\t%s\t%s\t%s\n", q.ID(), q.Source, q.Times, clock(q.LastAt), yesNo(q.Listed), visible(q.Error, 100), visible(q.URL, 120))
			return nil
		})
		if n == 0 && err == nil {
			fmt.Fprintln(e.err, "nothing is in quarantine")
		}
		return errors.Join(err, w.Flush())
	})
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// visible puts what others wrote on one line of bounded length. What a terminal would
// obey, and what would turn the direction of writing, is shown by its number.
func visible(s string, most int) string {
	s = escaped(strings.Join(strings.Fields(s), " "), false)
	if runes := []rune(s); len(runes) > most {
		s = string(runes[:most]) + "…"
	}
	return s
}

// escaped writes what is not printable by its number; ends of lines and tabs stay
// when they are wanted.
func escaped(s string, lines bool) string {
	var b strings.Builder
	for _, r := range s {
		if unicode.IsPrint(r) || lines && (r == '\n' || r == '\t') {
			b.WriteRune(r)
			continue
		}
		b.WriteString(strings.Trim(strconv.QuoteRune(r), "'"))
	}
	return b.String()
}

// find returns the one entry whose id begins so, or whose address it is.
func (a *app) find(ctx context.Context, name string) (store.Quarantined, error) {
	const leastID = 4
	var found []store.Quarantined
	err := a.quarantined(ctx, "", func(q *store.Quarantined) error {
		if q.URL == name || len(name) >= leastID && strings.HasPrefix(q.ID(), name) {
			found = append(found, *q)
		}
		return nil
	})
	switch {
	case err != nil:
		return store.Quarantined{}, err
	case len(found) == 0:
		return store.Quarantined{}, fmt.Errorf("nothing in quarantine is called %q; see: sendwatch quarantine list", name)
	case len(found) > 1:
		return store.Quarantined{}, fmt.Errorf("%q names %d entries: write their ids in full", name, len(found))
	}
	return found[0], nil
}

type quarantineShowCmd struct {
	ID  string `arg:"" help:"Its id, the beginning of that, or its address."`
	Raw string `help:"Write what was fetched to a new file; - is standard output." placeholder:"FILE"`
}

func (quarantineShowCmd) Help() string {
	return `On a terminal, what was fetched is shown with everything escaped that the terminal
would obey; into a file or a pipe it goes byte for byte.

Examples:
  sendwatch quarantine show 3fa94c0b12de
  sendwatch quarantine show 3fa94c0b12de --raw page.html
  sendwatch quarantine show https://jobs.example.org/job/17 --raw - | less`
}

func (c *quarantineShowCmd) Run(e *env) error {
	return e.withApp(func(a *app) error {
		q, err := a.find(e.ctx, c.ID)
		if err != nil {
			return err
		}
		if c.Raw != "" {
			whole, err := a.store.QuarantinedWhole(e.ctx, q)
			if err != nil {
				return err
			}
			if whole.Raw == nil {
				return errors.New("nothing was kept of it: it was too large, or one of too many")
			}
			return e.writeRaw(c.Raw, whole.Raw)
		}
		if e.cli.JSON {
			return json.NewEncoder(e.out).Encode(lineOf(&q))
		}
		const most = 4000
		w := tabwriter.NewWriter(e.out, 0, 0, 2, ' ', 0)
		kept := "nothing"
		if q.Size > 0 {
			kept = fmt.Sprintf("%s, %d bytes compressed", cmp.Or(visible(q.RawType, 100), "of no stated type"), q.Size)
		}
		fmt.Fprintf(w, "id\t%s\nsource\t%s\naddress\t%s\nreference\t%s\nerror\t%s\nfirst met\t%s\nlast met\t%s\ntimes\t%d\nstill listed\t%s\nkept\t%s\n",
			q.ID(), q.Source, visible(q.URL, most), visible(q.Reference, most), visible(q.Error, most), clock(q.FirstAt), clock(q.LastAt), q.Times, yesNo(q.Listed), kept)
		return w.Flush()
	})
}

// writeRaw writes what was fetched to standard output or to a file that is not there
// yet.
func (e *env) writeRaw(name string, raw []byte) error {
	if name == "-" {
		// Beneath the writer that remembers its errors.
		out := e.out
		if s, ok := out.(*sticky); ok {
			out = s.Writer
		}
		if f, ok := out.(*os.File); ok && isTerminal(f) {
			_, err := io.WriteString(e.out, escaped(strings.ToValidUTF8(string(raw), "\uFFFD"), true))
			return err
		}
		_, err := e.out.Write(raw)
		return err
	}
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("write what was fetched: %w", err)
	}
	_, err = f.Write(raw)
	return errors.Join(err, f.Close())
}

type quarantineReplayCmd struct {
	Sources []string `arg:"" optional:"" help:"Ids of the sources (default all of them)."`
}

func (quarantineReplayCmd) Help() string {
	return `Reads what was kept by today's rules, without a request to any site, and takes in
what can be read now as a crawl does; it leaves the quarantine by that. What the
site does not list any more is left alone. A source that is being crawled is waited
for a little while. Index and ledger follow as after a crawl: a running "sendwatch
serve" does so by itself, else run "sendwatch run-once".

Examples:
  sendwatch quarantine replay
  sendwatch quarantine replay council-board --json`
}

// replayPatience is how long a replay waits for a crawl to end.
const replayPatience = time.Minute

func (c *quarantineReplayCmd) Run(e *env) error {
	return e.withApp(func(a *app) error {
		chosen, err := choose(a.cfg, c.Sources)
		if err != nil {
			return err
		}
		in := a.ingest()
		in.Patience = replayPatience
		var done []ingest.Replayed
		var failures []error
		for _, s := range chosen {
			some, err := a.holds(e.ctx, s)
			if err == nil && !some {
				continue
			}
			var r ingest.Replayed
			if err == nil {
				r, err = in.Replay(e.ctx, sourceOf(a.cfg, s))
			}
			if errors.Is(err, store.ErrLeased) {
				err = fmt.Errorf("%w: try again when its crawl has ended", err)
			}
			if err != nil {
				failures = append(failures, err)
			}
			done = append(done, r)
		}
		return errors.Join(append(failures, e.printReplayed(done))...)
	})
}

// holds reports whether something of a source is in quarantine.
func (a *app) holds(ctx context.Context, s configs.Source) (bool, error) {
	list, err := a.store.QuarantineList(ctx, s.ID, nil, 1)
	return len(list) > 0, err
}

func (e *env) printReplayed(done []ingest.Replayed) error {
	if e.cli.JSON {
		enc := json.NewEncoder(e.out)
		for _, r := range done {
			if err := enc.Encode(r); err != nil {
				return err
			}
		}
		return nil
	}
	if len(done) == 0 {
		fmt.Fprintln(e.err, "nothing is in quarantine")
		return nil
	}
	w := tabwriter.NewWriter(e.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "SOURCE\tREAD NOW\tSTILL NOT\tNOT LISTED\tNOT KEPT\tNEW\tCHANGED\tUNCHANGED\tREOPENED")
	for _, r := range done {
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\n", r.Source, r.Read, r.Still, r.Past, r.Lost, r.New, r.Changed, r.Unchanged, r.Reopened)
	}
	return w.Flush()
}

type quarantineDropCmd struct {
	IDs    []string `arg:"" optional:"" name:"id" help:"Ids, as list shows them."`
	Source string   `help:"All of this source." placeholder:"ID"`
}

func (quarantineDropCmd) Help() string {
	return `What the site still lists comes back with the next crawl, if it still cannot be
read. Entries leave by themselves too, privacy.raw_days after they were last met.

Examples:
  sendwatch quarantine drop 3fa94c0b12de
  sendwatch quarantine drop --source council-board`
}

func (c *quarantineDropCmd) Run(e *env) error {
	if (len(c.IDs) == 0) == (c.Source == "") {
		return usageError{errors.New("name entries by their ids, or all of a source by --source")}
	}
	return e.withApp(func(a *app) error {
		n := 0
		drop := func(q store.Quarantined) error {
			done, err := a.store.DropQuarantined(e.ctx, q)
			if done {
				n++
			}
			return err
		}
		var err error
		if c.Source != "" {
			err = a.quarantined(e.ctx, c.Source, func(q *store.Quarantined) error { return drop(*q) })
		}
		for _, id := range c.IDs {
			q, ferr := a.find(e.ctx, id)
			if ferr == nil {
				ferr = drop(q)
			}
			err = errors.Join(err, ferr)
		}
		fmt.Fprintf(e.out, "%d dropped\n", n)
		return err
	})
}
