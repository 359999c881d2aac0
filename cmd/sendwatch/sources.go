package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/sendwatch/sendwatch/configs"
	"github.com/sendwatch/sendwatch/crawler"
	"github.com/sendwatch/sendwatch/ingest"
	"github.com/sendwatch/sendwatch/store"
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
it lists, how many it usually lists and how many of them cannot be read; below,
the alarms that are on and what to do about them.

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
		alarms, err := a.store.Alarms(e.ctx, "")
		if err != nil {
			return err
		}
		if e.cli.JSON {
			return json.NewEncoder(e.out).Encode(withAlarms(health, alarms))
		}
		w := tabwriter.NewWriter(e.out, 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, "SOURCE\tHEALTHY\tLISTED\tUSUALLY\tOPEN\tUNREADABLE\tLAST CRAWL\tLAST HEALTHY\tNEXT\tNOTE")
		for _, h := range health {
			healthy := "yes"
			switch {
			case h.LastCrawl.IsZero():
				healthy = "not crawled yet"
			case !h.Healthy:
				healthy = "NO"
			}
			fmt.Fprintf(w, "%s\t%s\t%d\t%d\t%d\t%d\t%s\t%s\t%s\t%s\n", h.Source, healthy, h.Listed, h.Usual, h.Open, h.Quarantined, clock(h.LastCrawl), clock(h.LastHealthy), clock(h.Next), h.Note)
		}
		err = w.Flush()
		for _, a := range alarms {
			fmt.Fprintf(e.out, "\n%s: %s (since %s)\n  → %s\n", a.Source, a.Says, clock(a.Since), ingest.Advice(a.Kind))
		}
		return err
	})
}

// alarmedSource is a source's health as it is printed for machines.
type alarmedSource struct {
	store.SourceHealth
	Alarms []store.Alarm
}

func withAlarms(health []store.SourceHealth, alarms []store.Alarm) []alarmedSource {
	out := make([]alarmedSource, len(health))
	for i, h := range health {
		out[i] = alarmedSource{h, []store.Alarm{}}
		for _, a := range alarms {
			if a.Source == h.Source {
				out[i].Alarms = append(out[i].Alarms, a)
			}
		}
	}
	return out
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
	return `The address may be a site's front page, its list of vacancies, one advert, a feed or a
sitemap. What leads to the adverts is looked for, two or three of them are read, and a
definition is proposed: where the list is, how it goes on, which element holds which
field. Then the adverts are read by that definition, and what it misses is said.

robots.txt is asked first, as by a crawl, and two dozen pages at most. The documents that
an advert links to are fetched and read too, to say whether they can be. Nothing is kept.

What is printed is a file of sources, its report in comments: save it, read it over, say
under terms why the site may be read, and name the file under source_files.

Examples:
  sendwatch sources try https://www.oakhill.example/
  sendwatch sources try https://jobs.example.org/vacancies > sources/example.yaml
  sendwatch sources try --allow-private http://127.0.0.1:9000/feed.rss`
}

// proposal is a source definition as it would stand in the configuration.
type proposal struct {
	ID           string           `yaml:"id"`
	Kind         string           `yaml:"kind"`
	URL          string           `yaml:"url"`
	Every        string           `yaml:"every"`
	EmployerKind string           `yaml:"employer_kind,omitempty"`
	AllowPrivate bool             `yaml:"allow_private,omitempty"`
	Terms        string           `yaml:"terms"`
	Notice       string           `yaml:"notice,omitempty"`
	Discover     configs.Discover `yaml:"discover,omitempty"`
	Fields       yaml.MapSlice    `yaml:"fields,omitempty"`
}

// proposed are the parts of a proposal that nobody but the operator knows.
const (
	proposedEvery  = "6h"
	proposedTerms  = "Say here why this site may be read, and who agreed to it."
	proposedNotice = "By courtesy of the site; apply there."
)

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

// printTrial writes a trial as a file of sources, with what was found in comments.
func (e *env) printTrial(a *app, t *crawler.Trial, documents []triedDocument) error {
	var b strings.Builder
	say := func(indent, format string, args ...any) {
		b.WriteString("# " + indent + plain(fmt.Sprintf(format, args...)) + "\n")
	}
	listed := ""
	if t.Listed > 0 {
		listed = fmt.Sprintf(", %d adverts listed", t.Listed)
	}
	say("", "%s (%s): %s%s", t.URL, t.MediaType, t.Data, listed)
	for i := range t.Postings {
		r := a.normaliser.Read(&t.Postings[i])
		say("  ", "%s, %s: %s; scope %s", r.Title, r.Employer, r.Pay.Say().Headline, r.Scope)
	}
	for _, f := range t.Fields {
		if f.Read > 0 {
			say("  ", "%s, %d of %d: %s", f.Name, f.Read, f.Of, beginning(f.Example))
		}
	}
	for _, d := range documents {
		standing := "would not be read"
		if d.Read {
			standing = fmt.Sprintf("would be read, %d words", d.Words)
		}
		say("  ", "attached: %s (%s): %s. %s", d.Title, d.URL, standing, d.Note)
	}
	for _, n := range t.Notes {
		say("  ", "note: %s", n)
	}
	if t.Source.Kind != "" {
		text, err := proposalOf(t)
		if err != nil {
			return err
		}
		b.Write(text)
	}
	_, err := io.WriteString(e.out, b.String())
	return err
}

// proposalOf is the proposed source as a file of sources.
func proposalOf(t *crawler.Trial) ([]byte, error) {
	s := t.Source
	p := proposal{
		ID: cmp.Or(s.ID, "choose-a-name"), Kind: s.Kind, URL: s.URL, Every: proposedEvery, EmployerKind: string(s.EmployerKind),
		AllowPrivate: s.AllowPrivate, Terms: proposedTerms, Discover: configs.Discover(s.Discover),
	}
	for _, f := range t.Fields {
		if rule := s.Fields[f.Name]; rule != "" {
			p.Fields = append(p.Fields, yaml.MapItem{Key: f.Name, Value: rule})
		}
	}
	if s.Kind != crawler.KindTeachingVacancies { // whose own is built in
		p.Notice = proposedNotice
	}
	text, err := yaml.Marshal(struct {
		Sources []proposal `yaml:"sources"`
	}{[]proposal{p}})
	if err != nil {
		return nil, fmt.Errorf("write the proposal: %w", err)
	}
	return text, nil
}

// beginning is the first words of a text.
func beginning(s string) string {
	words := strings.Fields(s)
	if len(words) <= 12 {
		return s
	}
	return strings.Join(words[:12], " ") + " …"
}
