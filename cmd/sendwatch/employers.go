package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"text/tabwriter"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/ingest"
	"github.com/sendwatch/sendwatch/store"
)

type employersCmd struct {
	Import employersImportCmd `cmd:"" help:"Import the national register of schools from its CSV download."`
	List   employersListCmd   `cmd:"" help:"List the schools that are known."`
	Show   employersShowCmd   `cmd:"" help:"Show what is known of one school."`
}

type employersImportCmd struct {
	File string `arg:"" help:"The register's CSV file." type:"existingfile"`
}

func (employersImportCmd) Help() string {
	return `Reads the "establishment fields" CSV of Get Information about Schools, the public
register of schools in England (edubasealldata…csv, as it is downloaded). Closed
schools are left out; an import again replaces what changed, and removes what is no
longer there unless a line could not be read. Such lines are named, the rest is
still done, and the exit status is then 1.

An employer is matched by its number (URN), or by its name together with its
postcode; otherwise it stays unresolved. Adverts are matched as they come in. Those
that are stored already wait for "sendwatch renormalise".

Examples:
  sendwatch employers import edubasealldata20260901.csv
  sendwatch renormalise`
}

func (c *employersImportCmd) Run(e *env) (err error) {
	f, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return e.withApp(func(a *app) error {
		progress := e.progress()
		rep, err := a.ingest().ImportEmployers(e.ctx, ingest.EmployersOptions{
			File: f,
			Refused: func(line int, why error) {
				fmt.Fprintf(e.err, "%s:%d: %v\n", c.File, line, why)
			},
			Progress: progress.lines,
		})
		progress.end()
		if err != nil {
			return fmt.Errorf("%s: %w", c.File, err)
		}
		if e.cli.JSON {
			err = json.NewEncoder(e.out).Encode(rep)
		} else {
			printEmployersReport(e, &rep)
		}
		if err == nil && rep.Refused > 0 {
			err = errSaid
		}
		return err
	})
}

// lines shows how far a file is read.
func (p *progress) lines(n int) {
	switch now := p.e.now(); {
	case p.terminal:
		fmt.Fprintf(p.e.err, "\r\x1b[K%d lines", n)
	case now.Sub(p.said) >= progressPause:
		p.said = now
		p.e.log.Info("importing", "lines", n)
	}
}

func printEmployersReport(e *env, rep *ingest.EmployersReport) {
	fmt.Fprintf(e.out, "%d schools: %d new, %d changed, %d removed; %d closed ones left out, %d lines refused\n",
		rep.Schools, rep.New, rep.Changed, rep.Removed, rep.Closed, rep.Refused)
	if rep.Kept != "" {
		fmt.Fprintf(e.out, "nothing was removed: %s\n", rep.Kept)
	}
	if rep.Marked > 0 {
		fmt.Fprintf(e.out, "%d stored postings wait for: sendwatch renormalise\n", rep.Marked)
	}
}

// employersPage is how many schools are read at once.
const employersPage = 500

type employersListCmd struct{}

func (employersListCmd) Help() string {
	return `Examples:
  sendwatch employers list
  sendwatch employers list --json`
}

func (employersListCmd) Run(e *env) error {
	return e.withApp(func(a *app) error {
		if e.cli.JSON {
			enc := json.NewEncoder(e.out)
			return a.eachEmployer(e, func(s *sendwatch.Employer) error { return enc.Encode(s) })
		}
		w := tabwriter.NewWriter(e.out, 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, "URN\tNAME\tTYPE\tTOWN\tPOSTCODE")
		err := a.eachEmployer(e, func(s *sendwatch.Employer) error {
			_, err := fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", s.URN, s.Name, s.Type, s.Town, s.Postcode)
			return err
		})
		return errors.Join(err, w.Flush())
	})
}

// eachEmployer calls fn with every school of the register.
func (a *app) eachEmployer(e *env, fn func(*sendwatch.Employer) error) error {
	after := ""
	for {
		page, err := a.store.Employers(e.ctx, after, employersPage)
		if err != nil || len(page) == 0 {
			return err
		}
		for i := range page {
			if err := fn(&page[i]); err != nil {
				return err
			}
		}
		after = page[len(page)-1].URN
	}
}

type employersShowCmd struct {
	URN string `arg:"" help:"The school's number in the register."`
}

func (employersShowCmd) Help() string {
	return `Example:
  sendwatch employers show 900001`
}

func (c *employersShowCmd) Run(e *env) error {
	return e.withApp(func(a *app) error {
		s, err := a.store.Employer(e.ctx, c.URN)
		if errors.Is(err, store.ErrNotFound) {
			return fmt.Errorf("no school has the number %q; is the register imported? (sendwatch employers import)", c.URN)
		}
		if err != nil {
			return err
		}
		enc := json.NewEncoder(e.out)
		enc.SetIndent("", "  ")
		return enc.Encode(s)
	})
}
