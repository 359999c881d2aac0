package normalise

import (
	"strings"

	"github.com/sendwatch/sendwatch/taxonomy"
)

// Umbrella needs say that there is something, not what: that there is a need,
// and that there are several.
const umbrella, several = "send", "complex"

// Sentences that say wholly what the need is, so that the umbrella word beside
// them adds nothing: those on the one child that the post is for, on a list
// that a colon opens, and on what the plan of every pupil names. "A range of
// needs including" leaves the list open, and is none of them.
var (
	oneChild = compile(`\b1:1 (?:support )?(?:with|for|to) (?:a|one) [^.]{0,30}\b(?:child|pupil|student|boy|girl)\b[^.]{0,40}\b(?:who|with|has)\b|^(?:the|this|our) (?:\w+ )?(?:child|pupil|student|boy|girl|young person)\b[^.]{0,60}\b(?:is|has|with|who)\b`)
	opensAll = compile(`\b(?:pupils|students|children|young people|learners)\b[^.:]{0,40}\b(?:needs|difficulties|disabilities): `)
	planFor  = compile(`\b(?:every|each|all)\b[^.]{0,60}\b(?:ehcps?|plans?)\b[^.]{0,12}\b(?:naming|names?|for|citing|stating|with)\b`)
)

// aChild finds the one pupil of a post whose title says that it is 1:1.
var aChild = compile(`\b(?:with|for|support) (?:a|one|this) (?:\w+ ){0,2}(?:child|pupil|student|boy|girl)\b[^.]{0,40}\b(?:with|who (?:has|is))\b`)

// severally finds sentences that say of pupils in the plural that they have
// needs in general.
var severally = compile(`\b(?:pupils|students|children|young people|learners)\b[^.:]{0,40}\b(?:sen|send|special (?:educational )?needs|additional (?:\w+ )?needs|complex (?:\w+ )?needs)\b`)

// resolve takes the umbrella needs out where a sentence says wholly what they
// are, unless another says them of the pupils at large.
func (n *Normaliser) resolve(a *advert, has map[string]bool) {
	told, listed := false, false
	single := strings.Contains(a.title, "1:1")
	for i := range a.passages {
		p := &a.passages[i]
		switch {
		case p.part == taxonomy.PartOffer || p.part == taxonomy.PartApply || p.part == taxonomy.PartRequirements:
		case opensAll.on(p):
			listed = listed || n.particular(p)
		case oneChild.on(p), planFor.on(p), single && aChild.on(p):
			told = told || n.particular(p)
		case severally.on(p) && !aboutReader(p):
			return
		}
	}
	if told || listed {
		delete(has, umbrella)
	}
	if listed {
		delete(has, several)
	}
}

// particular reports whether a passage names a need that is no umbrella.
func (n *Normaliser) particular(p *passage) bool {
	found := map[string]bool{}
	n.needsIn(p, found)
	delete(found, umbrella)
	delete(found, several)
	return len(found) > 0
}
