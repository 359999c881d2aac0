package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"text/tabwriter"
	"time"

	"github.com/sendwatch/sendwatch/configs"
	"github.com/sendwatch/sendwatch/internal/jobsite"
	"github.com/sendwatch/sendwatch/internal/jobsite/mailsink"
)

type demoCmd struct {
	Once    bool   `help:"Run the chain once, print a summary with the counts, and exit."`
	Listen  string `help:"Where the site listens; any free port when this one is taken." default:"127.0.0.1:8080" placeholder:"HOST:PORT"`
	DataDir string `help:"Keep the demo's data here (default a temporary folder, removed at the end)." placeholder:"FOLDER" type:"path"`
}

func (demoCmd) Help() string {
	return `Starts four fictional job sites and a mail sink on this machine, crawls, indexes,
matches eight invented people, sends their emails to the sink, serves the site,
and prints where to look. Nothing leaves this machine.

Examples:
  sendwatch demo
  sendwatch demo --once`
}

func (c *demoCmd) Run(e *env) (err error) {
	d, err := c.begin(e)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.close()) }()
	if err := d.importPeople(); err != nil {
		return err
	}
	if err := d.chain(e.ctx); err != nil {
		return err
	}
	if c.Once {
		return nil
	}
	return d.show(e.ctx)
}

// demo is the program at work on a fictional world.
type demo struct {
	*app
	e        *env
	world    *jobsite.World
	sink     *mailsink.Sink
	listener net.Listener
}

func (c *demoCmd) begin(e *env) (*demo, error) {
	cfg, err := configs.Load("", func(string) string { return "" })
	if err != nil {
		return nil, err
	}
	d := &demo{e: e}
	// The adverts keep their dates, also when the demo is left running overnight.
	started := e.now()
	if d.world, err = jobsite.Start(func() time.Time { return started }); err != nil {
		return nil, err
	}
	if d.sink, err = mailsink.Start(mailsink.Options{Now: e.now}); err != nil {
		d.world.Close()
		return nil, err
	}
	if d.listener, err = listen(c.Listen); err != nil {
		return nil, err
	}
	dir, remove := c.DataDir, func() error { return nil }
	if dir == "" {
		if dir, err = os.MkdirTemp("", "sendwatch-demo-"); err != nil {
			return nil, err
		}
		remove = func() error { return os.RemoveAll(dir) }
	}
	cfg.DataDir, cfg.Sources, cfg.Crawl.Delay = dir, d.world.Sources(), 0
	cfg.SMTP.Host, cfg.SMTP.Port = "127.0.0.1", d.sink.Port()
	cfg.Site.Listen, cfg.Site.BaseURL = d.listener.Addr().String(), "http://"+d.listener.Addr().String()
	if d.app, err = newApp(e.ctx, cfg, e.log, e.now); err != nil {
		return nil, errors.Join(err, remove())
	}
	// Last opened is closed first: the program, then the world, then its data.
	d.cleanups = append([]func() error{remove, func() error { d.world.Close(); return nil }, d.sink.Close}, d.cleanups...)
	return d, nil
}

// listen takes the address, or any free port beside it when it is taken.
func listen(address string) (net.Listener, error) {
	l, err := net.Listen("tcp", address)
	if err == nil {
		return l, nil
	}
	host, _, serr := net.SplitHostPort(address)
	if serr != nil {
		return nil, usageError{fmt.Errorf("--listen %q is not host:port", address)}
	}
	return net.Listen("tcp", net.JoinHostPort(host, "0"))
}

// importPeople puts the invented people's subscriptions in.
func (d *demo) importPeople() error {
	for i, line := range bytes.Split(bytes.TrimSpace(jobsite.People), []byte("\n")) {
		if err := d.importLine(d.e, line, true); err != nil {
			return fmt.Errorf("person %d: %w", i+1, err)
		}
	}
	return nil
}

// chain carries the adverts to the inboxes once and prints what happened.
func (d *demo) chain(ctx context.Context) error {
	started := d.now()
	reports, err := d.crawl(ctx, d.cfg.Sources, true)
	if err != nil {
		return err
	}
	if err := d.e.printReports(reports); err != nil {
		return err
	}
	if err := d.indexOnce(ctx); err != nil {
		return err
	}
	if err := d.matchOnce(ctx); err != nil {
		return err
	}
	dispatcher, err := d.dispatcher()
	if err != nil {
		return err
	}
	done, err := dispatcher.Deliver(ctx)
	if err != nil {
		return err
	}
	read := 0
	for _, r := range reports {
		read += r.New
	}
	n, err := d.store.Counts(ctx)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(d.e.out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "\nsites crawled\t%d\nadverts read\t%d\nvacancies kept\t%d\njoined\t%d\nmatches\t%d\nemails delivered\t%d\nseconds\t%.1f\n",
		len(reports), read, n.Vacancies, n.Postings-n.Vacancies, n.Alerts, done.Sent, d.now().Sub(started).Seconds())
	return w.Flush()
}

// show serves everything until the person has seen enough.
func (d *demo) show(ctx context.Context) error {
	base := d.cfg.Site.BaseURL
	fmt.Fprintf(d.e.out, "\nLook at\n  %s/          the search\n  %s/sources   the sources\n  %s/demo/mail/  the emails that were sent\n", base, base, base)
	for _, s := range jobsite.Sites() {
		fmt.Fprintf(d.e.out, "  %s   the fictional site %q\n", d.world.URL(s), s)
	}
	fmt.Fprintln(d.e.out, "Stop with Ctrl-C.")
	for i := range d.cfg.Sources {
		d.cfg.Sources[i].Every = "1m"
	}
	return d.serve(ctx, serveOptions{
		roles: []string{"web", "crawl", "match", "deliver"}, listener: d.listener,
		extra:  map[string]http.Handler{"/demo/mail/": http.StripPrefix("/demo/mail", d.sink.Handler())},
		notice: "This is a demonstration: the schools, adverts and people are invented. Emails go to /demo/mail/ on this machine.",
	})
}
