package web

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/search"
)

// maxWords is the longest search that is read, in bytes.
const maxWords = 300

// ParseRequest reads a search from an address. The same names serve the site,
// the API, the feeds and the command line:
//
//	q words · near place · within miles · role need setting phase contract pattern (repeatable)
//	min_actual min_hourly pounds · hours_min hours_max a week · stated_pay 1 · refuse (repeatable)
//	sort · page · per_page · as_typed 1
//
// A number that is none is an error that names it.
func ParseRequest(q url.Values) (search.Request, error) {
	p := params{q: q}
	c := sendwatch.Criteria{
		Words:         p.text("q"),
		Roles:         p.list("role"),
		Needs:         p.list("need"),
		Settings:      p.list("setting"),
		Phases:        p.list("phase"),
		Contracts:     p.list("contract"),
		Patterns:      p.list("pattern"),
		Near:          p.text("near"),
		MinActual:     p.number("min_actual"),
		MinHourly:     p.number("min_hourly"),
		StatedPayOnly: q.Get("stated_pay") == "1",
		Hours:         sendwatch.Range{Min: p.optional("hours_min"), Max: p.optional("hours_max")},
		Refuses:       p.list("refuse"),
	}
	if c.Near != "" {
		c.WithinMiles = p.number("within")
	}
	r := search.Request{
		Criteria: c,
		Sort:     search.Sort(p.text("sort")),
		Page:     int(p.number("page")),
		PerPage:  int(p.number("per_page")),
		AsTyped:  q.Get("as_typed") == "1",
	}
	return r, p.err
}

// Values writes a request as ParseRequest reads it. Page and per-page are left
// out: they belong to a moment, not to a search.
func Values(c sendwatch.Criteria, sort search.Sort) url.Values {
	q := url.Values{}
	set := func(k, v string) {
		if v != "" && v != "0" {
			q.Set(k, v)
		}
	}
	set("q", c.Words)
	set("near", c.Near)
	set("within", number(c.WithinMiles))
	for k, list := range map[string][]string{"role": c.Roles, "need": c.Needs, "setting": c.Settings, "phase": c.Phases, "contract": c.Contracts, "pattern": c.Patterns, "refuse": c.Refuses} {
		if len(list) > 0 {
			q[k] = slices.Clone(list)
		}
	}
	set("min_actual", number(c.MinActual))
	set("min_hourly", number(c.MinHourly))
	if c.Hours.Min != nil {
		set("hours_min", number(*c.Hours.Min))
	}
	if c.Hours.Max != nil {
		set("hours_max", number(*c.Hours.Max))
	}
	if c.StatedPayOnly {
		q.Set("stated_pay", "1")
	}
	set("sort", string(sort))
	return q
}

func number(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

// params reads values and keeps the first mistake.
type params struct {
	q   url.Values
	err error
}

func (p *params) text(key string) string {
	s := strings.TrimSpace(p.q.Get(key))
	if len(s) > maxWords {
		if p.err == nil {
			p.err = badRequest("%s is longer than %d characters; please shorten it.", key, maxWords)
		}
		return ""
	}
	return s
}

func (p *params) list(key string) []string {
	var out []string
	for _, v := range p.q[key] {
		if v = strings.TrimSpace(v); v != "" && len(v) < 100 && !slices.Contains(out, v) && len(out) < 50 {
			out = append(out, v)
		}
	}
	return out
}

func (p *params) optional(key string) *float64 {
	s := strings.NewReplacer("£", "", ",", "").Replace(p.text(key))
	if s == "" {
		return nil
	}
	x, err := strconv.ParseFloat(s, 64)
	if err != nil || x < 0 || x > 1e7 {
		if p.err == nil {
			p.err = badRequest("%s should be a number, not %q.", key, s)
		}
		return nil
	}
	return &x
}

func (p *params) number(key string) float64 {
	if x := p.optional(key); x != nil {
		return *x
	}
	return 0
}
