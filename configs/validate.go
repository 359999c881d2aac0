package configs

import (
	"cmp"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

var sourceID = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,62}$`)

// maxAnswer is the most that max_bytes may allow.
const maxAnswer = 1 << 30

// htmlFields are the fields that rules may name.
var htmlFields = []string{"title", "employer", "location", "postcode", "pay", "hours", "contract", "dates", "posted", "closes", "reference", "urn", "body"}

var employerKinds = []string{"", "school", "trust", "council", "agency", "company", "charity"}

// validate returns every mistake in the values.
func (c *Config) validate() error {
	var errs []error
	bad := func(key, format string, args ...any) {
		errs = append(errs, fmt.Errorf("%s: %s", key, fmt.Sprintf(format, args...)))
	}
	if c.DataDir == "" {
		bad("data_dir", "must name a folder")
	}
	if c.DatabaseURL != "" {
		if err := checkDatabaseURL(c.DatabaseURL); err != nil {
			bad("database_url", "%v", err)
		}
		if c.DatabaseURLFile != "" {
			bad("database_url_file", "database_url is set as well; keep one of them")
		}
	}
	_, faults := parseNodes(c.Search.MeilisearchURL)
	for _, fault := range faults {
		bad("search.meilisearch_url", "%v", fault)
	}
	if !slices.Contains([]string{"none", "starttls", "implicit"}, c.SMTP.TLS) {
		bad("smtp.tls", "%q is not none, starttls or implicit", c.SMTP.TLS)
	}
	if c.SMTP.Port < 1 || c.SMTP.Port > 65535 {
		bad("smtp.port", "%d is not a port", c.SMTP.Port)
	}
	if _, err := mail.ParseAddress(c.SMTP.From); err != nil {
		bad("smtp.from", "%q is not an address such as \"Sendwatch <alerts@your.domain>\"", c.SMTP.From)
	}
	if _, err := mail.ParseAddress(c.Operator.Email); err != nil && c.Operator.Email != "" {
		bad("operator.email", "%q is not an address such as operator@your.domain", c.Operator.Email)
	}
	if _, _, err := net.SplitHostPort(c.Site.Listen); err != nil {
		bad("site.listen", "%q is not host:port", c.Site.Listen)
	}
	if _, _, err := net.SplitHostPort(c.Site.MetricsListen); err != nil && c.Site.MetricsListen != "" {
		bad("site.metrics_listen", "%q is not host:port", c.Site.MetricsListen)
	}
	if !httpURL(c.Site.BaseURL) {
		bad("site.base_url", "%q is not an http or https address", c.Site.BaseURL)
	}
	if _, err := c.Site.Proxies(); err != nil {
		bad("site.trusted_proxies", "%v", err)
	}
	l := c.Site.Limits
	for key, n := range map[string]int{"pages": l.Pages, "api": l.API, "exports": l.Exports, "match": l.Match, "alerts": l.Alerts} {
		if n < 0 || n > 1_000_000 {
			bad("site.limits."+key, "%d is not between 0, for no limit, and 1000000 requests a minute", n)
		}
	}
	if c.Crawl.Delay < 0 || c.Crawl.Delay > time.Hour {
		bad("crawl.delay", "%s is not between 0s and 1h", c.Crawl.Delay)
	}
	if c.Crawl.Concurrency < 1 || c.Crawl.Concurrency > 256 {
		bad("crawl.concurrency", "%d is not between 1 and 256", c.Crawl.Concurrency)
	}
	for key, n := range map[string]int{"privacy.raw_days": c.Privacy.RawDays, "privacy.dormant_months": c.Privacy.DormantMonths, "privacy.unconfirmed_days": c.Privacy.UnconfirmedDays} {
		if n < 1 {
			bad(key, "%d is not 1 or more", n)
		}
	}
	seen := map[string]bool{}
	for i, s := range c.Sources {
		key := fmt.Sprintf("sources[%d] (%s)", i, s.ID)
		if seen[s.ID] {
			bad(key, "the id stands twice")
		}
		seen[s.ID] = true
		s.validate(func(format string, args ...any) { bad(key, format, args...) })
	}
	slices.SortFunc(errs, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
	return errors.Join(errs...)
}

func (s *Source) validate(bad func(format string, args ...any)) {
	if !sourceID.MatchString(s.ID) {
		bad("id %q is not lower-case letters, digits and dashes", s.ID)
	}
	if s.URLFile != "" && s.URL == "" {
		// Disabled, or its fault is told of already.
		s.URL, s.Discover.Feed = "https://secret.invalid", cmp.Or(s.Discover.Feed, "/")
	}
	if !httpURL(s.URL) {
		bad("url %q is not an http or https address", s.URL)
	}
	if _, err := ParseEvery(s.Every); err != nil {
		bad("%v", err)
	}
	if !slices.Contains(employerKinds, s.EmployerKind) {
		bad("employer_kind %q is not one of%s", s.EmployerKind, strings.Join(employerKinds, " "))
	}
	if s.Delay != nil && (*s.Delay < 0 || *s.Delay > time.Hour) {
		bad("delay %s is not between 0s and 1h", *s.Delay)
	}
	if s.MaxBytes < 0 || s.MaxBytes > maxAnswer {
		bad("max_bytes %d is not between 0 and %d", s.MaxBytes, int64(maxAnswer))
	}
	if s.MaxPages < 0 {
		bad("max_pages %d is below 0", s.MaxPages)
	}
	if _, err := regexp.Compile(s.Discover.Match); err != nil {
		bad("discover.match: %v", err)
	}
	ways := 0
	for _, w := range []string{s.Discover.Sitemap, s.Discover.Listing, s.Discover.Feed} {
		if w != "" {
			ways++
		}
	}
	switch s.Kind {
	case KindTeachingVacancies:
		if ways > 0 {
			bad("discover: a %s source finds its postings through the API", s.Kind)
		}
	case KindJobPosting, KindHTML:
		if ways != 1 {
			bad("discover: exactly one of sitemap, listing or feed is wanted")
		}
		if s.Discover.Listing != "" && s.Discover.Item == "" {
			bad("discover.item: a listing needs the selector of its links")
		}
	case KindBroadbean, KindVacancyPoster, KindVentrus, KindFusion:
		if s.Discover != (Discover{Feed: s.Discover.Feed}) || s.Discover.Feed == "" {
			bad("discover: a %s source needs its feed, and nothing else", s.Kind)
		}
	default:
		bad("kind %q is not one of %s", s.Kind, strings.Join(kinds, ", "))
	}
	if s.Kind == KindHTML && (s.Fields["title"] == "" || s.Fields["body"] == "") {
		bad("fields: an html source needs at least title and body")
	}
	for f := range s.Fields {
		if !slices.Contains(htmlFields, f) {
			bad("fields.%s: unknown field (known: %s)", f, strings.Join(htmlFields, ", "))
		}
	}
}

func httpURL(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != ""
}
