package main

import (
	"cmp"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/sendwatch/sendwatch/store"
)

type accessCmd struct {
	Add    accessAddCmd    `cmd:"" help:"Give somebody access: a sign-in link, or an API key."`
	Link   accessLinkCmd   `cmd:"" help:"Make a new sign-in link for somebody who has access."`
	Key    accessKeyCmd    `cmd:"" help:"Make a new API key in the place of the old one."`
	List   accessListCmd   `cmd:"" help:"List who has access."`
	Revoke accessRevokeCmd `cmd:"" help:"End somebody's access at once."`
}

// linkLife is how long a sign-in link may wait for its one use.
const linkLife = time.Hour

// mostName bounds what an access may be called, in bytes.
const mostName = 80

type accessAddCmd struct {
	Role    string        `required:"" enum:"operator,adviser,agency" help:"What the access is for: operator, adviser or agency."`
	Name    string        `help:"What you call it, to tell it from others (default the role, numbered)." placeholder:"NAME"`
	Key     bool          `help:"Give an API key instead of a sign-in link."`
	Expires time.Duration `help:"End the access by itself after this time, as in 720h (default never)." placeholder:"DURATION"`
}

func (accessAddCmd) Help() string {
	return `Prints a sign-in link for an operator or an adviser, and an API key for an agency or
with --key. It is shown this once: only a digest of it is kept. A link signs one
browser in, within an hour; a key goes with requests as "Authorization: Bearer KEY".
Searching needs neither.

Examples:
  sendwatch access add --role operator --name "Jo at the office"
  sendwatch access add --role adviser --name sam --expires 2160h
  sendwatch access add --role agency --name acme`
}

func (c *accessAddCmd) Run(e *env) error {
	if err := checkName(c.Name); c.Name != "" && err != nil {
		return usageError{fmt.Errorf("--name: %w", err)}
	}
	if c.Expires < 0 {
		return usageError{errors.New("--expires: the time is over before it begins")}
	}
	return e.withStore(func(a *app) error {
		access := store.Access{Name: c.Name, Role: store.Role(c.Role)}
		if c.Expires > 0 {
			ends := e.now().Add(c.Expires)
			access.ExpiresAt = &ends
		}
		kind := store.TokenLink
		if c.Key || access.Role == store.RoleAgency {
			kind = store.TokenKey
		}
		t, err := e.mint(kind)
		if err != nil {
			return err
		}
		if access.Name, err = a.addAccess(e, access, t); err != nil {
			return err
		}
		return a.printToken(e, access, t)
	})
}

// addAccess adds an access, under a name of its own when it has none, and returns
// the name.
func (a *app) addAccess(e *env, access store.Access, t store.Token) (string, error) {
	name := access.Name
	for n := 1; ; n++ {
		access.Name = name
		switch {
		case name == "" && n == 1:
			access.Name = string(access.Role)
		case name == "":
			access.Name = fmt.Sprintf("%s-%d", access.Role, n)
		}
		err := a.store.AddAccess(e.ctx, access, t)
		if errors.Is(err, store.ErrTaken) {
			if name == "" {
				continue
			}
			return "", fmt.Errorf("there is an access called %q: choose another name, or: sendwatch access link --name %q", name, name)
		}
		return access.Name, err
	}
}

// checkName accepts names that stand on one line of a list.
func checkName(s string) error {
	switch {
	case strings.TrimSpace(s) != s || s == "":
		return errors.New("a name neither begins nor ends with a space, and is not empty")
	case len(s) > mostName:
		return fmt.Errorf("a name has at most %d bytes", mostName)
	case !utf8.ValidString(s) || strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) }):
		return errors.New("a name is printable text")
	}
	return nil
}

// mint makes a token; a link waits for its use as long as linkLife.
func (e *env) mint(kind store.TokenKind) (store.Token, error) {
	secret, err := store.MintToken(rand.Reader, kind)
	t := store.Token{Secret: secret, Kind: kind}
	if kind == store.TokenLink {
		ends := e.now().Add(linkLife)
		t.ExpiresAt = &ends
	}
	return t, err
}

// mintedLine is a new token as it is printed for machines.
type mintedLine struct {
	Name    string     `json:"name"`
	Role    store.Role `json:"role"`
	Link    string     `json:"link,omitempty"`
	Key     string     `json:"key,omitempty"`
	Expires *time.Time `json:"expires_at,omitempty"`
}

// printToken shows a token for the first and last time: alone on standard output,
// so that a script may take it, with what to do about it on standard error.
func (a *app) printToken(e *env, access store.Access, t store.Token) error {
	line := mintedLine{Name: access.Name, Role: access.Role, Key: t.Secret, Expires: access.ExpiresAt}
	note := "This is the API key; send it as \"Authorization: Bearer KEY\"."
	if t.Kind == store.TokenLink {
		line.Link, line.Key, line.Expires = a.links.Base+"/sign-in/"+t.Secret, "", t.ExpiresAt
		note = "Open this link in a browser within an hour; it works once."
	}
	if e.cli.JSON {
		return json.NewEncoder(e.out).Encode(line)
	}
	fmt.Fprintf(e.err, "Access %q, role %s. %s It is not shown again.\n", access.Name, access.Role, note)
	_, err := fmt.Fprintln(e.out, cmp.Or(line.Link, line.Key))
	return err
}

type accessLinkCmd struct {
	Name string `required:"" help:"What the access is called; see: sendwatch access list." placeholder:"NAME"`
}

func (accessLinkCmd) Help() string {
	return `For another browser, or when a session has ended. A link that was not used yet stops
working; sessions go on.

Example:
  sendwatch access link --name sam`
}

func (c *accessLinkCmd) Run(e *env) error { return e.grant(c.Name, store.TokenLink) }

type accessKeyCmd struct {
	Name string `required:"" help:"What the access is called; see: sendwatch access list." placeholder:"NAME"`
}

func (accessKeyCmd) Help() string {
	return `The old key stops working at once.

Example:
  sendwatch access key --name acme`
}

func (c *accessKeyCmd) Run(e *env) error { return e.grant(c.Name, store.TokenKey) }

// grant gives somebody who has access a new token.
func (e *env) grant(name string, kind store.TokenKind) error {
	return e.withStore(func(a *app) error {
		t, err := e.mint(kind)
		if err != nil {
			return err
		}
		access, err := a.store.GrantToken(e.ctx, name, t)
		if err != nil {
			return noSuchAccess(name, err)
		}
		return a.printToken(e, access, t)
	})
}

func noSuchAccess(name string, err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return fmt.Errorf("nobody has an access called %q; see: sendwatch access list", name)
	}
	return err
}

type accessListCmd struct {
	Role string `enum:"operator,adviser,agency," default:"" help:"Only those with this role."`
}

func (accessListCmd) Help() string {
	return `Of each link, session and key it shows how it begins, never the whole.

Examples:
  sendwatch access list
  sendwatch access list --role agency --json`
}

func (c *accessListCmd) Run(e *env) error {
	return e.withStore(func(a *app) error {
		list, err := a.store.Accesses(e.ctx)
		if err != nil {
			return err
		}
		list = slices.DeleteFunc(list, func(x store.Access) bool { return c.Role != "" && string(x.Role) != c.Role })
		if e.cli.JSON {
			return e.encodeAccesses(list)
		}
		w := tabwriter.NewWriter(e.out, 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, "NAME\tROLE\tSINCE\tUNTIL\tWITH\tBEGINS\tLAST USED\tENDS")
		for _, x := range list {
			head := fmt.Sprintf("%s\t%s\t%s\t%s", x.Name, x.Role, clock(x.CreatedAt), until(x.ExpiresAt))
			if len(x.Tokens) == 0 {
				fmt.Fprintf(w, "%s\tnothing\t\t\t\n", head)
			}
			for _, t := range x.Tokens {
				fmt.Fprintf(w, "%s\t%s\t%s…\t%s\t%s\n", head, t.Kind, t.Hint, used(t.UsedAt), until(t.ExpiresAt))
			}
		}
		return w.Flush()
	})
}

// accessLine and tokenLine are an access as it is listed for machines.
type accessLine struct {
	Name    string      `json:"name"`
	Role    store.Role  `json:"role"`
	Created time.Time   `json:"created_at"`
	Expires *time.Time  `json:"expires_at,omitempty"`
	Tokens  []tokenLine `json:"tokens"`
}

type tokenLine struct {
	Kind    store.TokenKind `json:"kind"`
	Begins  string          `json:"begins"`
	Created time.Time       `json:"created_at"`
	Expires *time.Time      `json:"expires_at,omitempty"`
	Used    *time.Time      `json:"used_at,omitempty"`
}

func (e *env) encodeAccesses(list []store.Access) error {
	enc := json.NewEncoder(e.out)
	for _, x := range list {
		line := accessLine{Name: x.Name, Role: x.Role, Created: x.CreatedAt, Expires: x.ExpiresAt, Tokens: []tokenLine{}}
		for _, t := range x.Tokens {
			line.Tokens = append(line.Tokens, tokenLine{Kind: t.Kind, Begins: t.Hint, Created: t.CreatedAt, Expires: t.ExpiresAt, Used: t.UsedAt})
		}
		if err := enc.Encode(line); err != nil {
			return err
		}
	}
	return nil
}

// until and used are moments in a list.
func until(t *time.Time) string {
	if t == nil {
		return "revoked"
	}
	return clock(*t)
}

func used(t *time.Time) string {
	if t == nil {
		return "never"
	}
	return clock(*t)
}

type accessRevokeCmd struct {
	Name string `help:"What the access is called; see: sendwatch access list." placeholder:"NAME"`
	Role string `enum:"operator,adviser,agency," default:"" help:"End the access of everybody who has this role."`
}

func (accessRevokeCmd) Help() string {
	return `Links, sessions and keys stop working with the next request.

Examples:
  sendwatch access revoke --name acme
  sendwatch access revoke --role agency`
}

func (c *accessRevokeCmd) Run(e *env) error {
	if (c.Name == "") == (c.Role == "") {
		return usageError{errors.New("say whose: --name NAME, or --role ROLE for everybody who has it")}
	}
	return e.withStore(func(a *app) error {
		names := []string{c.Name}
		if c.Name == "" {
			list, err := a.store.Accesses(e.ctx)
			if err != nil {
				return err
			}
			names = nil
			for _, x := range list {
				if string(x.Role) == c.Role {
					names = append(names, x.Name)
				}
			}
		}
		for _, name := range names {
			if err := a.store.RevokeAccess(e.ctx, name); err != nil {
				return noSuchAccess(name, err)
			}
			fmt.Fprintf(e.out, "revoked %s\n", name)
		}
		return nil
	})
}
