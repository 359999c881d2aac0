package normalise

import (
	"strings"

	"github.com/sendwatch/sendwatch/document"
	"github.com/sendwatch/sendwatch/taxonomy"
)

// Statements on the level of criteria that stand beside them: below a list, and
// as the key to a mark.
var (
	ofAbove = compile(`^(?:(?:all|each|any) (?:of )?(?:the above|these|them)|the above|these)\b[^.]{0,40}\b(?:is|are|would be) (?:all )?(essential|desirable)\b`)
	ofStars = compile(`(?:\*|\basterisks?\b|\bstarred\b)[^.]{0,40}?(?:=|\b(?:is|are|means?|denotes?|indicates?|marks?|shows?)\b)[^.]{0,30}?\b(essential|desirable)\b|^= ?(essential|desirable)\b`)
)

// relevel sets the sections that such statements set.
func relevel(all []passage) {
	for i := range all {
		p := &all[i]
		if p.kind == document.Heading {
			continue
		}
		if m := ofAbove.groups(p.low); m != nil {
			for j := i - 1; j >= 0 && all[j].kind != document.Heading && all[j].part == taxonomy.PartRequirements; j-- {
				all[j].section = said(m[1])
			}
		}
		if m := ofStars.groups(p.low); m != nil {
			star(all, i, said(m[1]+m[2]))
		}
	}
}

// said is the section that a word of a statement names.
func said(level string) taxonomy.Section {
	if level == "desirable" {
		return taxonomy.SectionDesirable
	}
	return taxonomy.SectionEssential
}

// star sets the criteria that end in an asterisk to a section, and the others to
// the other one. Where none does, the marks were lost and tell nothing.
func star(all []passage, key int, section taxonomy.Section) {
	other := taxonomy.SectionDesirable
	if section == other {
		other = taxonomy.SectionEssential
	}
	criterion := func(i int) bool {
		return i != key && all[i].part == taxonomy.PartRequirements && all[i].kind == document.Item
	}
	starred := 0
	for i := range all {
		if criterion(i) && strings.HasSuffix(all[i].text, "*") {
			starred++
		}
	}
	if starred == 0 {
		return
	}
	for i := range all {
		switch {
		case !criterion(i):
		case strings.HasSuffix(all[i].text, "*"):
			all[i].section = section
		default:
			all[i].section = other
		}
	}
}
