package main

import (
	"bufio"
	"encoding/json"
	"fmt"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/pay"
	"github.com/sendwatch/sendwatch/place"
	"github.com/sendwatch/sendwatch/taxonomy"
)

type matchCmd struct {
	Candidates string `help:"Candidates as JSON Lines: match these instead of the ledger." placeholder:"FILE" type:"existingfile"`
	Vacancies  string `help:"Vacancies as JSON Lines, as 'normalise vacancy' reads or prints them." placeholder:"FILE" type:"existingfile"`
}

func (matchCmd) Help() string {
	return `Without flags: follows the change log to its head and writes down who is owed
which vacancy. With both flags: prints one line for each pair of candidate and
vacancy, with fit, score, what is met, unmet and unknown, and why.

Examples:
  sendwatch match
  sendwatch match --candidates people.jsonl --vacancies adverts.jsonl`
}

func (c *matchCmd) Run(e *env) error {
	switch {
	case c.Candidates == "" && c.Vacancies == "":
		return e.withApp(func(a *app) error { return a.matchOnce(e.ctx) })
	case c.Candidates == "" || c.Vacancies == "":
		return usageError{fmt.Errorf("--candidates and --vacancies go together")}
	}
	k, err := learn()
	if err != nil {
		return err
	}
	candidates, cerr := readLines[sendwatch.Candidate](e, c.Candidates)
	if cerr != nil {
		return cerr
	}
	vacancies, verr := readLines[vacancyLine](e, c.Vacancies)
	if verr != nil {
		return verr
	}
	return printMatches(e, k, candidates, vacancies)
}

func printMatches(e *env, k *knowledge, candidates []sendwatch.Candidate, lines []vacancyLine) error {
	out := bufio.NewWriter(e.out)
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	vacancies := make([]sendwatch.Vacancy, len(lines))
	for i := range lines {
		vacancies[i] = lines[i].vacancy(k)
	}
	failed := false
	for i := range candidates {
		for j := range vacancies {
			var line any
			m, err := k.matcher.Candidate(&candidates[i], &vacancies[j])
			m.Profile, m.Vacancy = candidates[i].ID, vacancies[j].ID
			if line = m; err != nil {
				failed = true
				line = pairError{Profile: m.Profile, Vacancy: m.Vacancy, Error: err.Error()}
			}
			if err := enc.Encode(line); err != nil {
				return err
			}
		}
		if err := e.ctx.Err(); err != nil {
			return err
		}
	}
	if err := out.Flush(); err != nil {
		return err
	}
	if failed {
		return errSaid
	}
	return nil
}

// pairError is the output for a pair that cannot be matched, such as one whose
// home is no known place.
type pairError struct {
	Profile string `json:"profile"`
	Vacancy string `json:"vacancy"`
	Error   string `json:"error"`
}

// readLines reads a whole file of JSON Lines; a line that cannot be read ends it.
func readLines[T any](e *env, name string) ([]T, error) {
	var out []T
	err := e.lines([]string{name}, func(line []byte, err error) error {
		var v T
		if err == nil {
			err = decode(line, &v)
		}
		if err != nil {
			return fmt.Errorf("line %d: %w", len(out)+1, err)
		}
		out = append(out, v)
		return nil
	})
	return out, err
}

// vacancyLine is a vacancy as `normalise vacancy` reads or prints it.
type vacancyLine struct {
	postingLine
	stated
}

// stated is what a line already says of a reading; it is kept.
type stated struct {
	Kind         *sendwatch.Kind         `json:"kind"`
	Scope        *sendwatch.Scope        `json:"scope"`
	ScopeReason  *string                 `json:"scope_reason"`
	Role         *string                 `json:"role"`
	Needs        *[]string               `json:"needs"`
	Setting      *string                 `json:"setting"`
	Phases       *[]string               `json:"phases"`
	Duties       *[]sendwatch.Duty       `json:"duties"`
	Requirements *[]taxonomy.Requirement `json:"requirements"`
	Choices      []taxonomy.Choice       `json:"choices"`
	Pay          *pay.Offer              `json:"pay"`
	Place        *place.Place            `json:"place"`
}

// UnmarshalJSON reads both halves of the line.
func (v *vacancyLine) UnmarshalJSON(b []byte) error {
	if err := json.Unmarshal(b, &v.postingLine); err != nil {
		return err
	}
	return json.Unmarshal(b, &v.stated)
}

// vacancy reads what the line leaves open from its text.
func (v *vacancyLine) vacancy(k *knowledge) sendwatch.Vacancy {
	r := k.normaliser.Read(&v.Posting)
	keep(&r.Kind, v.Kind)
	keep(&r.Scope, v.Scope)
	keep(&r.ScopeReason, v.ScopeReason)
	keep(&r.Role, v.Role)
	keep(&r.Needs, v.Needs)
	keep(&r.Setting, v.Setting)
	keep(&r.Phases, v.Phases)
	keep(&r.Duties, v.Duties)
	if v.Requirements != nil {
		r.Requirements, r.Choices = *v.Requirements, v.Choices // whose groups belong together
	}
	keep(&r.Pay, v.Pay)
	if v.Place != nil {
		r.Place = v.Place
	}
	return sendwatch.Vacancy{ID: v.Reference, Reading: r, State: sendwatch.VacancyOpen}
}

func keep[T any](dst *T, stated *T) {
	if stated != nil {
		*dst = *stated
	}
}
