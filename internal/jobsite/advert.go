package jobsite

import (
	"embed"
	"fmt"
	"slices"

	"github.com/goccy/go-yaml"
)

//go:embed adverts/*.yaml
var advertFiles embed.FS

//go:embed papers
var paperFiles embed.FS

// The sites of a world.
const (
	National = "national"
	Agency   = "agency"
	Council  = "council"
	School   = "school"
)

// Sites lists them in the order in which they are shown.
func Sites() []string { return []string{National, Agency, Council, School} }

// Days is how many days a world has.
const Days = 5

// Advert is one invented advert.
type Advert struct {
	// Ref is the reference under which it first stands.
	Ref   string   `yaml:"ref"`
	Sites []string `yaml:"sites"`
	Title string   `yaml:"title"`

	Employer string `yaml:"employer"`
	// URN is the employer's invented number in the schools register.
	URN      string `yaml:"urn"`
	Town     string `yaml:"town"`
	Region   string `yaml:"region"`
	Postcode string `yaml:"postcode"`

	Pay      string `yaml:"pay"`
	Hours    string `yaml:"hours"`
	Contract string `yaml:"contract"`

	// From and To are the first and the last day it is live; zero means the
	// world's first and last.
	From int `yaml:"from"`
	To   int `yaml:"to"`
	// Again are later re-posts of the same text under new references.
	Again []Repost `yaml:"again"`
	// ClosesIn is how many days after the world's last day it closes; zero
	// states no closing date.
	ClosesIn int `yaml:"closes_in"`

	// Papers are the documents that the school's site links to, by the name of
	// their file.
	Papers []Paper `yaml:"papers"`

	// amended is the last day on which it was changed; zero if none.
	amended int

	// Body is Markdown: paragraphs, "## " headings and "- " items.
	Body string `yaml:"body"`
}

// Paper is a document of an advert.
type Paper struct {
	Title string `yaml:"title"`
	File  string `yaml:"file"`
}

// Repost is the same advert under a new reference.
type Repost struct {
	Ref  string `yaml:"ref"`
	From int    `yaml:"from"`
	To   int    `yaml:"to"`
}

// listing is an advert under one of its references.
type listing struct {
	*Advert
	ref      string
	from, to int
}

func (l listing) live(day int) bool { return l.from <= day && day <= l.to }

// Adverts reads the adverts that are built in.
func Adverts() ([]Advert, error) {
	files, err := advertFiles.ReadDir("adverts")
	if err != nil {
		return nil, err
	}
	var out []Advert
	seen := map[string]bool{}
	for _, f := range files {
		b, err := advertFiles.ReadFile("adverts/" + f.Name())
		if err != nil {
			return nil, err
		}
		var list []Advert
		if err := yaml.UnmarshalWithOptions(b, &list, yaml.Strict()); err != nil {
			return nil, fmt.Errorf("adverts/%s: %w", f.Name(), err)
		}
		for i := range list {
			if err := list[i].check(seen); err != nil {
				return nil, fmt.Errorf("adverts/%s: advert %d (%s): %w", f.Name(), i+1, list[i].Ref, err)
			}
		}
		out = append(out, list...)
	}
	return out, nil
}

// check fills the days in and refuses what a site could not publish.
func (a *Advert) check(seen map[string]bool) error {
	if a.From == 0 {
		a.From = 1
	}
	if a.To == 0 {
		a.To = Days
	}
	if a.Title == "" || a.Employer == "" || a.Body == "" || len(a.Sites) == 0 {
		return fmt.Errorf("title, employer, body and sites are wanted")
	}
	for _, s := range a.Sites {
		if !slices.Contains(Sites(), s) {
			return fmt.Errorf("no site is called %q", s)
		}
	}
	for _, p := range a.Papers {
		if _, err := paperFiles.ReadFile("papers/" + p.File); err != nil || p.Title == "" {
			return fmt.Errorf("a paper wants a title and a file: %w", err)
		}
	}
	for _, l := range a.listings() {
		if l.ref == "" || seen[l.ref] {
			return fmt.Errorf("reference %q is empty or taken", l.ref)
		}
		seen[l.ref] = true
		if l.from < 1 || l.to > Days || l.from > l.to {
			return fmt.Errorf("%s: days %d to %d are not within 1 to %d", l.ref, l.from, l.to, Days)
		}
	}
	return nil
}

// listings are the advert under each of its references.
func (a *Advert) listings() []listing {
	out := []listing{{a, a.Ref, a.From, a.To}}
	for _, r := range a.Again {
		out = append(out, listing{a, r.Ref, r.From, r.To})
	}
	return out
}
