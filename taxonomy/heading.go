package taxonomy

// Part says what the lines under a heading are about.
type Part string

// The parts of an advert.
const (
	PartRequirements Part = "requirements" // what is asked of the candidate
	PartDuties       Part = "duties"       // what the post does
	PartOffer        Part = "offer"        // what the employer gives
	PartAbout        Part = "about"        // the school, the pupils, the post
	PartApply        Part = "apply"        // how to apply, safeguarding statements
)

// Heading says whether a line is a heading that an advert is divided by, and
// the section that the lines under it stand in. Headings of other parts than
// the requirements give SectionNone; Part tells them apart.
func (t *Taxonomy) Heading(text string) (Section, bool) {
	_, section, ok := t.Part(text)
	return section, ok
}

// Part reads a heading in full: the part it opens and the section.
func (t *Taxonomy) Part(text string) (Part, Section, bool) { return "", SectionNone, false }
