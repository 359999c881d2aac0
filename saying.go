package sendwatch

import (
	"slices"
	"strings"
)

// Saying is one fact of a post in a plain sentence.
type Saying struct {
	// Text says it.
	Text string
	// Evidence is the words that tell it; empty when it follows from what the advert
	// leaves out, or from what its source says.
	Evidence Evidence
}

// Say puts the duties and the facts of a post into sentences. What is not known
// is not said.
func (r *Reading) Say() []Saying {
	var out []Saying
	say := func(text, key string) {
		if text != "" {
			told := r.Told[key]
			out = append(out, Saying{Text: text, Evidence: Evidence{Text: told, Document: r.SourceOf(told)}})
		}
	}
	for _, s := range r.Support {
		say(s.sentence(), "support."+string(s))
	}
	for _, d := range r.Duties {
		if d != DutyOneToOne || !slices.Contains(r.Support, SupportOneToOne) {
			say(d.sentence(), string(d))
		}
	}
	say(r.entrySentence(), "entry")
	say(r.Driver.sentence(), "driver")
	if pays := r.PaidBy.PaysLabel(); r.PaidBy == EmployerAgency && r.Client != "" {
		say(pays+"; the school is "+strings.TrimSuffix(r.Client, ".")+".", "client")
	} else if pays != "" {
		say(pays+".", "paid_by")
	}
	return out
}

func (s Support) sentence() string {
	switch s {
	case SupportOneToOne:
		return "You support one pupil at a time."
	case SupportSmallGroup:
		return "You support small groups."
	case SupportClass:
		return "You support a whole class."
	}
	return ""
}

func (d Duty) sentence() string {
	switch d {
	case DutyOneToOne:
		return "You support one pupil at a time."
	case DutyPersonalCare, DutyPhysicalIntervention, DutyDriving:
		return "The work includes " + strings.ReplaceAll(string(d), "-", " ") + "."
	}
	return ""
}

// entrySentence tells what the advert says from what it only leaves out.
func (r *Reading) entrySentence() string {
	switch r.Entry {
	case EntryApprenticeship:
		return "This is an apprenticeship."
	case EntryOpen:
		if r.Told["entry"] != "" {
			return "No experience is asked for."
		}
		return "Nothing essential asks for experience or for more than Level 2."
	}
	return ""
}

func (d Driver) sentence() string {
	switch d {
	case DriverNeeded:
		return "You need to drive."
	case DriverPreferred:
		return "It helps if you drive."
	}
	return ""
}

// AttachedHeading begins the line of Body below which an attached document's text
// stands. The rest of the line is the document's name.
const AttachedHeading = "Attached: "

// SourceOf names the attached document that evidence stands in; empty when it is
// the advert's own text, or when it is not found.
func (r *Reading) SourceOf(evidence string) string {
	evidence = strings.TrimSpace(strings.TrimSuffix(evidence, "…"))
	if evidence == "" {
		return ""
	}
	document := ""
	for line := range strings.SplitSeq(r.Body, "\n") {
		if name, ok := strings.CutPrefix(line, AttachedHeading); ok {
			document = strings.TrimSpace(name)
			continue
		}
		if strings.Contains(line, evidence) {
			return document
		}
	}
	return ""
}
