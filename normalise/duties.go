package normalise

import (
	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/document"
	"github.com/sendwatch/sendwatch/taxonomy"
)

// dutyWordings name the duties on folded text.
var dutyWordings = []struct {
	duty  sendwatch.Duty
	match *pattern
}{
	{sendwatch.DutyPersonalCare, compile(`\b(?:personal|intimate) care\b|\btoilet(?:ing)?\b|\bnapp(?:y|ies)\b|\bhelp(?:ing)? (?:\w+ ){0,3}to (?:wash|dress|eat)\b|\bcare routines\b|\bfeeding\b`)},
	{sendwatch.DutyPhysicalIntervention, compile(`\bphysical(?:ly)? interven\w+|\bpositive handling\b|\bteam[- ]teach\b|\brestrain\w*|\breasonable force\b|\bmapa\b|\bpmva\b|\bprice (?:training|holds?)\b|\bphysical holds?\b|\b(?:studio ?3|nvci|scip|maybo) (?:holds?|techniques)\b|\bsafe(?:r)? handling\b`)},
	{sendwatch.DutyOneToOne, compile(`\b1:1\b|\bone child\b|\bone pupil\b|\bindividual pupil\b`)},
	{sendwatch.DutyDriving, compile(`\bdriv(?:e|ing) (?:the |a |our |school )*(?:minibus|mini-bus|company (?:car|van|vehicle)|school vehicle|pupils|students|young people)\b|\bminibus driv\w+|\bd1\b|\bdriving (?:is|will be) (?:part|required)`)},
}

// negated finds passages that say what will not be asked.
var negated = compile(`\b(?:no|not|never|without|isn't|won't|n't|nor) (?:\w+ ){0,4}(?:personal care|intimate care|physical|restrain|driv|1:1)`)

// taught finds passages that give training rather than work: a school that
// trains its staff in Team Teach may never ask one of them to use it.
var taught = compile(`\b(?:train(?:ing|ed)?|courses?|cpd|qualifications?|certificates?|workshops?|inset|accredit\w+)\b`)

// provided finds that such training is given.
var provided = compile(`\b(?:provid\w+|given|giv(?:e|en)|offer\w*|receive|gain|access|free|funded|paid|available|opportunit\w+|include(?:s|d)?|including|we (?:will|can|train)|ongoing|regular)\b`)

// performed finds that the reader does it all the same.
var performed = compile(`\b(?:may|might|will|can) be (?:required|needed|used|necessary)\b|\b(?:is|are|be) (?:sometimes|occasionally|often|rarely|at times) (?:needed|required|necessary|used)\b|\b(?:you (?:will|may|must)|required to|needed to|need to|expected to|able to|prepared to|willing(?:ness)? to) (?:be )?(?:use|carry|undertake|physically|involved|restrain|hold|participate|take part)\b`)

// trains reports whether a passage only gives training in physical
// intervention.
func trains(low string) bool { return taught.in(low) && provided.in(low) && !performed.in(low) }

// duties gives the parts of the work that a person may refuse, in fixed order.
func duties(a *advert) []sendwatch.Duty {
	var out []sendwatch.Duty
	for _, w := range dutyWordings {
		found, courses := w.match.on(a.headline), false
		for i := 0; i < len(a.passages) && !found; i++ {
			p := &a.passages[i]
			if p.kind == document.Heading {
				// "Training may include:" heads what is taught, not done.
				courses = p.part != taxonomy.PartRequirements && taught.on(p)
			}
			found = p.part != taxonomy.PartOffer && !courses && w.match.on(p) && !negated.on(p) &&
				(w.duty != sendwatch.DutyPhysicalIntervention || !trains(p.low))
		}
		if found {
			out = append(out, w.duty)
		}
	}
	return out
}
