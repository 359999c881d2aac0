package crawler

import (
	"time"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/crawler/extract"
)

// The kinds of source.
const (
	// KindTeachingVacancies is the public API of the national service
	// (teaching-vacancies.service.gov.uk): each record of a list is a posting.
	KindTeachingVacancies = "teaching-vacancies"
	// KindJobPosting is a site whose pages carry schema.org JobPosting as
	// JSON-LD, microdata or RDFa.
	KindJobPosting = "jobposting"
	// KindHTML is a site whose pages are read by rules, one CSS selector a field.
	KindHTML = "html"
	// The applicant tracking systems, as package extract describes them: each
	// record of the one feed is a posting, and the feed names all that are live.
	KindBroadbean     = extract.Broadbean
	KindVacancyPoster = extract.VacancyPoster
	KindVentrus       = extract.Ventrus
	KindFusion        = extract.Fusion
)

// kinds are all of them, as they are listed to people.
var kinds = []string{KindTeachingVacancies, KindJobPosting, KindHTML, KindBroadbean, KindVacancyPoster, KindVentrus, KindFusion}

// DefaultMaxPages is how many pages one crawl fetches when the source does not
// say: several times the largest board we know, and small enough to end.
const DefaultMaxPages = 5000

// Source is one configured site. The zero value of every optional field is safe.
type Source struct {
	// ID is the operator's name for the source; it is the Source of its postings.
	ID string
	// Kind is one of the Kind constants.
	Kind string
	// URL is the site's root. Only this host is followed.
	URL string
	// Discover says where the adverts are listed. Empty means the sitemaps that
	// robots.txt names, or else /sitemap.xml. The API kind needs none.
	Discover Discover
	// Fields are rules, as package extract documents them: field name to CSS
	// selector, or to a value in quotes. A page of KindHTML is read by them alone;
	// elsewhere they fill in what the data leaves out.
	Fields map[string]string
	// EmployerKind is what the source says of its advertisers as a whole.
	EmployerKind sendwatch.EmployerKind
	// AllowPrivate lets the source live on a private or loopback address.
	AllowPrivate bool
	// Delay is the least time between two requests to the host; a longer
	// Crawl-delay of robots.txt wins.
	Delay time.Duration
	// Notice travels with every posting of the source, such as a licence. Empty
	// means the kind's own, if it has one.
	Notice string
	// MaxPages bounds the pages of one crawl, lists included; zero means
	// DefaultMaxPages. A crawl that reaches it is incomplete.
	MaxPages int
	// MaxBytes caps one answer of the site after decoding, documents aside; zero means
	// DefaultMaxFeed for the feed of an applicant tracking system, and otherwise
	// fetch's DefaultMaxBody.
	MaxBytes int64
	// SecretFeed says that the feed's address holds a key: no message, log, report or
	// record shows it.
	SecretFeed bool
}

// Discover says where a source lists its adverts. One of Sitemap, Listing and
// Feed is set; the addresses may be relative to the source's URL.
type Discover struct {
	Sitemap string
	// Feed is an RSS, Atom or JSON feed whose items link to the adverts' pages.
	Feed string
	// Listing is the first page of the site's own list; Item selects the links
	// to adverts on it, Next the link to its next page (both CSS). Where pages are
	// only numbered, {page} in Listing stands for the number, from 1 until a page
	// names nothing.
	Listing string
	Item    string
	Next    string
	// Match is a regular expression on an item's path and query; what it does
	// not match is no advert. Empty matches everything.
	Match string
}
