package ingest

import (
	"strings"
	"sync"

	"github.com/sendwatch/sendwatch"
)

// leastBody is how much text, markup included, makes the body of an advert more
// than a teaser.
const leastBody = 200

// The fields whose loss is noticed. Each is what an extraction can lose without
// failing: the site moved it, or a rule selects nothing any more.
var fieldNames = []string{"title", "employer", "location", "postcode", "pay", "hours", "contract", "published", "closes", "body"}

// fieldWords are the fields as they stand in a sentence.
var fieldWords = map[string]string{
	"title": "a title", "employer": "an employer", "location": "a place", "postcode": "a postcode", "pay": "pay", "hours": "hours",
	"contract": "a contract", "published": "a date of publication", "closes": "a closing date", "body": "a text of some length",
}

// carries reports whether an advert has a field.
func carries(p *sendwatch.Posting, field string) bool {
	some := func(texts ...string) bool { return strings.TrimSpace(strings.Join(texts, "")) != "" }
	switch field {
	case "title":
		return some(p.Title)
	case "employer":
		return some(p.Employer)
	case "location":
		return some(p.Location, p.Postcode, p.PostcodeArea)
	case "postcode":
		return some(p.Postcode, p.PostcodeArea)
	case "pay":
		return some(p.PayText) || p.StructuredPay != nil
	case "hours":
		return some(p.HoursText)
	case "contract":
		return some(p.ContractText)
	case "published":
		return some(p.Published)
	case "closes":
		return some(p.Closes)
	case "body":
		return len(strings.TrimSpace(p.BodyHTML))+len(strings.TrimSpace(p.BodyMarkdown))+len(strings.TrimSpace(p.BodyText)) >= leastBody
	}
	return false
}

// yield counts what the adverts of one crawl carry. Only those whose words are new
// are counted: what is read again as it was says nothing new, and a site without
// validators would have the same few adverts counted with every crawl.
type yield struct {
	mu      sync.Mutex
	counted int
	fields  map[string]int
}

func (y *yield) count(p *sendwatch.Posting) {
	y.mu.Lock()
	defer y.mu.Unlock()
	y.counted++
	if y.fields == nil {
		y.fields = map[string]int{}
	}
	for _, f := range fieldNames {
		if carries(p, f) {
			y.fields[f]++
		}
	}
}
