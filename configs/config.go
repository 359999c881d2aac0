package configs

import (
	"fmt"
	"net"
	"net/mail"
	"net/netip"
	"net/url"
	"strings"
	"time"
)

// Config is the whole configuration.
type Config struct {
	DataDir string `yaml:"data_dir"`
	// DatabaseURL or the file; read it by DatabaseAddress.
	DatabaseURL     string   `yaml:"database_url"`
	DatabaseURLFile string   `yaml:"database_url_file"`
	Search          Search   `yaml:"search"`
	SMTP            SMTP     `yaml:"smtp"`
	Site            Site     `yaml:"site"`
	Operator        Operator `yaml:"operator"`
	Crawl           Crawl    `yaml:"crawl"`
	Privacy         Privacy  `yaml:"privacy"`
	SigningKeyFile  string   `yaml:"signing_key_file"`
	// SourceFiles name files with more sources: patterns relative to the
	// configuration, and "built-in:NAME" for those of this package. Load has added
	// them to Sources.
	SourceFiles []string `yaml:"source_files"`
	Sources     []Source `yaml:"sources"`
}

// Search chooses the index. MeilisearchURL may name several nodes; read it by
// Meilisearch. Empty means the embedded index alone.
type Search struct {
	MeilisearchURL     string `yaml:"meilisearch_url"`
	MeilisearchKeyFile string `yaml:"meilisearch_key_file"`
}

// SMTP says how mail leaves. TLS is none, starttls or implicit.
type SMTP struct {
	Host         string `yaml:"host"`
	Port         int    `yaml:"port"`
	TLS          string `yaml:"tls"`
	Username     string `yaml:"username"`
	PasswordFile string `yaml:"password_file"`
	From         string `yaml:"from"`
}

// Site is the web site's own address: where it listens and how people reach it.
// MetricsListen is where the metrics are answered instead of by the site.
// TrustedProxies are the addresses or networks of the proxies before it; read them
// by Proxies.
type Site struct {
	Listen         string   `yaml:"listen"`
	BaseURL        string   `yaml:"base_url"`
	MetricsListen  string   `yaml:"metrics_listen"`
	TrustedProxies []string `yaml:"trusted_proxies"`
	Limits         Limits   `yaml:"limits"`
}

// Limits are how many requests a minute one client may send; 0 sets no limit.
type Limits struct {
	Pages   int `yaml:"pages"`
	API     int `yaml:"api"`
	Exports int `yaml:"exports"`
	Match   int `yaml:"match"`
	Alerts  int `yaml:"alerts"`
}

// Proxies are the networks of the trusted proxies. An address alone is a network of
// one.
func (s Site) Proxies() ([]netip.Prefix, error) {
	var out []netip.Prefix
	for _, p := range s.TrustedProxies {
		if a, err := netip.ParseAddr(p); err == nil {
			out = append(out, netip.PrefixFrom(a, a.BitLen()))
			continue
		}
		network, err := netip.ParsePrefix(p)
		if err != nil {
			return nil, fmt.Errorf("%q is neither an address such as 127.0.0.1 nor a network such as 10.0.0.0/8", p)
		}
		out = append(out, network)
	}
	return out, nil
}

// Operator is who runs Sendwatch. Email is where alarms are told; read it by
// OperatorEmail.
type Operator struct {
	Email string `yaml:"email"`
}

// Crawl sets the manners of the crawler. Delay is the least time between two
// requests to one host; Concurrency is how many sources are crawled at once.
type Crawl struct {
	UserAgent   string        `yaml:"user_agent"`
	Contact     string        `yaml:"contact"`
	Delay       time.Duration `yaml:"delay"`
	Concurrency int           `yaml:"concurrency"`
}

// Privacy sets how long things are kept.
type Privacy struct {
	RawDays         int `yaml:"raw_days"`
	DormantMonths   int `yaml:"dormant_months"`
	UnconfirmedDays int `yaml:"unconfirmed_days"`
}

// The kinds of source.
const (
	KindTeachingVacancies = "teaching-vacancies"
	KindJobPosting        = "jobposting"
	KindHTML              = "html"
	KindBroadbean         = "broadbean"
	KindVacancyPoster     = "vacancyposter"
	KindVentrus           = "ventrus"
	KindFusion            = "fusion"
)

var kinds = []string{KindTeachingVacancies, KindJobPosting, KindHTML, KindBroadbean, KindVacancyPoster, KindVentrus, KindFusion}

// Source is one site to watch. Every is how often: a duration or a cron
// expression of five fields, in Europe/London. Terms say why it may be read, for
// people; Notice is what travels with its records. A definition with Sites is one
// for each of them: Load puts those in its place. URLFile names a file with the whole
// address of a feed that holds a key: Load splits it into URL and Discover.Feed,
// which are then not to be shown.
type Source struct {
	ID           string            `yaml:"id"`
	Kind         string            `yaml:"kind"`
	URL          string            `yaml:"url"`
	URLFile      string            `yaml:"url_file"`
	Every        string            `yaml:"every"`
	Discover     Discover          `yaml:"discover"`
	Fields       map[string]string `yaml:"fields"`
	EmployerKind string            `yaml:"employer_kind"`
	AllowPrivate bool              `yaml:"allow_private"`
	Delay        *time.Duration    `yaml:"delay"`
	Terms        string            `yaml:"terms"`
	Notice       string            `yaml:"notice"`
	MaxPages     int               `yaml:"max_pages"`
	MaxBytes     int64             `yaml:"max_bytes"`
	Disabled     bool              `yaml:"disabled"`
	Sites        []SourceSite      `yaml:"sites"`
}

// Discover says where a source's postings are found: one of a sitemap, a
// listing or a feed.
type Discover struct {
	Sitemap string `yaml:"sitemap,omitempty"`
	Feed    string `yaml:"feed,omitempty"`
	Listing string `yaml:"listing,omitempty"`
	Item    string `yaml:"item,omitempty"`
	Next    string `yaml:"next,omitempty"`
	Match   string `yaml:"match,omitempty"`
}

// Placeholder names the settings that still hold an example's value. While any
// does, only loopback addresses may be crawled or mailed.
func (c *Config) Placeholder() []string {
	var out []string
	if placeholderHost(addressHost(c.Crawl.Contact)) {
		out = append(out, "crawl.contact")
	}
	if placeholderHost(addressHost(c.SMTP.From)) {
		out = append(out, "smtp.from")
	}
	if u, err := url.Parse(c.Site.BaseURL); err != nil || placeholderHost(u.Hostname()) || isLoopback(u.Hostname()) {
		out = append(out, "site.base_url")
	}
	return out
}

// OperatorEmail is where alarms are told: operator.email, or else the address in
// crawl.contact. It is empty when there is none, or only an example's.
func (c *Config) OperatorEmail() string {
	s := c.Operator.Email
	if s == "" {
		var isMail bool
		if s, isMail = strings.CutPrefix(c.Crawl.Contact, "mailto:"); !isMail {
			return ""
		}
	}
	a, err := mail.ParseAddress(s)
	if err != nil || placeholderHost(addressHost(s)) {
		return ""
	}
	return a.Address
}

// addressHost returns the host of "mailto:a@b", "https://b/c" or "Name <a@b>".
func addressHost(s string) string {
	if rest, ok := strings.CutPrefix(s, "mailto:"); ok {
		s = rest
	} else if u, err := url.Parse(s); err == nil && u.Host != "" {
		return u.Hostname()
	}
	a, err := mail.ParseAddress(s)
	if err != nil {
		return ""
	}
	return a.Address[strings.LastIndexByte(a.Address, '@')+1:]
}

// placeholderHost reports whether a host is empty or reserved for examples (RFC 2606).
func placeholderHost(h string) bool {
	h = strings.ToLower(h)
	for _, d := range []string{"example.org", "example.com", "example.net", "example", "invalid", "test"} {
		if h == d || strings.HasSuffix(h, "."+d) {
			return true
		}
	}
	return h == ""
}

func isLoopback(h string) bool {
	if h == "localhost" {
		return true
	}
	ip := net.ParseIP(h)
	return ip != nil && ip.IsLoopback()
}
