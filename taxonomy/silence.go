package taxonomy

// Silence says in a few words why a line that names something asks nothing; ""
// where no rule silenced it. It is for people who look at how a text was read.
func (t *Taxonomy) Silence(section Section, line string) string {
	r := &reading{taxonomy: t, section: section, text: capText(line)}
	r.tokens = tokenise(r.text, t.vocabulary)
	r.markBrackets()
	r.markCues()
	for _, s := range r.sentences() {
		if s = r.inlineHeading(s); s.lo >= s.hi {
			continue
		}
		if why := r.silence(s); why != "" {
			return why
		}
	}
	return ""
}

// silence is why one sentence asks nothing.
func (r *reading) silence(s sentence) string {
	switch {
	case r.silent:
		return "the line's own heading opens another part"
	case r.instructs(s):
		return "about the advert or the application"
	case r.questionBeforeOffer(s):
		return "a question that an offer answers"
	case r.offered(s), r.section == SectionNone && r.opensWith(s, cueOfferOpener):
		return "an offer"
	case r.section == SectionNone && r.pays(s):
		return "about pay"
	case r.denies(s):
		return "said not to be needed"
	case r.asks(s):
		return ""
	case r.opensWith(s, cueDuty):
		return "a duty"
	case r.opensWith(s, cueAbout):
		return "about the school or the post"
	}
	return "does not say that it asks"
}
