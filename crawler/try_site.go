package crawler

import (
	"cmp"
	"context"
	"errors"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/sendwatch/sendwatch/crawler/extract"
	"github.com/sendwatch/sendwatch/crawler/fetch"
	"github.com/sendwatch/sendwatch/crawler/survey"
)

// site looks at a page of HTML: an advert, a list of them, or a page that leads to
// one of either.
func (t *trial) site(ctx context.Context, page *survey.Page) error {
	postings, err := extract.JobPostings(page.Page)
	lists := page.Lists()
	switch {
	case err == nil && len(postings) == 1:
		t.Data, t.Postings, t.Source.Kind = "jobposting", postings, KindJobPosting
		return t.advert(ctx, page)
	case err == nil:
		t.Data, t.Postings = "jobposting", postings
		t.note("this page holds %d adverts itself; it is their own pages that are read", len(postings))
	case len(lists) == 0 && survey.IsAdvert(page):
		t.Data = "advert"
		return t.advert(ctx, page)
	}
	if len(lists) > 0 && !survey.IsAdvert(page) {
		return t.listing(ctx, page, lists[0])
	}
	return t.front(ctx, page)
}

// listing proposes a list that was found on a page.
func (t *trial) listing(ctx context.Context, page *survey.Page, found survey.List) error {
	t.Data, t.Listed = "listing", len(found.Links)
	t.Source.Discover = Discover{Listing: page.Address().RequestURI(), Item: found.Item}
	if !exactly(page, found) {
		t.Source.Discover.Match = found.Match
	}
	more, err := t.onward(ctx, page)
	if err != nil {
		return err
	}
	return t.sample(ctx, append(slices.Clone(found.Links), linked(more)...))
}

// exactly reports whether the item's selector alone finds what the list names.
func exactly(page *survey.Page, found survey.List) bool {
	return len(page.Pick(found.Item)) == len(found.Links)
}

// onward proposes how the list goes on: by the link to its next page, or by the
// numbers of its pages where those are all there is and the first has one too. It
// returns what the second page names, where it was looked at.
func (t *trial) onward(ctx context.Context, page *survey.Page) (more []string, err error) {
	d := &t.Source.Discover
	if selector, next := page.Next(); selector != "" {
		d.Next = selector
		second, err := t.page(ctx, next)
		if err != nil || second == nil {
			return nil, err
		}
		if more = second.Pick(d.Item); len(more) == 0 {
			t.note("%s holds none of what %s selects: is it a page of the same list?", next, d.Item)
		}
		return more, nil
	}
	template := page.Numbered(pageNumber)
	if template == "" {
		t.note("no link to a next page was found: the list is taken to have one page")
		return nil, nil
	}
	first := t.Source.URL + strings.ReplaceAll(template, pageNumber, "1")
	one, err := t.page(ctx, first)
	if err != nil {
		return nil, err
	}
	if one == nil || !slices.Equal(one.Pick(d.Item), page.Pick(d.Item)) {
		t.note("the pages of the list are numbered, but %s is not its first: choose discover.next or {page} by hand", first)
		return nil, nil
	}
	d.Listing = template
	return nil, nil
}

// advert looks for a list that names an advert, and where there is none proposes
// what can be said from the one page.
func (t *trial) advert(ctx context.Context, page *survey.Page) error {
	data := t.Data
	t.advertAt = page.Address().String()
	found, err := t.around(ctx, page, page.Address())
	if err != nil {
		return err
	}
	if found {
		t.note("the address is one advert's; the list that names it was found")
		t.Data = data
		return nil
	}
	t.Postings, t.Fields = nil, nil
	if err := t.sample(ctx, nil); err != nil {
		return err
	}
	t.Data, t.Source.Kind = data, ""
	t.note("no list that names this advert was found: try the address of the page that lists the vacancies, and use these fields with it")
	return nil
}

// front follows what leads from a page to a list.
func (t *trial) front(ctx context.Context, page *survey.Page) error {
	found, err := t.around(ctx, page, nil)
	if err != nil || found {
		return err
	}
	t.explain(page)
	return t.attach(ctx, page.Page, nil)
}

// explain says why a page led to nothing.
func (t *trial) explain(page *survey.Page) {
	if papers := page.Documents(); len(papers) > 0 {
		t.note("the adverts are documents (%d, such as %s), not pages: a source reads pages. Ask the school for a page for each post, or whether it "+
			"advertises with the national service as well; sendwatch normalise vacancy FILE reads one document by hand", len(papers), papers[0].URL)
		return
	}
	if page.Scripted() {
		t.note("this site needs a browser: its pages are empty until their scripts have run, and those are not run here. Ask its owner for a feed or a sitemap")
	}
}

// around looks for the list of a site's adverts from any page of it: in the pages
// that its links lead to, in its sitemaps, in the feeds it announces. With an
// advert's address, only a list that names adverts of that form will do.
func (t *trial) around(ctx context.Context, page *survey.Page, advert *url.URL) (bool, error) {
	listing, list, err := t.follow(ctx, page, advert)
	if err != nil {
		return false, err
	}
	maps, err := t.sitemaps(ctx, list, advert)
	if err != nil || maps {
		return maps, err
	}
	if listing != nil {
		t.note("the list was found at %s", listing.Address().RequestURI())
		return true, t.listing(ctx, listing, list)
	}
	for _, feed := range page.Feeds() {
		got, err := t.get(ctx, feed)
		if ctx.Err() != nil {
			return false, ctx.Err()
		}
		if err != nil {
			continue
		}
		found, err := extract.ReadFeed(got.Body)
		u, perr := url.Parse(feed)
		if err != nil || perr != nil || !jobsAmong(t.base, found.Links) {
			continue
		}
		at := t.base
		t.base = u
		err = t.feed(ctx, found)
		t.base = at
		return true, err
	}
	return false, nil
}

// jobsAmong reports whether the addresses of a feed speak of posts.
func jobsAmong(base *url.URL, links []string) bool {
	for _, link := range links {
		if u, err := base.Parse(link); err == nil && survey.IsPost(u) {
			return true
		}
	}
	return false
}

// follow looks at the pages that links promising adverts lead to, and at those
// that these lead to, and returns the first with a list on it, or nil.
func (t *trial) follow(ctx context.Context, page *survey.Page, advert *url.URL) (*survey.Page, survey.List, error) {
	type step struct {
		link  survey.Link
		depth int
	}
	var queue []step
	seen := map[string]bool{}
	add := func(p *survey.Page, depth int) {
		n := 0
		for _, l := range p.Leads() {
			if !seen[l.URL] && n < tryLeads {
				n++
				seen[l.URL] = true
				queue = append(queue, step{l, depth})
			}
		}
	}
	if advert != nil {
		seen[advert.String()] = true
		// Where nothing speaks of it, the list is often the folder above.
		above := *advert
		above.Path, above.RawPath, above.RawQuery = advert.Path[:max(strings.LastIndex(strings.TrimRight(advert.Path, "/"), "/"), 0)], "", ""
		add(page, 1)
		if above.Path != "" && !seen[above.String()] {
			queue = append(queue, step{survey.Link{URL: above.String()}, 2})
		}
	} else {
		add(page, 1)
	}
	var papers, scripted *survey.Page
	for asked := 0; len(queue) > 0 && asked < 2*tryLeads; asked++ {
		at := queue[0]
		queue = queue[1:]
		notes := len(t.Notes)
		p, err := t.page(ctx, at.link.URL)
		t.Notes = t.Notes[:notes] // a dead link of the site is not the operator's
		if err != nil {
			return nil, survey.List{}, err
		}
		if p == nil || !sameSite(p.Address(), t.base) {
			continue
		}
		for _, l := range p.Lists() {
			if advert == nil || names(l, advert) {
				return p, l, nil
			}
		}
		if len(p.Documents()) > 0 && papers == nil {
			papers = p
		}
		if p.Scripted() && scripted == nil {
			scripted = p
		}
		if at.depth < 2 {
			add(p, at.depth+1)
		}
	}
	if page := cmp.Or(papers, scripted); page != nil && advert == nil {
		t.explain(page)
	}
	return nil, survey.List{}, nil
}

// names reports whether a list names an advert, or others of its form.
func names(l survey.List, advert *url.URL) bool {
	if slices.ContainsFunc(l.Links, func(link survey.Link) bool { return link.URL == advert.String() }) {
		return true
	}
	re, err := regexp.Compile(l.Match)
	return l.Match != "" && err == nil && re.MatchString(advert.RequestURI())
}

// sitemaps proposes the site's sitemap where it names what a list names, or the
// advert, or without either what speaks of posts.
func (t *trial) sitemaps(ctx context.Context, list survey.List, advert *url.URL) (bool, error) {
	rt := t.client.RoundTripper(fetch.Policy{AllowPrivate: t.o.AllowPrivate, Delay: t.o.Delay, Port: t.base.Port()})
	robots, err := rt.Robots(ctx, t.base.String())
	var failed *fetch.Error
	if err != nil && !errors.As(err, &failed) {
		return false, err
	}
	roots := []string{"/sitemap.xml"}
	if err == nil && len(robots.Sitemaps()) > 0 {
		roots = robots.Sitemaps()
	}
	for _, root := range roots[:min(len(roots), trySitemaps)] {
		u, err := t.base.Parse(root)
		if err != nil || !sameSite(u, t.base) {
			continue
		}
		got, err := t.get(ctx, u.String())
		if ctx.Err() != nil {
			return false, ctx.Err()
		}
		if err != nil {
			continue
		}
		found, err := extract.ReadSitemap(got.Body)
		if err != nil {
			continue
		}
		entries, err := t.sitemapPages(ctx, u, found)
		if err != nil {
			return false, err
		}
		var wanted []string
		switch posts := alike(t.base, newestFirst(entries)); {
		case advert != nil:
			wanted = []string{advert.String()}
		case len(list.Links) > 0:
			for _, l := range list.Links {
				wanted = append(wanted, l.URL)
			}
		case jobsAmong(t.base, posts):
			wanted = posts
		}
		if links, match := among(t.base, entries, wanted); len(links) > 0 {
			t.Data, t.Listed = "sitemap", len(links)
			t.Source.Discover = Discover{Sitemap: u.RequestURI(), Match: match}
			t.note("the adverts stand in the site's sitemap %s", u.RequestURI())
			return true, t.sample(ctx, linked(links))
		}
	}
	return false, nil
}

// among are the pages of a sitemap that have the form of those that are wanted,
// newest first, and the expression that tells them from others. All that are wanted
// must be there.
func among(base *url.URL, entries []extract.Entry, wanted []string) (links []string, match string) {
	all := map[string]bool{}
	var order []string
	for _, link := range newestFirst(entries) {
		if u, err := base.Parse(link); err == nil && sameSite(u, base) && !all[u.String()] {
			all[u.String()] = true
			order = append(order, u.String())
		}
	}
	if slices.ContainsFunc(wanted, func(w string) bool { return !all[w] }) {
		return nil, ""
	}
	match = survey.MatchOf(wanted)
	re, err := regexp.Compile(match)
	if err != nil || match == "" {
		return nil, "" // nothing tells the adverts from the site's other pages
	}
	for _, link := range order {
		if u, err := url.Parse(link); err == nil && re.MatchString(u.RequestURI()) {
			links = append(links, link)
		}
	}
	return links, match
}

// sitemapPages are the pages of a sitemap, or of those that an index names: the
// ones first that speak of posts.
func (t *trial) sitemapPages(ctx context.Context, base *url.URL, found extract.Sitemap) ([]extract.Entry, error) {
	if len(found.Pages) > 0 || len(found.Sitemaps) == 0 {
		return found.Pages, nil
	}
	parts := slices.Clone(found.Sitemaps)
	slices.SortStableFunc(parts, func(a, b extract.Entry) int { return cmp.Compare(partRank(a.URL), partRank(b.URL)) })
	var pages []extract.Entry
	for _, part := range parts[:min(len(parts), trySitemaps)] {
		u, err := base.Parse(part.URL)
		if err != nil || !sameSite(u, base) {
			continue
		}
		got, err := t.get(ctx, u.String())
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err != nil {
			continue
		}
		if inner, err := extract.ReadSitemap(got.Body); err == nil {
			pages = append(pages, inner.Pages...)
		}
	}
	if n := len(parts) - trySitemaps; n > 0 {
		t.note("%d more sitemaps of the index were not looked at", n)
	}
	return pages, nil
}

func partRank(address string) int {
	if u, err := url.Parse(address); err == nil && survey.IsPost(u) {
		return 0
	}
	return 1
}

// alike are the links of one form, each once, in order: of the form that speaks of
// posts and that most links have, or else of the one that most have.
func alike(base *url.URL, links []string) []string {
	groups := map[string][]string{}
	seen := map[string]bool{}
	best := ""
	for _, link := range links {
		u, err := base.Parse(link)
		if err != nil || !sameSite(u, base) || u.Path == base.Path {
			continue
		}
		u.Fragment = ""
		form, address := survey.MatchOf([]string{u.String()}), u.String()
		if form == "" || seen[address] {
			continue
		}
		seen[address] = true
		groups[form] = append(groups[form], address)
		if better(form, groups[form], best, groups[best]) {
			best = form
		}
	}
	return groups[best]
}

func better(form string, links []string, best string, than []string) bool {
	post := func(links []string) bool {
		if len(links) == 0 {
			return false
		}
		u, err := url.Parse(links[0])
		return err == nil && survey.IsPost(u)
	}
	if form == best {
		return true
	}
	if a, b := post(links), post(than); a != b {
		return a
	}
	return len(links) > len(than)
}
