package web

import (
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/search"
)

// The bounds of what is read from an address.
const (
	maxWords  = 300 // characters of one text
	maxID     = 100 // bytes of one id
	maxIDs    = 50  // ids of one list
	maxNumber = 1e7
)

// ParseRequest reads a search from an address. The same names serve the site,
// the API and the command line:
//
//	q words · near place · within miles · role need setting phase contract pattern (repeatable)
//	support entry driver paid_by kind (repeatable)
//	min_actual min_hourly pounds · hours_min hours_max a week · stated_pay 1 · refuse (repeatable)
//	sort · page · per_page · as_typed 1 · strong_only 1 (alerts only: every search shows both fits)
//
// Empty values ask nothing, unknown names are ignored, and within counts only
// beside near. A number that is none, a text that is too long and a list that is
// too long are errors that name what is wrong; whether a place, an id or a sort
// exists is for the search to say.
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
		Support:       p.list("support"),
		Entry:         p.list("entry"),
		Driver:        p.list("driver"),
		PaidBy:        p.list("paid_by"),
		Kinds:         p.list("kind"),
		Near:          p.text("near"),
		MinActual:     p.number("min_actual"),
		MinHourly:     p.number("min_hourly"),
		StatedPayOnly: q.Get("stated_pay") == "1",
		Hours:         sendwatch.Range{Min: p.optional("hours_min"), Max: p.optional("hours_max")},
		Refuses:       p.list("refuse"),
		StrongOnly:    q.Get("strong_only") == "1",
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

// Values writes criteria and a sort as ParseRequest reads them. Homes are left
// out: an address holds one place, Near. Page, per_page and as_typed are left
// out too: they belong to a moment, not to a search.
func Values(c sendwatch.Criteria, sort search.Sort) url.Values {
	q := url.Values{}
	set := func(k, v string) {
		if v != "" {
			q.Set(k, v)
		}
	}
	amount := func(k string, x float64) {
		if x != 0 {
			q.Set(k, number(x))
		}
	}
	set("q", c.Words)
	set("near", c.Near)
	if c.Near != "" {
		amount("within", c.WithinMiles)
	}
	for k, list := range map[string][]string{
		"role": c.Roles, "need": c.Needs, "setting": c.Settings, "phase": c.Phases, "contract": c.Contracts, "pattern": c.Patterns,
		"support": c.Support, "entry": c.Entry, "driver": c.Driver, "paid_by": c.PaidBy, "kind": c.Kinds, "refuse": c.Refuses,
	} {
		if len(list) > 0 {
			q[k] = slices.Clone(list)
		}
	}
	amount("min_actual", c.MinActual)
	amount("min_hourly", c.MinHourly)
	if c.Hours.Min != nil {
		q.Set("hours_min", number(*c.Hours.Min))
	}
	if c.Hours.Max != nil {
		q.Set("hours_max", number(*c.Hours.Max))
	}
	if c.StatedPayOnly {
		q.Set("stated_pay", "1")
	}
	if c.StrongOnly {
		q.Set("strong_only", "1")
	}
	set("sort", string(sort))
	return q
}

func number(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

// fieldNames is what the search form calls its fields.
var fieldNames = map[string]string{
	"q": "Words", "near": "Near", "within": "Within", "min_actual": "£ a year", "min_hourly": "£ an hour",
	"hours_min": "Hours a week, from", "hours_max": "Hours a week, to",
}

func fieldName(key string) string {
	if s := fieldNames[key]; s != "" {
		return "“" + s + "” (" + key + ")"
	}
	return key
}

// params reads values and keeps the first mistake.
type params struct {
	q   url.Values
	err error
}

func (p *params) wrong(key, format string, args ...any) {
	if p.err == nil {
		p.err = fieldError{badRequest(format, args...), key}
	}
}

func (p *params) text(key string) string {
	s := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(p.q.Get(key), " "))
	s = strings.Join(strings.Fields(s), " ")
	if utf8.RuneCountInString(s) > maxWords {
		p.wrong(key, "%s is longer than %d characters; please shorten it.", fieldName(key), maxWords)
		return ""
	}
	return s
}

func (p *params) list(key string) []string {
	var out []string
	for _, v := range p.q[key] {
		v = strings.TrimSpace(v)
		switch {
		case v == "" || slices.Contains(out, v):
			continue
		case len(v) > maxID || !utf8.ValidString(v) || strings.ContainsFunc(v, unicode.IsControl):
			p.wrong(key, "One value of %s is none of ours; please choose it again.", fieldName(key))
			return nil
		case len(out) == maxIDs:
			p.wrong(key, "%s has more than %d values; please choose fewer.", fieldName(key), maxIDs)
			return nil
		}
		out = append(out, v)
	}
	return out
}

// plainNumber is how people write numbers. Go would also read 1e9, 0x1p4 and NaN.
var plainNumber = regexp.MustCompile(`^[0-9]{1,8}(\.[0-9]{1,4})?$`)

func (p *params) optional(key string) *float64 {
	typed := p.text(key)
	s := strings.NewReplacer("£", "", ",", "", " ", "").Replace(typed)
	if s == "" {
		return nil
	}
	x, err := strconv.ParseFloat(s, 64)
	if err != nil || !plainNumber.MatchString(s) || x > maxNumber {
		p.wrong(key, "%s should be a number such as 20, not “%s”.", fieldName(key), clip(typed, 40))
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

// clip shortens what is repeated to the person who typed it.
func clip(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}
