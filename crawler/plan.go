package crawler

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/crawler/extract"
)

// rulesVersion is raised when the reading of pages changes so much that pages
// already read must be read again.
const rulesVersion = 1

// plan is a source's definition, checked and compiled.
type plan struct {
	Source
	site  *url.URL
	match *regexp.Regexp
	// rules read the pages of KindHTML, and fill in what those of others leave out.
	rules *extract.Rules
	// reader reads the postings of an item's page. Where the lists themselves carry
	// the adverts it is nil, records reads a page of such a list, and firstRecords
	// is where the first one stands.
	reader       func(*extract.Page) ([]sendwatch.Posting, error)
	records      func(body []byte) (recordPage, error)
	firstRecords string
	// reread reads one record as it was kept.
	reread func(raw []byte) (sendwatch.Posting, error)
	// system says that the one list is the feed of an applicant tracking system.
	system bool
	// secrets are the parts of the feed's address that nobody is to see.
	secrets []string
	// version names the rules that decide how a page is read.
	version string
}

// Check reports what is wrong with a source's definition, every mistake at once.
func (s Source) Check() error {
	_, err := newPlan(s)
	return err
}

func newPlan(s Source) (*plan, error) {
	p := &plan{Source: s}
	p.MaxPages = cmp.Or(s.MaxPages, DefaultMaxPages)
	mistakes := p.compile()
	if err := errors.Join(mistakes...); err != nil {
		return nil, fmt.Errorf("source %q: %w", s.ID, err)
	}
	p.version = fingerprint(s)
	return p, nil
}

func (p *plan) compile() (mistakes []error) {
	var err error
	if p.site, err = url.Parse(p.URL); err != nil {
		mistakes = append(mistakes, err)
	} else if (p.site.Scheme != "http" && p.site.Scheme != "https") || p.site.Host == "" {
		mistakes = append(mistakes, fmt.Errorf("url %q is not an http address", p.URL))
	}
	for name, list := range p.Discover.lists() {
		if p.site != nil && p.resolve(p.site, list) == "" {
			if p.SecretFeed {
				list = hidden
			}
			mistakes = append(mistakes, fmt.Errorf("discover.%s: %q is no address on %s", name, list, p.site.Host))
		}
	}
	if p.SecretFeed && p.Discover.Feed == "" {
		mistakes = append(mistakes, errors.New("discover.feed: it is what a secret address is for"))
	}
	if p.SecretFeed {
		p.secrets = secretsOf(p.Discover.Feed)
	}
	if p.match, err = regexp.Compile(p.Discover.Match); err != nil {
		mistakes = append(mistakes, fmt.Errorf("discover.match: %w", err))
	}
	if p.rules, err = extract.NewRules(p.Fields); err != nil {
		mistakes = append(mistakes, err)
	}
	switch p.Kind {
	case KindTeachingVacancies:
		if p.Discover != (Discover{}) {
			mistakes = append(mistakes, errors.New("discover: the API needs none"))
		}
		p.Notice = cmp.Or(p.Notice, extract.APINotice)
		p.records, p.firstRecords = apiRecords, apiPath
		p.reread = func(raw []byte) (sendwatch.Posting, error) { return extract.APIRecord(raw) }
		return mistakes
	case KindBroadbean, KindVacancyPoster, KindVentrus, KindFusion:
		if p.Discover.Feed == "" || p.Discover != (Discover{Feed: p.Discover.Feed}) {
			mistakes = append(mistakes, fmt.Errorf("discover: a %s source needs its feed, and nothing else", p.Kind))
		}
		if !p.rules.Literal() {
			mistakes = append(mistakes, fmt.Errorf("fields: a %s source has no pages to select from; only values in quotes are of use", p.Kind))
		}
		p.system = true
		p.reread = func(raw []byte) (sendwatch.Posting, error) {
			r, err := extract.ReadATSRecord(p.Kind, raw)
			if err != nil {
				return sendwatch.Posting{}, err
			}
			return r.Posting()
		}
		return mistakes
	case KindJobPosting:
		p.reader = func(page *extract.Page) ([]sendwatch.Posting, error) {
			postings, err := extract.JobPostings(page)
			if len(postings) > 1 {
				page = nil // nobody can tell whose its other words are
			}
			for i := range postings {
				p.rules.Fill(&postings[i], page)
			}
			return postings, err
		}
	case KindHTML:
		if !p.rules.Names("title") {
			mistakes = append(mistakes, errors.New("fields: title is required"))
		}
		p.reader = func(page *extract.Page) ([]sendwatch.Posting, error) {
			posting, err := p.rules.Read(page)
			return []sendwatch.Posting{posting}, err
		}
	default:
		mistakes = append(mistakes, fmt.Errorf("kind %q is none of %s", p.Kind, strings.Join(kinds, ", ")))
	}
	return append(mistakes, p.Discover.check()...)
}

// lists are the ways of finding adverts that are set, and where they begin.
func (d Discover) lists() map[string]string {
	ways := map[string]string{"sitemap": d.Sitemap, "listing": d.Listing, "feed": d.Feed}
	maps.DeleteFunc(ways, func(_, value string) bool { return value == "" })
	return ways
}

func (d Discover) check() (mistakes []error) {
	if ways := d.lists(); len(ways) > 1 {
		mistakes = append(mistakes, fmt.Errorf("discover: choose one of %s", strings.Join(slices.Sorted(maps.Keys(ways)), " and ")))
	}
	if d.Listing != "" && d.Item == "" {
		mistakes = append(mistakes, errors.New("discover.item: a listing needs the selector of its links"))
	}
	if d.Next != "" && strings.Contains(d.Listing, pageNumber) {
		mistakes = append(mistakes, fmt.Errorf("discover.next: choose it or %s, not both", pageNumber))
	}
	for name, selector := range map[string]string{"item": d.Item, "next": d.Next} {
		if selector == "" {
			continue
		}
		if d.Listing == "" {
			mistakes = append(mistakes, fmt.Errorf("discover.%s: it belongs to a listing", name))
		}
		if _, err := extract.Selector(selector); err != nil {
			mistakes = append(mistakes, fmt.Errorf("discover.%s: %w", name, err))
		}
	}
	return mistakes
}

// fingerprint names the part of a definition that decides what is read of a page.
func fingerprint(s Source) string {
	rules, err := json.Marshal([]any{rulesVersion, s.Kind, s.Discover, s.Fields})
	if err != nil {
		// Strings and maps of strings always marshal.
		return ""
	}
	sum := sha256.Sum256(rules)
	return hex.EncodeToString(sum[:6])
}

// key is what a page is remembered under.
func (p *plan) key(address string) string { return p.shown(address) + "#rules=" + p.version }

// resolve makes an address of the site absolute; empty when it is none of the
// site's own pages.
func (p *plan) resolve(base *url.URL, link string) string {
	u, err := base.Parse(strings.TrimSpace(link))
	if err != nil || !p.own(u) {
		return ""
	}
	u.Fragment, u.RawFragment = "", ""
	if u.Path == "" {
		u.Path = "/"
	}
	return u.String()
}

// own reports whether an address is on the source's own host.
func (p *plan) own(u *url.URL) bool {
	return (u.Scheme == "http" || u.Scheme == "https") && sameSite(u, p.site)
}
