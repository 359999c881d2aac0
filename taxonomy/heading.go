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

// headingWords is the most words that a heading has; longer lines are prose.
const headingWords = 12

// Heading says whether a line is a heading that an advert is divided by, and
// the section that the lines under it stand in. Headings of other parts than
// the requirements give SectionNone; Part tells them apart.
func (t *Taxonomy) Heading(text string) (Section, bool) {
	_, section, ok := t.Part(text)
	return section, ok
}

// Part reads a heading in full: the part of the advert that it opens and the
// section that the lines under it stand in.
func (t *Taxonomy) Part(text string) (Part, Section, bool) {
	if len(text) > 200 {
		return "", SectionNone, false
	}
	tokens := tokenise(text, t.vocabulary)
	return t.partOf(tokens, endsWithColon(text))
}

// partOf reads the tokens of a heading. One that ends with a colon may say more
// than the data's wording ("Experience - essential:").
func (t *Taxonomy) partOf(tokens []token, colon bool) (Part, Section, bool) {
	if len(tokens) > 1 && len(tokens[0].word) < 3 && isNumber(tokens[0].word) {
		tokens = tokens[1:]
	}
	if len(tokens) == 0 || len(tokens) > headingWords {
		return "", SectionNone, false
	}
	flat := make([]token, len(tokens))
	for i, tok := range tokens {
		tok.before = 0
		flat[i] = tok
	}
	end, values := t.headings.longest(flat, 0)
	marked := t.levelWord(flat)
	switch {
	case end == len(flat):
		h := t.parts[values[0]]
		if marked != SectionNone {
			return PartRequirements, marked, true
		}
		return h.Part, sectionOr(h.Section), true
	case marked != SectionNone && (colon || len(flat) <= 4):
		return PartRequirements, marked, true
	case end > 0 && colon && 2*end >= len(flat) && !opensVerb(flat[end-1].word, flat[end].word):
		h := t.parts[values[0]]
		return h.Part, sectionOr(h.Section), true
	}
	return "", SectionNone, false
}

// opensVerb says whether a wording ends in a word that another verb completes
// than one of having or being: "You will" of "You will learn:".
func opensVerb(last, next string) bool {
	switch last {
	case "will", "you", "youll", "can", "should", "must", "to", "they":
		switch next {
		case "have", "be", "need", "hold", "possess", "demonstrate", "bring", "show", "also", "ideally", "preferably", "must", "are", "should":
			return false
		}
		return true
	}
	return false
}

// levelWord looks for "essential" and "desirable" among the words of a heading;
// essential wins where both stand.
func (t *Taxonomy) levelWord(tokens []token) Section {
	out := SectionNone
	for _, tok := range tokens {
		switch tok.word {
		case "essential":
			return SectionEssential
		case "desirable", "preferred":
			out = SectionDesirable
		}
	}
	return out
}

func sectionOr(s Section) Section {
	if s == "" {
		return SectionNone
	}
	return s
}

func endsWithColon(text string) bool {
	for i := len(text) - 1; i >= 0; i-- {
		switch text[i] {
		case ' ', '\t', '*', '_', '\n', '\r':
			continue
		}
		return text[i] == ':'
	}
	return false
}

func isNumber(s string) bool {
	for _, r := range s {
		if r < '0' || r > '9' {
			return false
		}
	}
	return s != ""
}
