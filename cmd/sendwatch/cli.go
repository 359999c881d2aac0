package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"github.com/alecthomas/kong"
	"github.com/lmittmann/tint"
)

// streams is where a run reads and writes, and asks for its environment and the time.
type streams struct {
	in       io.Reader
	out, err io.Writer
	getenv   func(string) string
	now      func() time.Time
}

// Exit codes, as contracts with scripts.
const (
	exitFine   = 0
	exitFailed = 1
	exitUsage  = 2
)

// cli is the grammar of the command line.
type cli struct {
	Config  string           `help:"Configuration file (default $$SENDWATCH_CONFIG, else the built-in defaults)." placeholder:"FILE" type:"path"`
	JSON    bool             `name:"json" help:"Print machine output where people get tables."`
	Verbose bool             `short:"v" help:"Log more."`
	Version kong.VersionFlag `help:"Print the version and exit."`

	Demo          demoCmd          `cmd:"" help:"Show everything at work on fictional job sites, on this machine only."`
	Serve         serveCmd         `cmd:"" help:"Run everything on its schedule: crawl, index, match, deliver, site."`
	RunOnce       runOnceCmd       `cmd:"" help:"Crawl what is due, then index, match and deliver, and exit."`
	Crawl         crawlCmd         `cmd:"" help:"Crawl sources now."`
	Index         indexCmd         `cmd:"" help:"Bring the search index up to date."`
	Match         matchCmd         `cmd:"" help:"Bring the ledger up to date; or match given candidates with given vacancies."`
	Deliver       deliverCmd       `cmd:"" help:"Send the messages that are due."`
	Search        searchCmd        `cmd:"" help:"Search the vacancies."`
	Vacancy       vacancyCmd       `cmd:"" help:"Show everything known of one vacancy."`
	Sources       sourcesCmd       `cmd:"" help:"List, check and try sources."`
	Quarantine    quarantineCmd    `cmd:"" help:"List, show, replay and drop adverts that could not be read."`
	Subscriptions subscriptionsCmd `cmd:"" help:"Import, export and list subscriptions."`
	Employers     employersCmd     `cmd:"" help:"Import, list and show the national register of schools."`
	Normalise     normaliseCmd     `cmd:"" help:"Read pay, requirements or whole adverts from JSON Lines."`
	Payscales     payscalesCmd     `cmd:"" help:"Check the pay scales that adverts are read with."`
	Renormalise   renormaliseCmd   `cmd:"" help:"Read stored postings again where the rules are newer."`
	Reindex       reindexCmd       `cmd:"" help:"Build the search index anew from the store."`
	Doctor        doctorCmd        `cmd:"" help:"Check the configuration and everything it names, and say what to do."`
	ReadDocument  readDocumentCmd  `cmd:"" hidden:"" help:"Read one document, in a process with limits."`
	Migrate       migrateCmd       `cmd:"" help:"Move everything from SQLite to PostgreSQL."`
	Removal       removalCmd       `cmd:"" help:"Decide what visitors reported, and remove adverts for good."`
	Access        accessCmd        `cmd:"" help:"Say who may see the operator's and advisers' pages, or use the API more."`
	Privacy       privacyCmd       `cmd:"" help:"Export or erase what is kept of a person."`
}

// usageError marks a mistake in how the command was called: exit code 2.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

// sticky is a writer that remembers its first error, so that commands may print
// without asking after every line, and a full disk is still not exit 0.
type sticky struct {
	io.Writer
	err error
}

func (w *sticky) Write(b []byte) (int, error) {
	n, err := w.Writer.Write(b)
	if err != nil && w.err == nil {
		w.err = err
	}
	return n, err
}

// run is the program: it parses args, runs one command and returns the exit code.
func run(ctx context.Context, args []string, s streams) int {
	out := &sticky{Writer: s.out}
	s.out = out
	code := execute(ctx, args, s)
	if out.err != nil && code == exitFine {
		fmt.Fprintf(s.err, "sendwatch: write: %v\n", out.err)
		return exitFailed
	}
	return code
}

func execute(ctx context.Context, args []string, s streams) int {
	var c cli
	exited := false
	parser, err := kong.New(&c,
		kong.Name("sendwatch"),
		kong.Description("Watches school and agency job sites for SEMH and SEND teaching-assistant posts,\nshows what each really pays and asks for, and tells the people whom it fits."),
		kong.Writers(s.out, s.err),
		kong.Exit(func(int) { exited = true }),
		kong.Vars{"version": version()},
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.UsageOnError(),
	)
	if err != nil {
		fmt.Fprintf(s.err, "sendwatch: %v\n", err)
		return exitFailed
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	kctx, err := parser.Parse(args)
	if exited {
		return exitFine
	}
	if err != nil {
		fmt.Fprintf(s.err, "sendwatch: %v\nTry: sendwatch --help\n", err)
		return exitUsage
	}
	err = kctx.Run(&env{ctx: ctx, streams: s, cli: &c, log: logger(s.err, c.Verbose)})
	switch {
	case err == nil:
		return exitFine
	case errors.As(err, new(usageError)):
		fmt.Fprintf(s.err, "sendwatch: %v\nTry: sendwatch %s --help\n", err, kctx.Command())
		return exitUsage
	default:
		if !errors.Is(err, errSaid) {
			fmt.Fprintf(s.err, "sendwatch: %v\n", err)
		}
		return exitFailed
	}
}

// errSaid is a failure whose cause was already printed.
var errSaid = errors.New("failed")

// env is what every command runs with.
type env struct {
	streams
	ctx context.Context
	cli *cli
	log *slog.Logger
}

func logger(w io.Writer, verbose bool) *slog.Logger {
	level := slog.LevelInfo
	if verbose {
		level = slog.LevelDebug
	}
	if f, ok := w.(*os.File); ok && isTerminal(f) {
		return slog.New(tint.NewTextHandler(w, &tint.Options{Level: level, TimeFormat: "15:04:05"}))
	}
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: level}))
}

func isTerminal(f *os.File) bool {
	st, err := f.Stat()
	return err == nil && st.Mode()&os.ModeCharDevice != 0
}
