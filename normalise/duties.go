package normalise

import (
	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/taxonomy"
)

// dutyWordings name the duties on folded text.
var dutyWordings = []struct {
	duty  sendwatch.Duty
	match *pattern
}{
	{sendwatch.DutyPersonalCare, compile(`\b(?:personal|intimate) care\b|\btoilet(?:ing)?\b|\bnapp(?:y|ies)\b|\bhelp(?:ing)? (?:\w+ ){0,3}to (?:wash|dress|eat)\b|\bcare routines\b|\bfeeding\b`)},
	{sendwatch.DutyPhysicalIntervention, compile(`\bphysical(?:ly)? interven\w+|\bpositive handling\b|\bteam[- ]teach\b|\brestrain\w*|\breasonable force\b|\bmapa\b|\bpmva\b|\bprice training\b|\bsafe(?:r)? handling\b`)},
	{sendwatch.DutyOneToOne, compile(`\b1:1\b|\bone child\b|\bone pupil\b|\bindividual pupil\b`)},
	{sendwatch.DutyDriving, compile(`\bdriv(?:e|ing) (?:the |a |our |school )*(?:minibus|mini-bus|company|school vehicle|pupils|students|young people)\b|\bminibus driv\w+|\bd1\b|\bdriving (?:is|will be) (?:part|required)`)},
}

// negated finds passages that say what will not be asked.
var negated = compile(`\b(?:no|not|never|without|isn't|won't|n't) (?:\w+ ){0,4}(?:personal care|intimate care|physical|restrain|driv|1:1)`)

// duties gives the parts of the work that a person may refuse, in fixed order.
func duties(a *advert) []sendwatch.Duty {
	var out []sendwatch.Duty
	for _, w := range dutyWordings {
		found := w.match.in(a.title)
		for i := 0; i < len(a.passages) && !found; i++ {
			p := &a.passages[i]
			found = p.part != taxonomy.PartOffer && w.match.in(p.low) && !negated.in(p.low)
		}
		if found {
			out = append(out, w.duty)
		}
	}
	return out
}
