package crawler

import (
	"context"
	"errors"
	"net/url"
	"slices"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/crawler/extract"
)

// ErrElsewhere is the Err of an Attachment in a Trial that a crawl would not ask
// for, since it is kept where neither the site nor those who make such sites do.
var ErrElsewhere = errors.New("the document is on another site")

// nothingKnown remembers nothing, as befits a trial.
type nothingKnown struct{}

func (nothingKnown) Pages(context.Context, string, []string) (map[string]Page, error) {
	return nil, nil
}

func (nothingKnown) Unlisted(context.Context, string) ([]Item, error) { return nil, nil }

// attach fetches the documents that a page of postings links to, as a crawl
// would; over a whole trial as many as of one advert.
func (t *trial) attach(ctx context.Context, page *extract.Page, postings []sendwatch.Posting) error {
	if !t.attachments {
		return nil
	}
	title := headline(page)
	if len(postings) > 0 {
		title = postings[0].Title
	}
	run := &crawl{
		plan: &plan{Source: t.Source, site: t.base}, known: nothingKnown{}, client: t.client,
		shared: map[string]shared{}, hosts: t.hosts,
	}
	for _, link := range page.Attachments(title, maxAttachments) {
		known := func(a Attachment) bool { return a.URL == link.URL }
		u, err := url.Parse(link.URL)
		if err != nil || len(t.Attachments) == maxAttachments || slices.ContainsFunc(t.Attachments, known) {
			continue
		}
		a := Attachment{URL: link.URL, Title: link.Title}
		if run.keeps(u) {
			if _, err := run.attachment(ctx, u, Item{}, &a); err != nil {
				return err
			}
		} else {
			a.Err = ErrElsewhere
		}
		if a.Err != nil || isDocument(u, a.MediaType) {
			t.Attachments = append(t.Attachments, a)
		}
	}
	return nil
}

// headline is what the proposed rules read as the title of a page.
func headline(page *extract.Page) string {
	rules, err := extract.NewRules(guessedFields())
	if err != nil {
		return ""
	}
	posting, err := rules.Read(page)
	if err != nil {
		return ""
	}
	return posting.Title
}

// guessedFields are the selectors that most pages can be read by.
func guessedFields() map[string]string { return map[string]string{"title": "h1", "body": "main"} }
