package normalise

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/document"
	"github.com/sendwatch/sendwatch/pay"
	"github.com/sendwatch/sendwatch/taxonomy"
)

// Labels under which adverts write pay, hours, contract and dates, on folded
// text.
var (
	payLabel      = compile(`^(?:(?:actual |annual |starting |basic |base |full[- ]time(?: equivalent)? |fte |pro rata )*(?:salary|pay|wage|wages|remuneration|rate|rates?)(?: (?:range|scale|rate|grade|details|per \w+|points?|of pay|and benefits|band))?|(?:daily|hourly|day|pay) rate|grade|scale|salary scale|pay scale|spinal? point|grade and salary|total package)$`)
	hoursLabel    = compile(`^(?:(?:working|contracted|weekly|total|school)? ?(?:hours?|days)(?: (?:of work|per week|and weeks|a week|and days))?|working (?:pattern|week|times|hours)|shift pattern|working hours|days and hours|weeks per year|hours of work|fte)$`)
	contractLabel = compile(`^(?:contract(?: type| term| length| status)?|contrat|employment (?:status|type|term)|position(?: type)?|job type|type|term|tenure|status|type of (?:contract|post)|contract and hours)$`)
	datesLabel    = compile(`^(?:(?:provisional |expected )?start(?: date|ing date|ing|s)?|closing(?: date)?|closes|deadline|application deadline|applications? close|commencing|commencement|to start|interviews?(?: date)?|required(?: from)?|end date|start and end)$`)
)

// Wordings by which sentences tell of the same without a label.
var (
	amount        = compile(`(?:£|\bgbp) ?\d|\b(?:\d+\.)?\d*[0-9]k\b`)
	rate          = compile(`\b(?:per|an?|each|p) ?/?(?:day|hour|week|annum|year|month)\b|\b(?:pd|ph|pa|p\.a|p/d|p/h|daily|hourly|weekly|annual(?:ly)?|fte|pro[- ]?rata|salary|pay|rate|scale|grade|spinal|scp|njc|actual)\b|/ ?(?:day|hour|annum)`)
	scaleSentence = compile(`\b(?:njc|scp|spin(?:e|al)(?: column)? points?|salary points?|glpc)\b ?\d|\b(?:scale|grade|band) (?:\d|[a-h]\b|point)|\bsalary points? \d`)
	notPay        = compile(`\b(?:refer|referral|bonus|bonuses|voucher|reward scheme|welcome bonus|cost of|fee|fees|worth|turnover|raised|funding|budget|discount|savings?|donat\w+|charge|up to £\d{2,3}\b(?: \w+){0,3} (?:when|for|if)|sleep-ins?|pension|membership|allowance of|relocation|dbs)\b`)
	hoursSentence = compile(`\b\d{1,2}(?:[.:,]\d+)? ?(?:hours?|hrs)(?: and \d+ minutes?)?(?: \w+)? ?(?:per|a|each|/|p) ?/?w(?:ee)?k\b|\b\d{1,2}(?:\.\d+)? hours? weekly\b|\b(?:full|part)[- ]time\b|\bterm[- ]?time\b|\bweeks (?:per|a|of the) year\b|\b(?:39|38|52) weeks\b|\bmonday (?:to|-) friday\b|\b\d{1,2}[.:]\d{2} ?(?:am|pm)?\b ?(?:-|to|until)`)
	contractWords = compile(`\b(?:permanent|fixed[- ]term|temporary|temp[- ]to[- ]perm|maternity|casual|zero[- ]hours|apprenticeship|long[- ]term to permanent|bank)\b`)
	tempToPerm    = compile(`\btemp(?:orary)?[- ]to[- ]perm(?:anent)?\b`)
	datesSentence = compile(`\b(?:start(?:ing|s)?|closing|close[sd]?|deadline|commenc\w+|required|interviews?)\b[^.]{0,40}(?:\basap\b|as soon as possible|immediate|\d{1,2}(?:st|nd|rd|th)? ?(?:of )?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)|(?:january|february|march|april|may|june|july|august|september|october|november|december)|\d{1,2}[./]\d{1,2}[./]\d{2,4})|\basap start\b|\b(?:january|february|march|april|may|june|july|august|september|october|november|december)(?: 20\d\d)? start\b|\basap or (?:january|september)`)
)

// gathered is how much text is taken from the body for one field, in bytes.
// More would only bring in what belongs to something else.
const gathered = 400

// structured is a pay field that a machine wrote: "£95 - £120 Daily".
var structured = regexp.MustCompile(`(?i)^£ ?(\d+(?:\.\d+)?)(?: - £ ?(\d+(?:\.\d+)?))?\s*(annual|daily|hourly|weekly|monthly|year|day|hour|week|month)?$`)

// units are what a structured pay field calls its unit.
var units = map[string]string{"annual": "year", "daily": "day", "hourly": "hour", "weekly": "week", "monthly": "month",
	"year": "year", "day": "day", "hour": "hour", "week": "week", "month": "month"}

// offer reads what the advert says of pay, hours, contract and dates: from the
// fields, and where they are empty or a machine's, from the text.
func (n *Normaliser) offer(a *advert) pay.Offer {
	p := a.posting
	in := pay.Input{
		PayText: clean(p.PayText), HoursText: clean(p.HoursText), ContractText: clean(p.ContractText), DatesText: clean(p.DatesText),
		Published: p.Published, Nation: p.Nation, London: p.London, Employer: clean(p.Employer), EmployerKind: string(p.EmployerKind),
		Structured: p.StructuredPay,
	}
	if q := quoted(in.PayText); q != nil {
		// The text wins over what a machine wrote, and they are compared.
		if text := a.payText(); text != "" && amount.in(fold(text)) {
			in.PayText = text
			if in.Structured == nil {
				in.Structured = q
			}
		}
	} else if in.PayText == "" {
		in.PayText = a.payText()
	}
	if !strings.ContainsAny(in.HoursText, "0123456789") {
		in.HoursText = join(in.HoursText, a.gather(hoursLabel, hoursSentence, nil))
	}
	if in.ContractText == "" || !contractWords.in(fold(in.ContractText)) {
		in.ContractText = join(in.ContractText, a.gather(contractLabel, contractWords, nil))
	}
	if p.EmployerKind == sendwatch.EmployerAgency {
		// Agencies file day-rate posts as permanent; what they write is so.
		if text := a.gather(nil, tempToPerm, nil); text != "" {
			in.ContractText = text
		}
	}
	if in.DatesText == "" {
		in.DatesText = a.gather(datesLabel, datesSentence, nil)
	}
	return n.pay.Read(in)
}

// quoted reads a pay field that a machine wrote, or gives nil.
func quoted(text string) *pay.Quote {
	m := structured.FindStringSubmatch(text)
	if m == nil {
		return nil
	}
	q := &pay.Quote{Unit: units[strings.ToLower(m[3])], Basis: "unstated", Note: "exact"}
	if q.Unit == "" {
		q.Unit = "year"
	}
	lo, err := strconv.ParseFloat(m[1], 64)
	if err != nil {
		return nil
	}
	hi := lo
	if m[2] != "" {
		if hi, err = strconv.ParseFloat(m[2], 64); err != nil {
			return nil
		}
		q.Note = "range"
	}
	q.Min, q.Max = &lo, &hi
	return q
}

// payText is what the body says of pay: its labelled lines, else its
// sentences with amounts of money for a time, or points of a scale.
func (a *advert) payText() string {
	if text := a.gather(payLabel, nil, nil); strings.ContainsAny(text, "0123456789") {
		return text
	}
	says := func(p *passage) bool { return amount.on(p) && rate.on(p) && !notPay.on(p) }
	text := a.gather(nil, nil, func(p *passage) bool {
		return says(p) && p.part != taxonomy.PartOffer || scaleSentence.on(p) && !notPay.on(p)
	})
	if text != "" {
		return text
	}
	// The salary may stand among what is offered: the first lines that say an
	// amount are it, later ones are bonuses and the price of a gym.
	found, over := false, false
	return a.gather(nil, nil, func(p *passage) bool {
		over = over || found && !says(p)
		found = found || says(p)
		return found && !over
	})
}

// gather joins the passages that stand under a label; where there are none,
// those that a wording or a test picks.
func (a *advert) gather(label, words *pattern, test func(*passage) bool) string {
	var parts []string
	size := 0
	take := func(s string) {
		s = strings.TrimSpace(s)
		if s == "" || size+len(s) > gathered {
			return
		}
		for _, had := range parts {
			if had == s {
				return
			}
		}
		size += len(s)
		parts = append(parts, s)
	}
	if label != nil {
		for i := range a.passages {
			p := &a.passages[i]
			if p.label != "" && label.in(p.label) {
				if label == datesLabel {
					// A date means nothing without what it is the date of.
					take(p.text)
				} else {
					take(p.value)
				}
			} else if p.kind == document.Heading && label.in(trimLabel(p.text)) && i+1 < len(a.passages) && len(a.passages[i+1].text) < 120 {
				take(strings.TrimRight(p.text, ": ") + ": " + a.passages[i+1].text)
			}
		}
		if len(parts) > 0 {
			return strings.Join(parts, "; ")
		}
	}
	for i := range a.passages {
		p := &a.passages[i]
		if test != nil && test(p) || words != nil && p.part != taxonomy.PartRequirements && p.part != taxonomy.PartOffer && words.on(p) {
			take(p.text)
		}
	}
	return strings.Join(parts, "; ")
}

// join puts two texts of one field together.
func join(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + "; " + b
}

// payNotes says in words what is odd about the offer.
func payNotes(a *advert, r *sendwatch.Reading) {
	for _, flag := range r.Pay.Flags {
		if text := flagNotes[flag]; text != "" {
			a.note(text)
		}
	}
}

// flagNotes are the flags of an offer that mean that the advert is odd, not
// only that a figure was assumed.
var flagNotes = map[string]string{
	"below-minimum-wage":        "The pay works out below the minimum wage.",
	"points-contradict-amounts": "The amounts do not belong to the spine points that are named.",
	"basis-doubtful":            "Full-time and actual pay do not follow from each other.",
	"range-typo":                "One end of the pay range looks like a slip.",
	"structured-disagrees":      "The pay field and the text name different pay; the text is used.",
}
