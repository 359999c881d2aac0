package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/url"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/sendwatch/sendwatch/search"
	"github.com/sendwatch/sendwatch/web"
)

type searchCmd struct {
	Words     []string `arg:"" optional:"" help:"Words, \"quoted phrases\" and -exclusions."`
	Near      string   `help:"Postcode, sector, outcode or town." placeholder:"PLACE"`
	Within    string   `help:"How far from there: 10, 10mi or 16km (default 15mi)." placeholder:"DISTANCE"`
	Role      []string `help:"Roles of the taxonomy; any of them."`
	Need      []string `help:"Needs; any of them."`
	Setting   []string `help:"Settings; any of them."`
	Phase     []string `help:"Phases; any of them."`
	Contract  []string `help:"Contracts; any of them."`
	Pattern   []string `help:"Working patterns; any of them."`
	Support   []string `help:"one-to-one, small-group or class; any of them."`
	Entry     []string `help:"open (no experience needed) or apprenticeship."`
	Driver    []string `help:"needed or preferred. To leave such posts out: --refuse driving."`
	PaidBy    []string `help:"school, trust, council, agency, company or charity; any of them."`
	Kind      []string `help:"vacancy (one post) or pool (a register)."`
	MinActual string   `help:"Pounds a year actually paid, at least; unknown pay passes." placeholder:"POUNDS"`
	MinHourly string   `help:"Pounds an hour, at least; unknown pay passes." placeholder:"POUNDS"`
	HoursMin  string   `help:"Hours a week, at least." placeholder:"HOURS"`
	HoursMax  string   `help:"Hours a week, at most." placeholder:"HOURS"`
	StatedPay bool     `help:"Only posts that state their pay."`
	Refuse    []string `help:"Leave out: agency, personal-care, physical-intervention, one-to-one, driving."`
	Sort      string   `help:"relevance, newest, closing, distance, pay (an hour) or actual (a year)." placeholder:"ORDER"`
	Page      int      `help:"Page, from 1; pages end after the first 1,000 posts." default:"1"`
	PerPage   int      `help:"Posts a page, at most 100." default:"20"`
	AsTyped   bool     `help:"Do not correct the words."`
}

func (searchCmd) Help() string {
	return `The same query as the site and the alerts. Asks a running "sendwatch serve", else
opens the index itself.

Examples:
  sendwatch search semh --near RG41 --within 10mi
  sendwatch search '"one to one" autism' -- --refuse agency --min-actual 18000
  sendwatch search --support one-to-one --entry open --paid-by school,trust
  sendwatch search --need semh --setting special-school --sort pay --json`
}

// values are the request as the site's address holds it.
func (c *searchCmd) values() (url.Values, error) {
	q := url.Values{
		"q": {strings.Join(c.Words, " ")}, "near": {c.Near}, "sort": {c.Sort},
		"role": c.Role, "need": c.Need, "setting": c.Setting, "phase": c.Phase, "contract": c.Contract, "pattern": c.Pattern,
		"support": c.Support, "entry": c.Entry, "driver": c.Driver, "paid_by": c.PaidBy, "kind": c.Kind,
		"min_actual": {c.MinActual}, "min_hourly": {c.MinHourly}, "hours_min": {c.HoursMin}, "hours_max": {c.HoursMax}, "refuse": c.Refuse,
		"page": {strconv.Itoa(c.Page)}, "per_page": {strconv.Itoa(c.PerPage)},
	}
	miles, err := miles(c.Within)
	if err != nil {
		return nil, usageError{err}
	}
	q.Set("within", miles)
	if c.StatedPay {
		q.Set("stated_pay", "1")
	}
	if c.AsTyped {
		q.Set("as_typed", "1")
	}
	return q, nil
}

// miles reads a distance: a bare number is miles.
func miles(s string) (string, error) {
	if s == "" {
		return "", nil
	}
	n, perMile := strings.ToLower(s), 1.0
	for _, unit := range []string{"miles", "mile", "mi", "km"} {
		if rest, ok := strings.CutSuffix(n, unit); ok {
			if unit == "km" {
				perMile = 1.609344 // kilometres in a mile, by definition
			}
			n = strings.TrimSpace(rest)
			break
		}
	}
	x, err := strconv.ParseFloat(n, 64)
	if err != nil || x <= 0 {
		return "", fmt.Errorf("--within %q is not a distance such as 10mi or 16km", s)
	}
	return strconv.FormatFloat(math.Round(100*x/perMile)/100, 'f', -1, 64), nil
}

func (c *searchCmd) Run(e *env) error {
	q, err := c.values()
	if err != nil {
		return err
	}
	return e.withApp(func(a *app) error {
		answer, err := a.search(e, q)
		if err != nil {
			return err
		}
		if e.cli.JSON {
			return json.NewEncoder(e.out).Encode(answer)
		}
		return e.printHits(answer)
	})
}

// search opens the index, or asks the process that holds it.
func (a *app) search(e *env, q url.Values) (web.Answer, error) {
	req, err := web.ParseRequest(q)
	if err != nil {
		return web.Answer{}, usageError{err}
	}
	ix, _, err := a.openEngines(e.ctx)
	if errors.Is(err, search.ErrBusy) {
		var answer web.Answer
		err := a.ask(e.ctx, "/api/v1/vacancies", q, &answer)
		return answer, err
	}
	if err != nil {
		return web.Answer{}, err
	}
	return web.Find(e.ctx, a.service(ix), a.store, a.links.Base, req)
}

func (e *env) printHits(a web.Answer) error {
	if a.Corrected {
		fmt.Fprintf(e.err, "Showing posts for: %s\n", a.Words)
	}
	if a.Fallback {
		fmt.Fprintln(e.err, "The search engine that is configured does not answer; this machine's own index did (see: sendwatch doctor).")
	}
	w := tabwriter.NewWriter(e.out, 0, 0, 2, ' ', 0)
	if len(a.Hits) > 0 {
		fmt.Fprintln(w, "ID\tTITLE\tEMPLOYER\tWHERE\tMILES\tPAY\tCLOSES")
	}
	for _, h := range a.Hits {
		closes, far := "", ""
		if h.Closes != nil {
			closes = h.Closes.Format("2 Jan 2006")
		}
		if h.Miles != nil {
			far = strconv.FormatFloat(*h.Miles, 'f', 1, 64)
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", h.ID, clip(h.Title, 48), clip(h.Employer, 32), clip(h.Location, 28), far, h.Pay, closes)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(e.err, "%d found\n", a.Total)
	return err
}

// clip shortens a cell of a table.
func clip(s string, n int) string {
	r := []rune(strings.Join(strings.Fields(s), " "))
	if len(r) <= n {
		return string(r)
	}
	return string(r[:n-1]) + "…"
}
