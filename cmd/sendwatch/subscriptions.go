package main

import (
	"encoding/json"
	"fmt"
	"net/mail"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/store"
)

type subscriptionsCmd struct {
	Import subscriptionsImportCmd `cmd:"" help:"Import subscriptions from JSON Lines."`
	Export subscriptionsExportCmd `cmd:"" help:"Export the active subscriptions, with addresses, as JSON Lines."`
	List   subscriptionsListCmd   `cmd:"" help:"List the active subscriptions, without addresses."`
}

// subscriptionLine is a subscription as it is imported and exported.
type subscriptionLine struct {
	Email     string               `json:"email"`
	Frequency sendwatch.Frequency  `json:"frequency"`
	Criteria  sendwatch.Criteria   `json:"criteria"`
	Candidate *sendwatch.Candidate `json:"candidate,omitempty"`
	Consent   *consentLine         `json:"consent,omitempty"`
}

type consentLine struct {
	Wording string    `json:"wording"`
	At      time.Time `json:"at"`
}

type subscriptionsImportCmd struct {
	File      string `arg:"" help:"JSON Lines with email, frequency, criteria, candidate and consent." type:"existingfile"`
	Confirmed bool   `help:"Consent is on record for every line: no confirmation is asked for."`
}

func (subscriptionsImportCmd) Help() string {
	return `Each line is {"email":…,"frequency":"instant|daily|weekly","criteria":{…},
"candidate":{…},"consent":{"wording":…,"at":…}}. Without --confirmed every address
is asked to confirm first. A line that cannot be taken is named and the rest is
still done; the exit status is then 1.

Example:
  sendwatch subscriptions import --confirmed people.jsonl`
}

func (c *subscriptionsImportCmd) Run(e *env) error {
	return e.withApp(func(a *app) error {
		n, bad, line := 0, 0, 0
		err := e.lines([]string{c.File}, func(b []byte, err error) error {
			line++
			if err == nil {
				err = a.importLine(e, b, c.Confirmed)
			}
			if err != nil {
				bad++
				fmt.Fprintf(e.err, "%s:%d: %v\n", c.File, line, err)
				return e.ctx.Err()
			}
			n++
			return nil
		})
		fmt.Fprintf(e.out, "%d subscriptions imported, %d lines refused\n", n, bad)
		if err == nil && bad > 0 {
			err = errSaid
		}
		return err
	})
}

func (a *app) importLine(e *env, b []byte, confirmed bool) error {
	var l subscriptionLine
	if err := decode(b, &l); err != nil {
		return err
	}
	address, err := mail.ParseAddress(l.Email)
	if err != nil {
		return fmt.Errorf("email: not an address") // the address itself is not repeated
	}
	switch l.Frequency {
	case "":
		l.Frequency = sendwatch.Daily
	case sendwatch.Instant, sendwatch.Daily, sendwatch.Weekly:
	default:
		return fmt.Errorf("frequency %q is not instant, daily or weekly", l.Frequency)
	}
	if confirmed && (l.Consent == nil || l.Consent.Wording == "" || l.Consent.At.IsZero()) {
		return fmt.Errorf("consent: --confirmed needs the wording that was agreed to, and when")
	}
	if _, err := a.matcher.Compile(l.Criteria); err != nil {
		return fmt.Errorf("criteria: %w", err)
	}
	if l.Candidate != nil {
		if _, err := a.matcher.Candidate(l.Candidate, &sendwatch.Vacancy{}); err != nil {
			return fmt.Errorf("candidate: %w", err)
		}
	}
	in := store.Signup{Email: address.Address, Frequency: l.Frequency, Criteria: l.Criteria, Candidate: l.Candidate, Confirmed: confirmed}
	if l.Consent != nil {
		in.Consent = store.Consent{Wording: l.Consent.Wording, At: l.Consent.At}
	}
	_, err = a.store.Subscribe(e.ctx, in)
	return err
}

// subscriptionPage is how many subscriptions are read at once.
const subscriptionPage = 500

// eachSubscription calls fn with every active subscription.
func (a *app) eachSubscription(e *env, fn func(sendwatch.Subscription) error) error {
	after := ""
	for {
		page, err := a.store.Subscriptions(e.ctx, after, subscriptionPage)
		if err != nil || len(page) == 0 {
			return err
		}
		for _, s := range page {
			if err := fn(s); err != nil {
				return err
			}
		}
		after = page[len(page)-1].ID
	}
}

type subscriptionsExportCmd struct{}

func (subscriptionsExportCmd) Help() string {
	return `Prints lines that "subscriptions import" reads. They hold personal data: keep
them as carefully as the database.

Example:
  sendwatch subscriptions export > people.jsonl`
}

func (subscriptionsExportCmd) Run(e *env) error {
	return e.withApp(func(a *app) error {
		enc := json.NewEncoder(e.out)
		return a.eachSubscription(e, func(s sendwatch.Subscription) error {
			p, err := a.store.Subscriber(e.ctx, s.Person)
			if err != nil {
				return err
			}
			return enc.Encode(subscriptionLine{
				Email: p.Email, Frequency: s.Frequency, Criteria: s.Criteria, Candidate: s.Candidate,
				Consent: &consentLine{Wording: p.Consent.Wording, At: p.Consent.At},
			})
		})
	})
}

type subscriptionsListCmd struct{}

func (subscriptionsListCmd) Help() string {
	return `People are named by their ids.

Examples:
  sendwatch subscriptions list
  sendwatch subscriptions list --json`
}

func (subscriptionsListCmd) Run(e *env) error {
	return e.withApp(func(a *app) error {
		r, err := a.renderer()
		if err != nil {
			return err
		}
		if e.cli.JSON {
			enc := json.NewEncoder(e.out)
			return a.eachSubscription(e, func(s sendwatch.Subscription) error { return enc.Encode(s) })
		}
		w := tabwriter.NewWriter(e.out, 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, "ID\tPERSON\tOFTEN\tSINCE\tASKS FOR")
		err = a.eachSubscription(e, func(s sendwatch.Subscription) error {
			_, err := fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", s.ID, s.Person, s.Frequency, s.CreatedAt.Format("2 Jan 2006"), r.Asked(s.Criteria, s.Candidate))
			return err
		})
		if err != nil {
			return err
		}
		return w.Flush()
	})
}

type privacyCmd struct {
	Export privacyExportCmd `cmd:"" help:"Print everything kept about an address, as JSON."`
	Erase  privacyEraseCmd  `cmd:"" help:"Erase everything kept about an address."`
}

type privacyExportCmd struct {
	Email string `arg:"" help:"The person's address."`
}

func (privacyExportCmd) Help() string {
	return `Prints address, consent, subscriptions, what was matched and what was sent.

Example:
  sendwatch privacy export person@example.org > person.json`
}

func (c *privacyExportCmd) Run(e *env) error {
	return e.withPerson(c.Email, func(a *app, person string) error {
		data, err := a.store.ExportPerson(e.ctx, person)
		if err != nil {
			return err
		}
		enc := json.NewEncoder(e.out)
		enc.SetIndent("", "  ")
		return enc.Encode(data)
	})
}

type privacyEraseCmd struct {
	Email string `arg:"" help:"The person's address."`
}

func (privacyEraseCmd) Help() string {
	return `What stays, where mail was refused for good, is a hash of the address, so that it is
never written to again.

Example:
  sendwatch privacy erase person@example.org`
}

func (c *privacyEraseCmd) Run(e *env) error {
	return e.withPerson(c.Email, func(a *app, person string) error {
		if err := a.store.ErasePerson(e.ctx, person); err != nil {
			return err
		}
		fmt.Fprintln(e.out, "erased")
		return nil
	})
}

func (e *env) withPerson(address string, fn func(a *app, person string) error) error {
	return e.withApp(func(a *app) error {
		p, err := a.store.SubscriberByEmail(e.ctx, strings.TrimSpace(address))
		if err != nil {
			return fmt.Errorf("nothing is kept about that address: %w", err)
		}
		return fn(a, p.Person)
	})
}
