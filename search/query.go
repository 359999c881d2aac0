package search

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/sendwatch/sendwatch/matcher"
)

// The bounds of a page. A page number beyond MaxPage is read as MaxPage, so
// that no engine is asked to skip more than it can count.
const (
	DefaultPerPage = 20
	MaxPerPage     = 100
	MaxPage        = 100_000
)

// How much of what a search finds is given out.
const (
	// MaxReach is how many hits the pages of a Request go through, so that nobody
	// waits for a search server to skip thousands.
	MaxReach = 1_000
	// MaxWhole is how many hits a Query for the whole gives at most.
	MaxWhole = 10_000
)

// MaxFacetValues is how many values of one dimension a Result counts at most.
// It is above the number of roles, needs and settings of the taxonomy.
const MaxFacetValues = 200

// Errors that a Query or a Request may be refused with. All are the asker's to mend.
var (
	// ErrNoHome refuses SortDistance without a place to measure from.
	ErrNoHome = errors.New("search: sorting by distance needs a place to measure from")
	// ErrBadQuery refuses a sort or a facet that does not exist, and a bound that
	// is not a number.
	ErrBadQuery = errors.New("search: bad query")
	// ErrTooFar refuses a page of a Request that lies beyond MaxReach.
	ErrTooFar = errors.New("search: the page lies too far behind")
)

// Sort is the order of the hits. Whatever it is, hits that are equal in it
// stand in the order of their ids, so that pages never overlap. Each order is a
// specification: every engine gives the same hits in the same order.
type Sort string

// The orders. The empty Sort is SortRelevance when words are asked for and
// SortNewest otherwise.
const (
	// SortRelevance puts first what speaks most of the words: least is the sum of
	// the levels at which a vacancy holds the Ranked terms. What is equal in
	// that stands newest first. Without words that rank it is SortNewest.
	SortRelevance Sort = "relevance"
	// SortNewest puts first what was first seen last.
	SortNewest Sort = "newest"
	// SortClosing puts first what closes soonest; unknown closing dates stay last.
	SortClosing Sort = "closing"
	// SortDistance puts first what is nearest to any of the filter's homes.
	SortDistance Sort = "distance"
	// SortPay puts first what pays most an hour, by the most it is known to
	// pay; unknown pay stays last.
	SortPay Sort = "pay"
	// SortActual puts first what pays most in a year, actually paid, by the most it
	// is known to pay; unknown pay stays last.
	SortActual Sort = "actual"
)

// Sorts lists the orders, as a form would offer them.
func Sorts() []Sort {
	return []Sort{SortRelevance, SortNewest, SortClosing, SortDistance, SortPay, SortActual}
}

// The dimensions that facets are counted in. Their values are the taxonomy's
// ids and the words of pay.Offer and of the domain's closed vocabularies; what a
// vacancy does not state is counted nowhere. A role counts for its ancestors too, since
// asking for the ancestor finds it.
const (
	FacetRole     = "role"
	FacetNeed     = "need"
	FacetSetting  = "setting"
	FacetPhase    = "phase"
	FacetContract = "contract"
	FacetPattern  = "pattern"
	// FacetEmployer counts the kinds of employer: school, trust, council, agency …
	FacetEmployer = "employer_kind"
	// FacetSupport, FacetEntry, FacetDriver and FacetPaidBy count the fields of
	// sendwatch.Facts.
	FacetSupport = "support"
	FacetEntry   = "entry"
	FacetDriver  = "driver"
	FacetPaidBy  = "paid_by"
	// FacetKind tells single posts from registers, and FacetDuty counts the duties,
	// which are refused and never asked for.
	FacetKind = "kind"
	FacetDuty = "duty"
)

// Facets lists the dimensions that can be counted.
func Facets() []string {
	return []string{
		FacetRole, FacetNeed, FacetSetting, FacetPhase, FacetContract, FacetPattern, FacetEmployer,
		FacetSupport, FacetEntry, FacetDriver, FacetPaidBy, FacetKind, FacetDuty,
	}
}

// Query is what an Index is asked.
type Query struct {
	// Filter decides what is found, and nothing else does.
	Filter matcher.Filter
	// Words are the words as a person wrote them, corrected. An engine may rank
	// by them; one that ranks by the Filter's terms need not look.
	Words string
	Sort  Sort
	// Page counts from 1; PerPage is 1 to MaxPerPage, or 0 for DefaultPerPage.
	Page, PerPage int
	// Whole asks for the hits of all pages at once, MaxWhole at most; Page and
	// PerPage are then left aside. Relevance orders what people read page by page,
	// and takes longest to order: the whole of it stands newest first.
	Whole bool
	// Facets names the dimensions to count.
	Facets []string
}

// Normalised fills what is left open, brings pages into their bounds, and
// refuses what cannot be asked. Every engine calls it first, so that all of
// them read a Query alike.
func (q Query) Normalised() (Query, error) {
	if q.Sort == "" {
		q.Sort = SortRelevance
	}
	if !slices.Contains(Sorts(), q.Sort) {
		return q, fmt.Errorf("%w: no sort is called %q", ErrBadQuery, q.Sort)
	}
	if q.Sort == SortRelevance && (q.Whole || len(Ranked(&q.Filter)) == 0) {
		q.Sort = SortNewest
	}
	if q.Sort == SortDistance && len(q.Filter.Homes) == 0 {
		return q, ErrNoHome
	}
	for _, f := range q.Facets {
		if !slices.Contains(Facets(), f) {
			return q, fmt.Errorf("%w: no facet is called %q", ErrBadQuery, f)
		}
	}
	if slices.ContainsFunc(bounds(&q.Filter), math.IsNaN) {
		return q, fmt.Errorf("%w: a bound is not a number", ErrBadQuery)
	}
	if q.Whole {
		q.Page, q.PerPage = 1, MaxWhole
		return q, nil
	}
	q.Page = min(max(q.Page, 1), MaxPage)
	if q.PerPage <= 0 {
		q.PerPage = DefaultPerPage
	}
	q.PerPage = min(q.PerPage, MaxPerPage)
	return q, nil
}

// bounds lists the numbers that a filter compares with. Not-a-number compares
// in ways of its own, which no two engines share.
func bounds(f *matcher.Filter) []float64 {
	b := []float64{f.MinActual, f.MinHourly}
	for _, hours := range []*float64{f.Hours.Min, f.Hours.Max} {
		if hours != nil {
			b = append(b, *hours)
		}
	}
	for _, h := range f.Homes {
		b = append(b, h.Lat, h.Lon, h.Miles)
	}
	return b
}

// Skip is the number of hits before the page.
func (q Query) Skip() int { return (q.Page - 1) * q.PerPage }

// Hit is one vacancy found.
type Hit struct {
	ID string `json:"id"`
	// Score is how well the words fit, for SortRelevance: see Score. Zero in
	// every other order.
	Score float64 `json:"score"`
	// Miles is the great-circle distance to the nearest of the filter's homes;
	// nil when none was asked for.
	Miles *float64 `json:"miles,omitempty"`
}

// Facet is one value of a dimension and how many of the hits have it.
type Facet struct {
	Value string `json:"value"`
	Count int    `json:"count"`
}

// Result is one page of what a Query finds.
type Result struct {
	// Total counts the hits of all pages.
	Total int   `json:"total"`
	Hits  []Hit `json:"hits"`
	// Facets holds, for each dimension asked for, its values over the hits of
	// all pages: most frequent first, then by value.
	Facets map[string][]Facet `json:"facets,omitempty"`
	// Fallback says that the search engine which is configured does not answer,
	// or is behind, and that the index of this machine has answered instead.
	Fallback bool `json:"fallback,omitempty"`
}
