package crawler

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/crawler/extract"
	"github.com/sendwatch/sendwatch/crawler/survey"
)

// sample looks at a few of a list's adverts, proposes how they are read, and reads
// them so.
func (t *trial) sample(ctx context.Context, links []survey.Link) error {
	var pages []*survey.Page
	var titles []string
	carrying := 0
	if t.advertAt != "" { // the one that was asked about, before others
		this := survey.Link{URL: t.advertAt}
		others := slices.DeleteFunc(slices.Clone(links), func(l survey.Link) bool {
			if l.URL == this.URL {
				this = l
			}
			return l.URL == this.URL
		})
		links = append([]survey.Link{this}, others...)
	}
	for _, link := range links[:min(len(links), 2*trySamples)] {
		if len(pages) == trySamples {
			break
		}
		page, err := t.page(ctx, link.URL)
		if err != nil {
			return err
		}
		if page == nil {
			continue
		}
		if _, err := extract.JobPostings(page.Page); err == nil {
			carrying++
		}
		pages, titles = append(pages, page), append(titles, link.Text)
	}
	t.Source.Kind = KindJobPosting
	if len(pages) == 0 {
		t.note("no advert came: how they are read is not known")
		t.Source.Kind = ""
		return nil
	}
	if carrying*2 < len(pages) {
		t.Source.Kind = KindHTML
		t.Source.Fields = survey.Fields(pages, titles)
		t.note("the pages carry no JobPosting data and are read by rules: look at fields")
	}
	t.employer(pages)
	if t.Source.Kind == KindHTML && !t.readable() {
		if pages[0].Scripted() {
			t.note("this site needs a browser: its adverts are empty until their scripts have run, and those are not run here")
		} else {
			t.note("neither title nor text of the adverts could be told: choose fields.title and fields.body by hand")
		}
		t.Source.Kind = ""
		return nil
	}
	if carrying > 0 && carrying < len(pages) {
		t.note("%d of %d pages that were looked at carry a JobPosting", carrying, len(pages))
	}
	return t.read(ctx, pages)
}

// readable reports whether the rules say what a source needs.
func (t *trial) readable() bool {
	return t.Source.Fields["title"] != "" && t.Source.Fields["body"] != ""
}

// employer names the employer of a site that is one employer's, and its place, where
// its adverts do not say.
func (t *trial) employer(pages []*survey.Page) {
	host := strings.ToLower(t.base.Hostname())
	switch {
	case strings.HasSuffix(host, ".sch.uk"):
		t.Source.EmployerKind = sendwatch.EmployerSchool
	case strings.HasSuffix(host, ".gov.uk"):
		t.Source.EmployerKind = sendwatch.EmployerCouncil
	}
	if t.Source.Kind != KindHTML || t.Source.Fields["employer"] != "" {
		return
	}
	name, postcode := survey.Site(pages)
	if !survey.IsEmployer(name) || strings.ContainsAny(name, "\"\n") {
		return
	}
	t.Source.Fields["employer"] = "'" + name + "'"
	t.Source.EmployerKind = cmp.Or(t.Source.EmployerKind, sendwatch.EmployerSchool)
	t.note("the site is taken to be one employer's, %s: correct fields.employer if it is not", name)
	if postcode != "" && t.Source.Fields["postcode"] == "" {
		t.Source.Fields["postcode"] = "'" + postcode + "'"
	}
}

// read reads the sampled adverts by the proposed source, and says what is missing.
func (t *trial) read(ctx context.Context, pages []*survey.Page) error {
	t.Postings = nil
	p, err := newPlan(t.Source)
	if err != nil {
		return err
	}
	var whole []*survey.Page
	for _, page := range pages {
		postings, err := p.reader(page.Page)
		if err != nil {
			t.note("%s: %v", page.Address(), err)
			continue
		}
		if words, err := extract.Closed(page.Page); err == nil && words != "" {
			t.note("%s says that it is closed: %q", page.Address(), words)
		}
		t.Postings = append(t.Postings, postings...)
		if len(postings) == 1 {
			whole = append(whole, page)
		}
	}
	if t.Source.Kind == KindJobPosting && len(t.Source.Fields) == 0 && t.complete(whole) {
		return t.read(ctx, pages)
	}
	for _, page := range pages {
		var of []sendwatch.Posting
		for _, posting := range t.Postings {
			if posting.URL == page.Address().String() {
				of = append(of, posting)
			}
		}
		if err := t.attach(ctx, page.Page, of); err != nil {
			return err
		}
	}
	t.count()
	return nil
}

// complete proposes rules for what the data of adverts leaves out and their pages
// show under a label.
func (t *trial) complete(pages []*survey.Page) bool {
	rules := survey.Labelled(pages)
	maps.DeleteFunc(rules, func(name, _ string) bool {
		return name == "reference" || slices.ContainsFunc(t.Postings, func(p sendwatch.Posting) bool { return valueOf(&p, name) != "" })
	})
	if len(rules) == 0 {
		return false
	}
	t.Source.Fields = rules
	return true
}

// triedFields are the fields that a trial accounts for; wanted are those that an
// advert should not be without.
var (
	triedFields = []string{"title", "reference", "employer", "location", "postcode", "pay", "hours", "contract", "dates", "posted", "closes", "body"}
	wanted      = []string{"employer", "location", "pay", "contract", "posted", "closes", "hours"}
)

// count says of each field how often it was read, and what to do about those that
// never were.
func (t *trial) count() {
	t.Fields = nil
	var missing []string
	for _, name := range triedFields {
		f := TriedField{Name: name, Of: len(t.Postings)}
		for i := range t.Postings {
			value := valueOf(&t.Postings[i], name)
			if value == "" {
				continue
			}
			f.Read++
			f.Example = cmp.Or(f.Example, value)
		}
		t.Fields = append(t.Fields, f)
		placed := name == "location" && slices.ContainsFunc(t.Postings, func(p sendwatch.Posting) bool { return p.Postcode != "" })
		if f.Read == 0 && f.Of > 0 && slices.Contains(wanted, name) && !placed {
			missing = append(missing, name)
		}
	}
	if len(missing) > 0 && (t.Source.Kind == KindHTML || t.Source.Kind == KindJobPosting) {
		t.note("not read: %s. The text may say them; where the pages show them in a place of their own, add a selector under fields, "+
			"or a value in quotes where all adverts have the same", strings.Join(missing, ", "))
	}
}

// valueOf is what a posting has for a field, as one line.
func valueOf(p *sendwatch.Posting, name string) string {
	switch value := extract.Value(p, name); name {
	case "employer":
		return cmp.Or(value, p.EmployerURN)
	case "body":
		return extract.Plain(value)
	default:
		return value
	}
}
