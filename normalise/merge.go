package normalise

import (
	"maps"
	"slices"
	"strings"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/pay"
)

// Rank says how near a posting's publisher is to the employer; lower is better.
type Rank int

// The ranks, best first.
const (
	OwnSite         Rank = iota + 1 // the employer's own site
	NationalService                 // the national vacancy service
	Board                           // a job board
	Agency                          // a recruitment agency
)

// Part is one posting's reading and the rank of who published it.
type Part struct {
	Rank    Rank
	Reading sendwatch.Reading
}

// Merge makes one reading of several of the same vacancy. The best part's
// reading stands; the others fill only what it leaves open. Parts of one rank
// are taken by the length of their text, longest first, so that a teaser never
// hides the whole advert, and then in the order given. No part gives the zero
// reading.
func Merge(parts []Part) sendwatch.Reading {
	if len(parts) == 0 {
		return sendwatch.Reading{}
	}
	sorted := slices.Clone(parts)
	slices.SortStableFunc(sorted, func(x, y Part) int {
		if x.Rank != y.Rank {
			return int(x.Rank - y.Rank)
		}
		return len(y.Reading.Body) - len(x.Reading.Body)
	})
	r := sorted[0].Reading
	r.Notes = slices.Clone(r.Notes)
	for i := range sorted[1:] {
		fill(&r, &sorted[i+1].Reading)
	}
	return r
}

// fill takes from o what r leaves open.
func fill(r, o *sendwatch.Reading) {
	open(&r.Title, o.Title)
	open(&r.Employer, o.Employer)
	open(&r.EmployerKind, o.EmployerKind)
	open(&r.EmployerURN, o.EmployerURN)
	if r.School == nil && o.School != nil && o.School.URN == r.EmployerURN {
		r.School = o.School
	}
	open(&r.Location, o.Location)
	open(&r.Kind, o.Kind)
	open(&r.Role, o.Role)
	open(&r.Setting, o.Setting)
	open(&r.Published, o.Published)
	addNotice(r, o.Notice)
	if r.Scope == "" {
		r.Scope, r.ScopeReason = o.Scope, o.ScopeReason
	}
	openList(&r.Needs, o.Needs)
	openList(&r.Phases, o.Phases)
	openList(&r.Duties, o.Duties)
	fillFacts(r, o)
	if len(r.Requirements) == 0 {
		// Choices are of the groups of their own reading.
		r.Requirements, r.Choices = slices.Clone(o.Requirements), slices.Clone(o.Choices)
	}
	if r.Body == "" {
		r.Body, r.Fingerprint = o.Body, o.Fingerprint
	}
	if !r.Place.Located() && o.Place.Located() || r.Place == nil {
		r.Place = o.Place
	}
	if r.ClosesAt == nil {
		r.ClosesAt = o.ClosesAt
	}
	fillOffer(&r.Pay, &o.Pay)
	r.Terms = union(r.Terms, o.Terms)
	r.Rules = min(r.Rules, o.Rules)
	for _, note := range o.Notes {
		if !slices.Contains(r.Notes, note) {
			r.Notes = append(r.Notes, note)
		}
	}
}

// addNotice keeps what every source asks to travel with its records.
func addNotice(r *sendwatch.Reading, notice string) {
	switch {
	case notice == "" || strings.Contains(r.Notice, notice):
	case r.Notice == "":
		r.Notice = notice
	default:
		r.Notice += " " + notice
	}
}

// fillFacts takes the facts that r leaves open, with the words that tell them.
func fillFacts(r, o *sendwatch.Reading) {
	openList(&r.Support, o.Support)
	open(&r.Entry, o.Entry)
	open(&r.Driver, o.Driver)
	if r.PaidBy == "" {
		r.PaidBy, r.Client = o.PaidBy, o.Client
	}
	told := maps.Clone(r.Told)
	for what, words := range o.Told {
		if _, ok := told[what]; ok || !tells(r, o, what) {
			continue
		}
		if told == nil {
			told = map[string]string{}
		}
		told[what] = words
	}
	r.Told = told
}

// tells reports whether r has from o what o's words tell.
func tells(r, o *sendwatch.Reading, what string) bool {
	switch what {
	case "entry":
		return r.Entry == o.Entry
	case "driver":
		return r.Driver == o.Driver
	case "client":
		return r.Client == o.Client
	}
	support, ok := strings.CutPrefix(what, "support.")
	return ok && slices.Contains(r.Support, sendwatch.Support(support)) || slices.Contains(r.Duties, sendwatch.Duty(what))
}

// fillOffer takes an offer whole where nothing is known of the pay, since its
// figures hang together; else only what stands by itself.
func fillOffer(p, o *pay.Offer) {
	if p.UnknownPay && !o.UnknownPay || p.Quoted == nil && p.SCP == nil && p.Grade == nil && !o.UnknownPay {
		start, closes, end, contract, pattern := p.Start, p.Closes, p.End, p.Contract, p.WorkingPattern
		*p = *o
		keep(&p.Start, start)
		keep(&p.Closes, closes)
		keep(&p.End, end)
		keep(&p.Contract, contract)
		keep(&p.WorkingPattern, pattern)
		return
	}
	for _, pair := range [][2]**string{{&p.Start, &o.Start}, {&p.Closes, &o.Closes}, {&p.End, &o.End}, {&p.Contract, &o.Contract}, {&p.WorkingPattern, &o.WorkingPattern}} {
		if *pair[0] == nil {
			*pair[0] = *pair[1]
		}
	}
}

// keep puts back what was known.
func keep(field **string, known *string) {
	if known != nil {
		*field = known
	}
}

func open[T ~string](field *T, other T) {
	if *field == "" {
		*field = other
	}
}

func openList[T any](field *[]T, other []T) {
	if len(*field) == 0 && len(other) > 0 {
		*field = slices.Clone(other)
	}
}

// union merges two sorted lists.
func union(a, b []string) []string {
	out := slices.Concat(a, b)
	slices.Sort(out)
	return slices.Compact(out)
}
