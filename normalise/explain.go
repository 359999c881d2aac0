package normalise

import (
	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/document"
	"github.com/sendwatch/sendwatch/taxonomy"
)

// Line is a passage of an advert and what was read of it.
type Line struct {
	Text string
	// Heading is set for the lines that open a part.
	Heading bool
	// Part and Section are what the heading above opens; Part is empty where no
	// heading tells.
	Part    taxonomy.Part
	Section taxonomy.Section
	// Requirements and Choices are what the line by itself asks.
	Requirements []taxonomy.Requirement
	Choices      []taxonomy.Choice
	// Needs are what the line says that the pupils have.
	Needs []string
	// Ignored is why the line asks nothing, where a rule has silenced it.
	Ignored string
}

// Explanation is an advert's reading and, line by line, where it comes from.
type Explanation struct {
	Reading sendwatch.Reading
	Lines   []Line
}

// Explain reads a posting as Read does, and tells of every line what was read
// of it and why.
func (n *Normaliser) Explain(p *sendwatch.Posting) Explanation {
	out := Explanation{Reading: n.Read(p)}
	all := passages(n.taxonomy, attached(body(p), p.Attachments))
	for i := range all {
		out.Lines = append(out.Lines, n.line(&all[i]))
	}
	return out
}

// line explains one passage.
func (n *Normaliser) line(p *passage) Line {
	l := Line{Text: p.text, Heading: p.kind == document.Heading, Part: p.part, Section: p.section}
	if saysNeeds(p) {
		has := map[string]bool{}
		n.needsIn(p, has)
		l.Needs = n.inOrder(has)
	}
	if l.Heading {
		return l
	}
	read := p
	if p.part != taxonomy.PartRequirements {
		read = sinceGiven(untilGains(p))
	}
	if !asks(read) {
		l.Ignored = silenced(p)
		return l
	}
	asked := n.asked(read)
	l.Requirements, l.Choices = asked.Requirements, asked.Choices
	if len(l.Requirements) == 0 {
		l.Ignored = n.taxonomy.Silence(read.section, read.text)
	}
	return l
}

// silenced says why a passage is not looked at for what it asks.
func silenced(p *passage) string {
	switch {
	case p.part == taxonomy.PartOffer:
		return "stands among what the employer offers"
	case p.part == taxonomy.PartDuties:
		return "stands among the duties"
	case given.on(p), gains.on(p):
		return "an offer"
	case duty(p.low):
		return "a duty"
	}
	return "does not speak to the candidate"
}
