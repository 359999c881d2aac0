package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/sendwatch/sendwatch/configs"
	"github.com/sendwatch/sendwatch/crawler"
	"github.com/sendwatch/sendwatch/ingest"
)

type sourcesCmd struct {
	List  sourcesListCmd  `cmd:"" help:"Show the health of every source."`
	Check sourcesCheckCmd `cmd:"" help:"Check the configuration without a request to any site."`
	Try   sourcesTryCmd   `cmd:"" help:"Fetch one address and show what would be read from it."`
}

func (sourcesCmd) Help() string {
	return `Examples:
  sendwatch --config sendwatch.yaml sources check
  sendwatch --config sendwatch.yaml sources list
  sendwatch --config sendwatch.yaml sources try https://jobs.example.org/`
}

type sourcesCheckCmd struct{}

func (sourcesCheckCmd) Help() string {
	return `Names every mistake at once, by line and key.

Example:
  sendwatch --config sendwatch.yaml sources check`
}

func (sourcesCheckCmd) Run(e *env) error {
	cfg, err := e.config()
	if err != nil {
		return err
	}
	for _, key := range cfg.Placeholder() {
		fmt.Fprintf(e.out, "%s still holds an example's value: only this machine is crawled and mailed\n", key)
	}
	list := sources(cfg)
	if len(list) == 0 {
		fmt.Fprintln(e.out, "no sources are configured")
		return nil
	}
	_, err = fmt.Fprintf(e.out, "the configuration is sound; sources: %s\n", sourceNames(list))
	return err
}

type sourcesListCmd struct{}

func (sourcesListCmd) Help() string {
	return `Shows when each source was last crawled, whether that went well, how many adverts
it lists and how many it usually lists.

Examples:
  sendwatch sources list
  sendwatch sources list --json`
}

func (sourcesListCmd) Run(e *env) error {
	return e.withApp(func(a *app) error {
		var ids []string
		for _, s := range a.cfg.Sources {
			ids = append(ids, s.ID)
		}
		if err := a.store.EnsureSources(e.ctx, ids); err != nil {
			return err
		}
		health, err := a.store.SourceHealth(e.ctx)
		if err != nil {
			return err
		}
		if e.cli.JSON {
			return json.NewEncoder(e.out).Encode(health)
		}
		w := tabwriter.NewWriter(e.out, 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, "SOURCE\tHEALTHY\tLISTED\tUSUALLY\tOPEN\tLAST CRAWL\tLAST HEALTHY\tNEXT\tNOTE")
		for _, h := range health {
			healthy := "yes"
			switch {
			case h.LastCrawl.IsZero():
				healthy = "not crawled yet"
			case !h.Healthy:
				healthy = "NO"
			}
			fmt.Fprintf(w, "%s\t%s\t%d\t%d\t%d\t%s\t%s\t%s\t%s\n", h.Source, healthy, h.Listed, h.Usual, h.Open, clock(h.LastCrawl), clock(h.LastHealthy), clock(h.Next), h.Note)
		}
		return w.Flush()
	})
}

func clock(t time.Time) string {
	if t.IsZero() {
		return "never"
	}
	return t.Local().Format("2 Jan 15:04")
}

type sourcesTryCmd struct {
	URL          string `arg:"" help:"The address of a job page, a list, a feed or a site."`
	AllowPrivate bool   `help:"Let the address be on this machine or a private network."`
}

func (sourcesTryCmd) Help() string {
	return `Asks robots.txt first, as a crawl does. The documents that an advert links to are
fetched and read too, to say whether they can be. Nothing is kept.

Examples:
  sendwatch sources try https://jobs.example.org/
  sendwatch sources try --allow-private http://127.0.0.1:9000/feed.rss`
}

// proposal is a source definition as it would stand in the configuration.
type proposal struct {
	ID       string           `yaml:"id"`
	Kind     string           `yaml:"kind"`
	URL      string           `yaml:"url"`
	Every    string           `yaml:"every"`
	Discover configs.Discover `yaml:"discover,omitempty"`
}

func (c *sourcesTryCmd) Run(e *env) error {
	return e.withApp(func(a *app) error {
		client := a.fetcher()
		defer client.Close()
		t, err := crawler.New(crawler.Options{Client: client, Log: a.log, Now: a.now, Attachments: true}).
			Try(e.ctx, c.URL, crawler.TryOptions{AllowPrivate: c.AllowPrivate, Delay: a.cfg.Crawl.Delay})
		if err != nil {
			return err
		}
		documents, err := tryDocuments(e.ctx, newDocumentReader(), t.Attachments)
		if err != nil {
			return err
		}
		if e.cli.JSON {
			return json.NewEncoder(e.out).Encode(trialLine{&t, documents})
		}
		return e.printTrial(a, &t, documents)
	})
}

// trialLine is a trial as it is printed for machines.
type trialLine struct {
	*crawler.Trial
	Attachments []triedDocument
}

// triedDocument says of a document that an advert links to whether it would be
// read with it, and why not, or what of it not.
type triedDocument struct {
	URL, Title string
	Read       bool
	Words      int
	Note       string
}

// tryDocuments reads documents as a crawl would.
func tryDocuments(ctx context.Context, reader ingest.Documents, found []crawler.Attachment) ([]triedDocument, error) {
	out := []triedDocument{}
	for i := range found {
		read, err := ingest.ReadAttachment(ctx, reader, &found[i])
		if err != nil {
			return nil, err
		}
		out = append(out, triedDocument{URL: read.URL, Title: read.Title, Read: read.Markdown != "", Words: len(strings.Fields(read.Markdown)), Note: read.Note})
	}
	return out, nil
}

func (e *env) printTrial(a *app, t *crawler.Trial, documents []triedDocument) error {
	fmt.Fprintf(e.out, "%s (%s): %s", t.URL, t.MediaType, t.Data)
	if t.Listed > 0 {
		fmt.Fprintf(e.out, ", %d adverts listed", t.Listed)
	}
	fmt.Fprintln(e.out)
	for i := range t.Postings {
		r := a.normaliser.Read(&t.Postings[i])
		fmt.Fprintf(e.out, "  %s, %s: %s; scope %s\n", r.Title, r.Employer, r.Pay.Say().Headline, r.Scope)
	}
	for _, d := range documents {
		standing := "would not be read"
		if d.Read {
			standing = fmt.Sprintf("would be read, %d words", d.Words)
		}
		fmt.Fprintln(e.out, strings.TrimRight(fmt.Sprintf("  attached: %s (%s): %s. %s", plain(d.Title), plain(d.URL), standing, plain(d.Note)), " "))
	}
	for _, n := range t.Notes {
		fmt.Fprintf(e.out, "  note: %s\n", n)
	}
	if t.Source.Kind == "" {
		return nil
	}
	p := proposal{ID: cmp.Or(t.Source.ID, "choose-a-name"), Kind: t.Source.Kind, URL: t.Source.URL, Every: "1h", Discover: configs.Discover(t.Source.Discover)}
	b, err := yaml.Marshal([]proposal{p})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(e.out, "A source for the configuration:\n%s", b)
	return err
}
