package normalise

import (
	"strings"

	"github.com/sendwatch/sendwatch/document"
	"github.com/sendwatch/sendwatch/taxonomy"
)

// The words of headings, by the part that they speak of. No list of headings is
// ever whole, but the words that writers make them of are few.
var (
	asksWords   = compile(`\b(?:candidates?|applicants?|persons?|someone|somebody|individual|skills?|skillset|abilit(?:y|ies)|aptitudes?|attributes?|qualit(?:y|ies)|qualifications?|qualified|competenc(?:y|ies|es)|experiences?|knowledge|understanding|education|requirements?|criteria|essentials?|desirables?|must|need(?:s|ed)?|required?|looking for|after|seek(?:ing)?|ideal(?:ly)?|successful|suit(?:s|ed|able)?|right for|strengths|background|traits|characteristics|profile|disposition|expertise|eligib\w+|credentials|mindset|bring|hoping|you have|you (?:\w+ ){0,2}offer|(?:might|may) also|you are|you'?re|are you|is this you|be you|ask of you|nice|bonus|advantage\w*|beneficial|specification|checklist|hope)\b`)
	dutiesWords = compile(`\b(?:dut(?:y|ies)|responsib\w+|tasks?|role|work(?:ing)?|job|do|doing|day|days|involve[sd]?|purpose|accountab\w+|expectations|routine|impact|difference|focus|supporting|activities|objectives|functions)\b`)
	offersWords = compile(`\b(?:offer(?:s|ed|ing)?|benefits?|perks?|package|rewards?|rewarding|join(?:ing)?|get|receive|gain|career|progress\w*|development|wellbeing|why|reasons?|pay|salary|holidays?|pension|training|return|support(?:ed)?|for you|love about|enjoy|learn(?:ing)?|pick up|develop|grow|discover|expect from us|look after)\b`)
	aboutWords  = compile(`\b(?:about|our (?:school|pupils|students|children|team|trust|values|ethos|vision|story)|school|academy|trust|college|team|location|based|where|about us|ethos|vision|values|context|setting|company|organisation|service|home|who we are)\b`)
	applyWords  = compile(`\b(?:apply|applying|application|interviews?|contact|next|steps?|regist\w+|closing|deadline|safeguarding|equal|equality|diversity|inclusion|gdpr|privacy|visits?|disclaimer|statement|email|call|click|employer|interested|questions?|ready|process|dates?)\b`)
)

// spokenOf is the part that most of a heading's words speak of; empty where they
// do not agree.
func spokenOf(low string) taxonomy.Part {
	best, part := 0, taxonomy.Part("")
	for _, class := range []struct {
		words *pattern
		part  taxonomy.Part
	}{
		{asksWords, taxonomy.PartRequirements}, {dutiesWords, taxonomy.PartDuties}, {offersWords, taxonomy.PartOffer},
		{aboutWords, taxonomy.PartAbout}, {applyWords, taxonomy.PartApply},
	} {
		switch n := len(class.words.each(low, headWords)); {
		case n > best:
			best, part = n, class.part
		case n == best:
			part = ""
		}
	}
	return part
}

// headWords is the most words of a heading that are counted.
const headWords = 8

// criteria finds headings of nothing but the nouns that person specifications
// are divided by and what goes with them: "Skills, aptitudes and personal
// attributes". They open requirements whatever stands below.
var criteria = compile(`^(?:(?:key|core|relevant|required|specialist|specific|technical|practical|general|other|additional|special|personal|professional|interpersonal|previous|prior|work(?:ing)?|job|role|job[- ]related|work[- ]related|academic|formal|minimum|your|the|our|any|essential|desirable|further|and|or|of|for|in|with|this|to|post|teaching assistant) )*(?:skills?|skillset|abilit(?:y|ies)|aptitudes?|attributes?|qualit(?:y|ies)|qualifications?|competenc(?:y|ies)|competences|experiences?|knowledge|understanding|education|requirements?|criteria|attainments?|achievements?|characteristics|traits|strengths|disposition|expertise|circumstances|behaviours)(?: (?:and|or|of|for|in|the|this|role|post|job|personal|professional|key|relevant|required|requirements?|needed|special|specialist|technical|work|working|other|training|development|values|motivation|style|skills?|abilit(?:y|ies)|aptitudes?|attributes?|qualit(?:y|ies)|qualifications?|competenc(?:y|ies)|experiences?|knowledge|understanding|education|criteria|achievements?|characteristics|disposition|expertise|approach|attitudes?|behaviours))*$`)

// divides reports whether a heading is one of those, and the section it opens.
func divides(text string) (taxonomy.Section, bool) {
	low := slashes.Replace(strings.Trim(fold(unnumbered(text)), headTrim))
	if low = strings.Join(strings.Fields(low), " "); !criteria.in(low) {
		return "", false
	}
	return sectionOf(low), true
}

// headTrim are the signs around a heading's words.
const headTrim = " .:?!*-–"

// slashes writes the signs that join two nouns as a heading's words are joined.
var slashes = strings.NewReplacer("/", " and ", "&", " and ", ",", " ")

// votes count the lines below a heading by what they lean to.
type votes struct {
	asks, duties, offers int
}

// of gives the votes for a part.
func (v votes) of(part taxonomy.Part) int {
	switch part {
	case taxonomy.PartRequirements:
		return v.asks
	case taxonomy.PartDuties:
		return v.duties
	case taxonomy.PartOffer:
		return v.offers
	}
	return 0
}

func (v votes) all() int { return v.asks + v.duties + v.offers }

// winner is the part that at least so many votes and such a share, in
// hundredths, are for; empty where there is none.
func (v votes) winner(least, share int) taxonomy.Part {
	for _, part := range []taxonomy.Part{taxonomy.PartRequirements, taxonomy.PartDuties, taxonomy.PartOffer} {
		if n := v.of(part); n >= least && n*100 >= share*v.all() {
			return part
		}
	}
	return ""
}

// votesEach is the most lines of a stretch that are asked.
const votesEach = 12

// vote asks the lines of a stretch what they lean to, up to the next heading.
func (w *walk) vote(below []document.Block) votes {
	var v votes
	for i := 0; i < min(len(below), votesEach); i++ {
		b := &below[i]
		if b.Kind == document.Row || b.Kind == document.Heading && (i > 0 || b.Level > 0) {
			break
		}
		if b.Kind == document.Paragraph && len(b.Text) <= headBytes {
			if _, _, ok := w.partOf(b.Text); ok {
				break
			}
		}
		if b.Kind != document.Item && (len(b.Text) > headBytes || strings.HasSuffix(b.Text, ".")) {
			continue // prose says by itself whether it asks
		}
		switch w.taxonomy.Leaning(b.Text) {
		case taxonomy.PartRequirements:
			v.asks++
		case taxonomy.PartDuties:
			v.duties++
		case taxonomy.PartOffer:
			v.offers++
		}
	}
	return v
}

// judge says what a heading of no known wording opens, by its words and by what
// stands below it. Words that speak of one part need fewer lines to agree, and
// words that speak of another need more.
func (w *walk) judge(text string, below []document.Block) (taxonomy.Part, taxonomy.Section, bool) {
	if section, ok := divides(text); ok {
		return taxonomy.PartRequirements, section, true
	}
	low := strings.Trim(fold(text), headTrim)
	said, v := spokenOf(low), w.vote(below)
	part := taxonomy.Part("")
	switch most := v.winner(1, 50); {
	case said != "" && most == said:
		part = said
	case said == taxonomy.PartRequirements && v.asks == v.all() && len(below) > 0 && below[0].Kind == document.Item:
		part = said
	case w.part == taxonomy.PartRequirements && v.asks > 0 && v.asks == v.all():
		// "Training" in a person specification is training that somebody has.
		part = w.part
	case said == taxonomy.PartOffer:
	case w.part == taxonomy.PartOffer && said == "":
		part = v.winner(3, 75)
	case said == "" && !enumerates.in(low):
		part = v.winner(2, 60)
	case said == "":
	default:
		part = v.winner(3, 80)
	}
	if part == "" {
		return "", taxonomy.SectionNone, false
	}
	if part == taxonomy.PartRequirements {
		return part, sectionOf(low), true
	}
	return part, taxonomy.SectionNone, true
}

// sectionOf is the level that a heading over requirements sets.
func sectionOf(low string) taxonomy.Section {
	if softens.in(low) && !strings.Contains(low, "essential") {
		return taxonomy.SectionDesirable
	}
	return taxonomy.SectionEssential
}

// softens finds headings over what is welcome but not needed.
var softens = compile(`\bideal(?:ly)?\b|\bdesir(?:able|ed)|\bprefer|\bnice\b|\badvantage|\bstand out\b|\bapart\b|\bshine\b|\bbonus\b|\bbeneficial\b|\bhelpful\b|\buseful\b|\beven better\b|\bsuits?\b|\bwelcome\b|\blove to see\b|\boptional\b|\bplus\b|\bextras?\b|\bmight\b|\bmay\b`)

// enumerates finds texts that give examples of what they speak of, so that the
// list below says nothing about the part: "… depends on factors including".
var enumerates = compile(`\b(?:includes?|including|such as|like|as follows)$`)
