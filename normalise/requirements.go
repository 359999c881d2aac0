package normalise

import (
	"regexp"

	"github.com/sendwatch/sendwatch/document"
	"github.com/sendwatch/sendwatch/taxonomy"
)

// candidate finds the wordings that turn a sentence to whoever might apply.
// Outside the requirements only such sentences ask for anything.
var candidate = regexp.MustCompile(`\b(?:you(?:'ll| will| must| should| would| are| have| need| can|'re|'ve)|we(?:'re| are)? (?:look|seek|need|want|require|would (?:love|like))\w*|are you|do you|have you|if you|(?:successful|ideal|right) (?:candidate|applicant|person)s?|candidates?|applicants?|appl(?:y|icants)|post-?holder|someone|person who|individuals?|graduates?|must|required|essential|desirable|advantage\w*|benefi\w+|prefer\w*|ideally|ideal for|suit\w*|perfect for|seeking|looking for|(?:subject to|enhanced|dbs|references|right to work|safeguarding))\b`)

// given finds the wordings of what the employer gives.
var given = regexp.MustCompile(`\b(?:we (?:offer|provide|will (?:provide|support|train|help|give)|can offer|also offer)|you(?:'ll| will) (?:receive|be given|get|gain|benefit|have access|be (?:supported|trained|mentored|able to))|training (?:is |will be )?(?:provided|given|available)|free training|opportunit(?:y|ies) to (?:gain|learn|train|develop|shadow)|in return|benefits include)\b`)

// requirements reads what the whole advert asks of the candidate, one entry
// for each concept. Where a thing is said twice the stronger level wins.
func (n *Normaliser) requirements(a *advert) []taxonomy.Requirement {
	c := collector{at: map[string]int{}}
	for _, r := range n.taxonomy.Requirements(taxonomy.SectionNone, demanding(a.posting.Title)) {
		c.add(r, 0)
	}
	for i := range a.passages {
		p := &a.passages[i]
		if !asks(p) {
			continue
		}
		for _, r := range n.taxonomy.Requirements(p.section, p.text) {
			c.add(r, i+1)
		}
	}
	return c.found
}

// asks reports whether a passage stands where candidates are asked for things.
func asks(p *passage) bool {
	if p.kind == document.Heading {
		return false
	}
	switch p.part {
	case taxonomy.PartRequirements:
		return true
	case taxonomy.PartOffer, taxonomy.PartDuties:
		return false
	case taxonomy.PartApply:
		return true
	}
	return candidate.MatchString(p.low) && !given.MatchString(p.low)
}

// graduateTitle finds titles that ask for a degree.
var graduateTitle = regexp.MustCompile(`(?i)\bgraduates?\b`)

// demanding gives of a title what it asks for, or nothing. Only a degree is
// asked for by titles; levels and grades in them are the post's own.
func demanding(title string) string {
	if title == "" || !graduateTitle.MatchString(title) {
		return ""
	}
	return clean(title) + " required"
}

// collector gathers the requirements of an advert.
type collector struct {
	found []taxonomy.Requirement
	at    map[string]int // index in found, by concept
	// The groups of a line are numbered anew through the whole advert.
	groups, line int
	renumbered   map[int]int
}

// add takes a requirement of the given line.
func (c *collector) add(r taxonomy.Requirement, line int) {
	if line != c.line || c.renumbered == nil {
		c.line, c.renumbered = line, map[int]int{}
	}
	if r.AnyOfGroup != nil {
		g, ok := c.renumbered[*r.AnyOfGroup]
		if !ok {
			c.groups++
			g = c.groups
			c.renumbered[*r.AnyOfGroup] = g
		}
		r.AnyOfGroup = &g
	}
	i, ok := c.at[r.ID]
	if !ok {
		c.at[r.ID] = len(c.found)
		c.found = append(c.found, r)
		return
	}
	c.unite(&c.found[i], r)
}

// unite makes one entry of two that ask for the same concept.
func (c *collector) unite(had *taxonomy.Requirement, r taxonomy.Requirement) {
	stronger := had.Level == taxonomy.Desirable && r.Level == taxonomy.Essential
	if stronger {
		had.Level, had.Evidence = r.Level, r.Evidence
	}
	if had.MinYears == nil || stronger && r.MinYears != nil {
		had.MinYears = r.MinYears
	}
	if had.AnyOfGroup == nil && r.AnyOfGroup != nil && stronger {
		had.AnyOfGroup = r.AnyOfGroup
	}
}
