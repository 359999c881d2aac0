package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/sendwatch/sendwatch/ingest"
	"github.com/sendwatch/sendwatch/store"
)

type removalCmd struct {
	List    removalListCmd    `cmd:"" help:"List what visitors reported, and what is removed."`
	Approve removalApproveCmd `cmd:"" help:"Do as a report asks: remove the vacancy, or note that a mistake was mended."`
	Reject  removalRejectCmd  `cmd:"" help:"Decline a report, and say why."`
	Add     removalAddCmd     `cmd:"" help:"Remove a vacancy, or what stands at an address, without a report."`
	Lift    removalLiftCmd    `cmd:"" help:"Show again what a removal hid."`
}

func (removalCmd) Help() string {
	return `A removed advert is in no search, page, feed, export or email, and stays so
however often it is crawled or read again. It is recognised by its reference at its
source, and by its title at its address. With --reposts it is recognised by its text
too, under whatever reference it comes back; leave that out when the employer only
wants this advert gone, since the same words may advertise next year's post.

Examples:
  sendwatch removal list
  sendwatch removal approve 0193f2c1… --answer "It is gone."
  sendwatch removal reject 0193f2c1… --answer "The advert itself says so; please ask the school."
  sendwatch removal add https://jobs.example.org/job/17 --reason "a person is named"
  sendwatch removal lift 0193f2d0…`
}

// reportsShown is how many waiting reports are listed at once.
const reportsShown = 200

type removalListCmd struct{}

func (removalListCmd) Help() string {
	return `Examples:
  sendwatch removal list
  sendwatch removal list --json`
}

func (removalListCmd) Run(e *env) error {
	return e.withApp(func(a *app) error {
		waiting, err := a.store.Reports(e.ctx, store.ReportWaiting, reportsShown)
		if err != nil {
			return err
		}
		removed, err := a.store.Removals(e.ctx)
		if err != nil {
			return err
		}
		if e.cli.JSON {
			return json.NewEncoder(e.out).Encode(map[string]any{"reports": orEmpty(waiting), "removals": orEmpty(removed)})
		}
		w := tabwriter.NewWriter(e.out, 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, "REPORT\tOF VACANCY\tSINCE\tABOUT\tTEXT")
		for i := range waiting {
			r := &waiting[i]
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", r.ID, r.Vacancy, r.At.Format("2 Jan 2006"), r.About, plain(r.Text))
		}
		fmt.Fprintln(w, "\nREMOVAL\tOF VACANCY\tSINCE\tWHAT\tWHY")
		for i := range removed {
			r := &removed[i]
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", r.ID, r.Vacancy, r.At.Format("2 Jan 2006"), plain(r.Subject), plain(r.Reason))
		}
		return w.Flush()
	})
}

func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

type removalApproveCmd struct {
	Report  string `arg:"" help:"The report's id."`
	Answer  string `help:"What to say to the person who reported it."`
	Reposts bool   `help:"Hide equal text under another reference too."`
}

func (removalApproveCmd) Help() string {
	return `The answer is shown on the page that the person was given when they reported it.

Example:
  sendwatch removal approve 0193f2c1… --answer "It is gone."`
}

func (c *removalApproveCmd) Run(e *env) error {
	return e.withApp(func(a *app) error {
		r, err := a.waiting(e, c.Report)
		if err != nil {
			return err
		}
		// First the removal: were this cut off in between, the report would still wait.
		if r.About == store.ReportRemove {
			id, err := a.ingest().Remove(e.ctx, ingest.RemoveOptions{Vacancy: r.Vacancy, Reposts: c.Reposts, Reason: "report " + r.ID})
			if err != nil {
				return err
			}
			fmt.Fprintf(e.out, "removed %s\n", id)
		}
		return a.store.DecideReport(e.ctx, r.ID, store.ReportApproved, c.Answer)
	})
}

type removalRejectCmd struct {
	Report string `arg:"" help:"The report's id."`
	Answer string `help:"What to say to the person who reported it." required:""`
}

func (removalRejectCmd) Help() string {
	return `The answer is shown on the page that the person was given when they reported it.

Example:
  sendwatch removal reject 0193f2c1… --answer "The advert itself says so; please ask the school."`
}

func (c *removalRejectCmd) Run(e *env) error {
	return e.withApp(func(a *app) error {
		r, err := a.waiting(e, c.Report)
		if err != nil {
			return err
		}
		return a.store.DecideReport(e.ctx, r.ID, store.ReportRejected, c.Answer)
	})
}

// waiting is a report that nobody has decided.
func (a *app) waiting(e *env, id string) (store.Report, error) {
	r, err := a.store.Report(e.ctx, id)
	if errors.Is(err, store.ErrNotFound) || err == nil && r.State != store.ReportWaiting {
		return r, fmt.Errorf("no report %q waits for a decision; see: sendwatch removal list", id)
	}
	return r, err
}

type removalAddCmd struct {
	What    string `arg:"" name:"url-or-id" help:"A vacancy's id or its page here, or the address of an advert."`
	Reason  string `help:"Why, for the record."`
	Reposts bool   `help:"Hide equal text under another reference too."`
}

func (removalAddCmd) Help() string {
	return `An address takes away everything that stands there, known already or not; an id
takes away that vacancy alone.

Examples:
  sendwatch removal add 0193f2c1… --reason "asked by the school by telephone"
  sendwatch removal add https://jobs.example.org/job/17`
}

func (c *removalAddCmd) Run(e *env) error {
	return e.withApp(func(a *app) error {
		o := ingest.RemoveOptions{Reason: c.Reason, Reposts: c.Reposts}
		what := strings.TrimPrefix(c.What, a.links.Base+"/vacancies/")
		if strings.Contains(what, "://") {
			o.URL = what
		} else {
			o.Vacancy = what
		}
		id, err := a.ingest().Remove(e.ctx, o)
		switch {
		case errors.Is(err, store.ErrNotFound):
			return fmt.Errorf("no vacancy has the id %q", what)
		case errors.Is(err, ingest.ErrNoAddress):
			return usageError{fmt.Errorf("%q names no page of its own", what)}
		case err != nil:
			return err
		}
		fmt.Fprintf(e.out, "removed %s\n", id)
		return nil
	})
}

type removalLiftCmd struct {
	Removal string `arg:"" help:"The removal's id."`
}

func (removalLiftCmd) Help() string {
	return `What was hidden is in searches again once "sendwatch serve" or "sendwatch index" has
seen it. Nobody is emailed about it.

Example:
  sendwatch removal lift 0193f2d0…`
}

func (c *removalLiftCmd) Run(e *env) error {
	return e.withApp(func(a *app) error {
		err := a.ingest().Lift(e.ctx, c.Removal)
		if errors.Is(err, store.ErrNotFound) {
			return fmt.Errorf("no removal has the id %q; see: sendwatch removal list", c.Removal)
		}
		return err
	})
}
