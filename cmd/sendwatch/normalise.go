package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/pay"
	"github.com/sendwatch/sendwatch/taxonomy"
)

type normaliseCmd struct {
	Pay          normalisePayCmd          `cmd:"" help:"Read pay, hours, contract and dates."`
	Requirements normaliseRequirementsCmd `cmd:"" help:"Read requirement lines."`
	Vacancy      normaliseVacancyCmd      `cmd:"" help:"Read whole adverts or documents."`
}

func (normaliseCmd) Help() string {
	return `JSON Lines in, JSON Lines out: one line out for each line in, in the same
order, with the same id. A line that cannot be read gives {"id":…,"error":"…"}
and the exit status is 1 at the end; the rest is still done.

Examples:
  echo '{"id":"1","pay_text":"NJC SCP 5-6","hours_text":"30 hours, 39 weeks","published":"2025-11"}' | sendwatch normalise pay
  sendwatch normalise requirements lines.jsonl
  sendwatch normalise vacancy adverts.jsonl
  sendwatch normalise vacancy job-description.docx`
}

type normalisePayCmd struct {
	Files []string `arg:"" optional:"" help:"Files of JSON Lines (default standard input)." type:"existingfile"`
}

func (normalisePayCmd) Help() string {
	return `Each line is {"id":…,"pay_text":…,"hours_text":…,"contract_text":…,"dates_text":…,
"published":"YYYY-MM","nation":…,"london":…,"employer":…,"employer_kind":…}; what is
not known may be left out.

Examples:
  echo '{"id":"1","pay_text":"£13.20 an hour","hours_text":"30 hours, 39 weeks"}' | sendwatch normalise pay
  sendwatch normalise pay lines.jsonl > offers.jsonl`
}

func (c *normalisePayCmd) Run(e *env) error {
	k, err := learn()
	if err != nil {
		return err
	}
	return e.eachLine(c.Files, func(line []byte) (any, error) {
		var in struct {
			ID json.RawMessage `json:"id"`
			pay.Input
		}
		if err := decode(line, &in); err != nil {
			return nil, err
		}
		return struct {
			ID json.RawMessage `json:"id"`
			pay.Offer
		}{in.ID, k.pay.Read(in.Input)}, nil
	})
}

type normaliseRequirementsCmd struct {
	Files []string `arg:"" optional:"" help:"Files of JSON Lines (default standard input)." type:"existingfile"`
}

func (normaliseRequirementsCmd) Help() string {
	return `Each line is {"id":…,"section":"essential|desirable|none","text":…}: one line of a
person specification, and the heading it stands under.

Examples:
  echo '{"id":"1","section":"essential","text":"GCSE English and maths"}' | sendwatch normalise requirements
  sendwatch normalise requirements lines.jsonl`
}

func (c *normaliseRequirementsCmd) Run(e *env) error {
	k, err := learn()
	if err != nil {
		return err
	}
	return e.eachLine(c.Files, func(line []byte) (any, error) {
		var in struct {
			ID      json.RawMessage  `json:"id"`
			Section taxonomy.Section `json:"section"`
			Text    string           `json:"text"`
		}
		if err := decode(line, &in); err != nil {
			return nil, err
		}
		switch in.Section {
		case "":
			in.Section = taxonomy.SectionNone
		case taxonomy.SectionEssential, taxonomy.SectionDesirable, taxonomy.SectionNone:
		default:
			return nil, fmt.Errorf("section %q is not essential, desirable or none", in.Section)
		}
		reqs := k.taxonomy.Requirements(in.Section, in.Text)
		if reqs == nil {
			reqs = []taxonomy.Requirement{}
		}
		return struct {
			ID           json.RawMessage        `json:"id"`
			Requirements []taxonomy.Requirement `json:"requirements"`
		}{in.ID, reqs}, nil
	})
}

type normaliseVacancyCmd struct {
	Files   []string `arg:"" optional:"" help:"JSON Lines (.jsonl), or documents (.pdf .docx .html .md .txt); default standard input." type:"existingfile"`
	Explain bool     `help:"Print for people, line by line, what was read and why."`
}

func (normaliseVacancyCmd) Help() string {
	return `Each line is an advert: {"id":…,"title":…,"employer":…,"location":…,"postcode":…,
"pay_text":…,"hours_text":…,"contract_text":…,"dates_text":…,"published":…,"url":…} with
its body as "body_html", "body_markdown" or "body_text". A document gives a line for
each vacancy found in it.

Examples:
  sendwatch normalise vacancy adverts.jsonl
  sendwatch normalise vacancy job-description.docx person-specification.pdf
  sendwatch normalise vacancy --explain job-description.docx`
}

// readVacancy is a line of `normalise vacancy`.
type readVacancy struct {
	ID json.RawMessage `json:"id"`
	sendwatch.Reading
}

func (c *normaliseVacancyCmd) Run(e *env) error {
	k, err := learn()
	if err != nil {
		return err
	}
	lines, documents := splitByKind(c.Files)
	if c.Explain {
		return c.explain(e, k, lines, documents)
	}
	if len(lines) > 0 || len(c.Files) == 0 {
		err = e.eachLine(lines, func(line []byte) (any, error) {
			var p postingLine
			if err := decode(line, &p); err != nil {
				return nil, err
			}
			return readVacancy{ID: p.id, Reading: k.normaliser.Read(&p.Posting)}, nil
		})
	}
	if derr := c.documents(e, k, documents); err == nil {
		err = derr
	}
	return err
}

// documents prints a line for every vacancy found in every file.
func (c *normaliseVacancyCmd) documents(e *env, k *knowledge, files []string) error {
	out := bufio.NewWriter(e.out)
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	failed := false
	reader := newDocumentReader()
	for _, name := range files {
		postings, err := openPostings(e.ctx, k, reader, name)
		if err != nil {
			failed = true
			if err := enc.Encode(lineError{ID: textID(filepath.Base(name)), Error: err.Error()}); err != nil {
				return err
			}
			continue
		}
		for _, p := range postings {
			if err := enc.Encode(readVacancy{ID: textID(p.Reference), Reading: k.normaliser.Read(&p)}); err != nil {
				return err
			}
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

func openPostings(ctx context.Context, k *knowledge, r *documentReader, name string) ([]sendwatch.Posting, error) {
	d, err := r.open(ctx, name)
	if err != nil {
		return nil, err
	}
	return k.normaliser.Split(filepath.Base(name), d), nil
}

// splitByKind tells documents from files of JSON Lines by their names.
func splitByKind(files []string) (lines, documents []string) {
	known := []string{".pdf", ".docx", ".html", ".htm", ".md", ".txt"}
	for _, name := range files {
		if slices.Contains(known, strings.ToLower(filepath.Ext(name))) {
			documents = append(documents, name)
		} else {
			lines = append(lines, name)
		}
	}
	return lines, documents
}

// postingLine is a posting whose id may be a string or a number.
type postingLine struct {
	sendwatch.Posting
	id json.RawMessage
}

// UnmarshalJSON lets the id be a number, as exports often have it.
func (p *postingLine) UnmarshalJSON(b []byte) error {
	type Plain sendwatch.Posting // embedded, so its name is exported
	in := struct {
		ID json.RawMessage `json:"id"`
		*Plain
	}{Plain: (*Plain)(&p.Posting)}
	if err := json.Unmarshal(b, &in); err != nil {
		return err
	}
	p.id = in.ID
	var text string
	var number json.Number
	switch {
	case len(in.ID) == 0:
	case json.Unmarshal(in.ID, &text) == nil:
		p.Reference = text
	case json.Unmarshal(in.ID, &number) == nil:
		p.Reference = number.String()
	default:
		return errors.New("id: a string or a number is wanted")
	}
	return nil
}
