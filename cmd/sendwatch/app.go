package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/sendwatch/sendwatch/configs"
	"github.com/sendwatch/sendwatch/crawler"
	"github.com/sendwatch/sendwatch/crawler/fetch"
	"github.com/sendwatch/sendwatch/ingest"
	"github.com/sendwatch/sendwatch/notifier"
	"github.com/sendwatch/sendwatch/store"
	"github.com/sendwatch/sendwatch/web"
)

// app is the program put together: the store, what reads and matches with it,
// and what was opened on the way, closed in the opposite order.
type app struct {
	*knowledge
	cfg     *configs.Config
	log     *slog.Logger
	now     func() time.Time
	store   *store.Store
	links   notifier.Links
	owing   *notifier.Owing
	engines engines
	// metrics count what serve does; nil outside of it.
	metrics  *web.Metrics
	cleanups []func() error
}

// withApp loads the configuration, puts the program together, runs fn and
// closes everything.
func (e *env) withApp(fn func(*app) error) (err error) {
	cfg, err := e.config()
	if err != nil {
		return err
	}
	a, err := newApp(e.ctx, cfg, e.log, e.now)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.close()) }()
	return fn(a)
}

// withStore is withApp for commands that need the database and nothing that is
// learnt, which takes most of the time of a start.
func (e *env) withStore(fn func(*app) error) (err error) {
	cfg, err := e.config()
	if err != nil {
		return err
	}
	a := &app{cfg: cfg, log: e.log, now: e.now}
	defer func() { err = errors.Join(err, a.close()) }()
	if err := a.openData(e.ctx); err != nil {
		return err
	}
	return fn(a)
}

// config reads the configuration file that the command line or the environment names.
func (e *env) config() (*configs.Config, error) {
	return configs.Load(cmp.Or(e.cli.Config, e.getenv("SENDWATCH_CONFIG")), e.getenv)
}

// newApp puts the program together. What was opened before a failure is closed.
func newApp(ctx context.Context, cfg *configs.Config, log *slog.Logger, now func() time.Time) (*app, error) {
	k, err := learn()
	if err != nil {
		return nil, err
	}
	a := &app{knowledge: k, cfg: cfg, log: log, now: now}
	if err := a.open(ctx); err != nil {
		return nil, errors.Join(err, a.close())
	}
	return a, nil
}

func (a *app) open(ctx context.Context) error {
	if err := a.openData(ctx); err != nil {
		return err
	}
	a.owing = notifier.NewOwing(notifier.OwingOptions{Store: a.store, Matcher: a.matcher, Now: a.now, Log: a.log})
	return nil
}

// openData opens the data folder and the database.
func (a *app) openData(ctx context.Context) error {
	if err := os.MkdirAll(a.cfg.DataDir, 0o700); err != nil {
		return fmt.Errorf("data folder: %w", err)
	}
	key, err := signingKey(a.cfg)
	if err != nil {
		return err
	}
	a.links = notifier.Links{Key: key, Base: strings.TrimSuffix(a.cfg.Site.BaseURL, "/")}
	return a.openStore(ctx)
}

// openStore opens the database, and frees what processes that died had leased.
func (a *app) openStore(ctx context.Context) error {
	holder := newID()
	here, err := announce(a.cfg.DataDir, holder)
	if err != nil {
		return err
	}
	a.onClose(here.leave)
	address, err := a.cfg.DatabaseAddress()
	if err != nil {
		return err
	}
	if address == "" {
		if err := checkNotMoved(a.cfg.DataDir); err != nil {
			return err
		}
	}
	a.store, err = store.Open(ctx, store.Options{
		Path: filepath.Join(a.cfg.DataDir, sqliteFile), URL: address,
		Now: a.now, NewID: newID, MailHost: mailHost(a.cfg.Site.BaseURL), Holder: holder,
	})
	if err != nil {
		return err
	}
	a.onClose(a.store.Close)
	a.onClose(func() error { giveBack(ctx, a.store, holder, a.log); return nil })
	freed, err := buryDead(ctx, a.cfg.DataDir, a.store)
	if freed > 0 {
		a.log.Info("work of a process that died is free again", "pieces", freed)
	}
	return err
}

// newID mints an id that sorts by time, so that rows written together lie together.
func newID() string {
	return strings.ReplaceAll(uuid.Must(uuid.NewV7()).String(), "-", "")
}

// mailHost is the right-hand side of our Message-IDs.
func mailHost(base string) string {
	if u, err := url.Parse(base); err == nil && u.Hostname() != "" {
		return u.Hostname()
	}
	return "localhost"
}

func (a *app) onClose(fn func() error) { a.cleanups = append(a.cleanups, fn) }

// close undoes what was opened, last first.
func (a *app) close() error {
	var errs []error
	for i := len(a.cleanups) - 1; i >= 0; i-- {
		errs = append(errs, a.cleanups[i]())
	}
	a.cleanups = nil
	return errors.Join(errs...)
}

// signingKey reads the key that signs links, or makes one on the first start.
func signingKey(cfg *configs.Config) ([]byte, error) {
	path := cmp.Or(cfg.SigningKeyFile, filepath.Join(cfg.DataDir, "signing.key"))
	b, err := os.ReadFile(path)
	switch {
	case err == nil && len(b) >= 32:
		return b, nil
	case err == nil:
		return nil, fmt.Errorf("signing key %s: %d bytes, at least 32 are needed", path, len(b))
	case !errors.Is(err, os.ErrNotExist) || cfg.SigningKeyFile != "":
		return nil, fmt.Errorf("signing key: %w", err)
	}
	return makeKey(path)
}

// makeKey writes a new key so that a kill leaves either a whole key or none,
// and two processes that start together use the same one.
func makeKey(path string) ([]byte, error) {
	key := make([]byte, 32)
	_, _ = rand.Read(key) // never fails
	tmp, err := os.CreateTemp(filepath.Dir(path), ".signing-*")
	if err != nil {
		return nil, fmt.Errorf("signing key: %w", err)
	}
	defer func() { _ = os.Remove(tmp.Name()) }() // by then it has its other name
	_, err = tmp.Write(key)
	err = errors.Join(err, tmp.Sync(), tmp.Close())
	if err != nil {
		return nil, fmt.Errorf("signing key: %w", err)
	}
	if err := os.Link(tmp.Name(), path); errors.Is(err, os.ErrExist) {
		return os.ReadFile(path)
	} else if err != nil {
		return nil, fmt.Errorf("signing key: %w", err)
	}
	return key, nil
}

// ingest is the way in, with a crawler of its own.
func (a *app) ingest() *ingest.Ingest {
	client := a.fetcher()
	a.onClose(func() error { client.Close(); return nil })
	c := crawler.New(crawler.Options{Client: client, Log: a.log, Now: a.now, Attachments: true})
	return ingest.New(ingest.Options{
		Store: a.store, Normaliser: a.normaliser, Now: a.now, Log: a.log, NewID: newID, Crawler: c, Rereader: c,
		Documents: newDocumentReader(),
	})
}

// The store shares what hosts' answers teach among processes.
var _ fetch.Pacer = (*store.Store)(nil)

func (a *app) fetcher() *fetch.Client {
	return fetch.New(fetch.Options{
		UserAgent: a.cfg.Crawl.UserAgent, Contact: a.cfg.Crawl.Contact,
		LoopbackOnly: placeholder(a.cfg, "crawl.contact"),
		Hosts:        a.store, Now: a.now, Log: a.log,
	})
}

// placeholder reports whether a setting still holds an example's value.
func placeholder(cfg *configs.Config, key string) bool {
	for _, p := range cfg.Placeholder() {
		if p == key {
			return true
		}
	}
	return false
}

// sources are the configured sources as the crawler takes them.
func sources(cfg *configs.Config) []crawler.Source {
	var out []crawler.Source
	for _, s := range cfg.Sources {
		if !s.Disabled {
			out = append(out, sourceOf(cfg, s))
		}
	}
	return out
}

// watched are the ids of the sources that are crawled.
func (a *app) watched() []string {
	var ids []string
	for _, s := range sources(a.cfg) {
		ids = append(ids, s.ID)
	}
	return ids
}

func sourceOf(cfg *configs.Config, s configs.Source) crawler.Source {
	delay := cfg.Crawl.Delay
	if s.Delay != nil {
		delay = *s.Delay
	}
	return crawler.Source{
		ID: s.ID, Kind: s.Kind, URL: s.URL, Discover: crawler.Discover(s.Discover), Fields: s.Fields,
		EmployerKind: employerKind(s.EmployerKind), AllowPrivate: s.AllowPrivate,
		Delay: delay, Notice: s.Notice, MaxPages: s.MaxPages, MaxBytes: s.MaxBytes, SecretFeed: s.URLFile != "",
	}
}
