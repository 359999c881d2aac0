package extract

import (
	"bytes"
	"errors"
	"fmt"
	"html"
	"io"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/sendwatch/sendwatch"
)

// The applicant tracking systems whose feeds are read. Each gives one document
// with every advert that is live, whole; what it leaves out is closed. An advert
// goes by the system's reference.
const (
	// Broadbean is XML: items, each an item with elements in camel case.
	Broadbean = "broadbean"
	// VacancyPoster is XML after RSS: a channel of items in CDATA.
	VacancyPoster = "vacancyposter"
	// Ventrus is RSS 2.0 whose items carry a Vacancy element.
	Ventrus = "ventrus"
	// Fusion is a JSON list.
	Fusion = "fusion"
)

// ATSRecord is one advert of a system's feed. Keys are in small letters, and
// those that Broadbean, VacancyPoster and Fusion have in common.
type ATSRecord struct {
	// Raw is the record as it stands in the feed, and Type its media type.
	Raw    []byte
	Type   string
	values map[string]string
	broken error // why nothing of it can be read
}

// maxRecord is how long one advert of a feed may be. What is longer is told of as
// one that cannot be read.
const maxRecord = 2 << 20

// maxPiece is how long one piece of markup in a feed may be, past which nobody can
// tell where its advert ends.
const maxPiece = 2 * maxRecord

// maxAttributes is how many attributes one element of a feed may have. The tokenizer
// keeps room for the most that it saw, and clears all of it for every further tag.
const maxAttributes = 1000

// ReadATS reads the feed of a system. A document of another form, or one that
// breaks off, is an error: half a list must not pass for a whole one.
func ReadATS(system string, body []byte) ([]ATSRecord, error) {
	var records []ATSRecord
	err := ScanATS(system, bytes.NewReader(body), func(r ATSRecord) error {
		records = append(records, r)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return records, nil
}

// ScanATS is ReadATS for feeds that are not held whole in memory: it hands over one
// record after the other, and only then may find that the feed breaks off. It ends
// with the first error of yield, as it is; without a yield it only checks the feed.
func ScanATS(system string, feed io.Reader, yield func(ATSRecord) error) error {
	var stopped error
	count := 0
	take := func(r ATSRecord) error {
		if count++; count > maxFeed {
			return fmt.Errorf("more than %d records", maxFeed)
		}
		if yield == nil {
			return nil
		}
		for theirs, ours := range atsNames {
			if r.values[ours] == "" {
				r.values[ours] = r.values[theirs]
			}
		}
		stopped = yield(r)
		return stopped
	}
	var err error
	switch system {
	case Broadbean:
		err = scanMarkup(feed, take, "items")
	case VacancyPoster, Ventrus:
		err = scanMarkup(feed, take, "rss", "channel")
	case Fusion:
		err = scanJSON(feed, take, yield == nil)
	default:
		err = errors.New("no such system")
	}
	switch {
	case stopped != nil:
		return stopped
	case err != nil:
		return fmt.Errorf("read %s feed: %w", system, err)
	}
	return nil
}

// ReadATSRecord reads one record of a feed again, as its Raw was kept.
func ReadATSRecord(system string, raw []byte) (ATSRecord, error) {
	around := map[string][2]string{
		Broadbean: {"<items>", "</items>"}, VacancyPoster: {"<rss><channel>", "</channel></rss>"}, Ventrus: {"<rss><channel>", "</channel></rss>"}, Fusion: {"[", "]"},
	}[system]
	records, err := ReadATS(system, slices.Concat([]byte(around[0]), raw, []byte(around[1])))
	if err != nil {
		return ATSRecord{}, err
	}
	if len(records) != 1 {
		return ATSRecord{}, fmt.Errorf("read %s record: %d records where one is expected", system, len(records))
	}
	return records[0], nil
}

// atsNames are the names that one system alone uses, and those of the others.
var atsNames = map[string]string{
	"vacancyid": "reference", "vacancy_title": "jobtitle", "advert_text": "jobadvert", "expiry_date": "expiresat", "link": "adverturl",
	"urn": "schoolurns", "job_roles": "jobrole", "working_patterns": "workingpatterns", "contract_type": "contracttype", "phase_": "phase",
	"key_stage": "keystages", "visa_sponsorship_available": "visasponsorshipavailable", "trustid": "trustuid",
}

// line is a value as one line without markup.
func (r *ATSRecord) line(key string, limit int) string { return plain(r.values[key], limit) }

// tokens are the words of a list of enumerated values. What is not one word, such
// as a system's "Incorrect value provided", is none.
func (r *ATSRecord) tokens(key string) []string {
	var out []string
	for token := range strings.SplitSeq(r.values[key], ",") {
		token = strings.ToLower(strings.TrimSpace(token))
		if isEnumerated.MatchString(token) && len(out) < 50 {
			out = append(out, token)
		}
	}
	return out
}

var isEnumerated = regexp.MustCompile(`^[a-z0-9][a-z0-9_/-]{0,60}$`)

// Posting reads the record. On an error, what identifies it is set where that
// much could be read.
func (r *ATSRecord) Posting() (sendwatch.Posting, error) {
	if r.broken != nil {
		return sendwatch.Posting{}, fmt.Errorf("read record: %w", r.broken)
	}
	p := sendwatch.Posting{
		Reference:    r.line("reference", maxLine),
		URL:          r.address("adverturl"),
		Title:        r.line("jobtitle", maxLine),
		Location:     strings.ReplaceAll(r.line("job_location", maxLine), "_", " "),
		PayText:      r.line("salary", maxText),
		ContractText: r.contract(),
		Published:    Day(r.line("publishon", maxLine)),
	}
	if more := r.line("additionalallowances", maxText); more != "" {
		p.PayText = cut(strings.TrimPrefix(p.PayText+"; "+more, "; "), maxText)
	}
	if start := r.line("startdate", maxLine); start != "" {
		p.DatesText = "Start date: " + startWords(start)
	}
	setCloses(&p, r.line("expiresat", maxLine))
	r.setEmployer(&p)
	r.setBody(&p)
	switch {
	case p.Reference == "":
		return p, errors.New("read record: it has no reference")
	case p.URL == "":
		return p, errors.New("read record: it has no address")
	case p.Title == "":
		return p, fmt.Errorf("read record: %w", ErrNoTitle)
	}
	return p, nil
}

// startWords writes a start date as its day, and leaves words as they are.
func startWords(s string) string {
	if day := Day(s); day != "" {
		return day
	}
	return s
}

// address is a web address, which some systems give without its scheme.
func (r *ATSRecord) address(key string) string {
	s := strings.ReplaceAll(strings.TrimSpace(r.values[key]), "&amp;", "&")
	if s == "" || len(s) > maxAddress {
		return ""
	}
	if !strings.Contains(s, "://") {
		s = "https://" + s
	}
	if u, err := url.Parse(s); err != nil || u.Host == "" || !strings.Contains(u.Hostname(), ".") && u.Hostname() != "localhost" {
		return ""
	}
	return address(s)
}

// setEmployer keeps the number of the one school that advertises. Several schools,
// or none, advertise through their trust.
func (r *ATSRecord) setEmployer(p *sendwatch.Posting) {
	var urns []string
	for _, token := range r.tokens("schoolurns") {
		if isURN.MatchString(token) && !slices.Contains(urns, token) {
			urns = append(urns, token)
		}
	}
	switch {
	case len(urns) == 1:
		p.EmployerURN, p.EmployerKind = urns[0], sendwatch.EmployerSchool
	case len(r.tokens("trustuid")) > 0:
		p.EmployerKind = sendwatch.EmployerTrust
	case len(urns) > 1:
		p.EmployerKind = sendwatch.EmployerSchool
	}
}

// contract says contract and working patterns in words.
func (r *ATSRecord) contract() string {
	var words []string
	for _, token := range append(r.tokens("contracttype"), r.tokens("workingpatterns")...) {
		if word := spelled(token); !slices.Contains(words, word) {
			words = append(words, word)
		}
	}
	return strings.Join(words, ", ")
}

// spelled writes an enumerated value out: "Fixed term" of "fixed_term", "KS2" of
// "ks2".
func spelled(token string) string {
	switch {
	case isKeyStage.MatchString(token):
		return strings.ToUpper(token)
	case strings.HasPrefix(token, "sendco"):
		return "SENDCo"
	}
	words := strings.ReplaceAll(token, "_", " ")
	return strings.ToUpper(words[:1]) + words[1:]
}

var isKeyStage = regexp.MustCompile(`^ks[1-5]$`)

// atsFacts are what the records say in values of their own, and the words that
// pages have for it.
var atsFacts = []struct{ key, label string }{
	{"jobrole", "Job role"}, {"phase", "Phase"}, {"keystages", "Key stage"}, {"subjects", "Subject"}, {"send_responsible", "SEND responsibility"},
}

// setBody keeps the advert, and after it as a list what the record says besides.
func (r *ATSRecord) setBody(p *sendwatch.Posting) {
	body, isHTML := prose(r.values["jobadvert"])
	if !isHTML {
		body = paragraphs(body)
	}
	var facts strings.Builder
	for _, f := range atsFacts {
		var said []string
		for _, token := range r.tokens(f.key) {
			said = append(said, spelled(token))
		}
		if len(said) > 0 {
			facts.WriteString("<dt>" + f.label + "</dt><dd>" + html.EscapeString(strings.Join(said, ", ")) + "</dd>\n")
		}
	}
	if r.line("visasponsorshipavailable", maxLine) == "true" {
		facts.WriteString("<dt>Visa sponsorship</dt><dd>Skilled Worker visas can be sponsored</dd>\n")
	}
	if facts.Len() > 0 {
		body = strings.TrimSpace(body+"\n<dl>\n"+facts.String()) + "\n</dl>"
	}
	p.BodyHTML = body
}
