package extract

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"

	"github.com/sendwatch/sendwatch"
)

// APINotice is what the national service asks of those who reuse its records: the
// Open Government Licence v3.0, and the exception to it that the service's terms
// for API users make.
const APINotice = "Contains public sector information from Teaching Vacancies, licensed under the Open Government Licence v3.0 " +
	"(https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/). " +
	"Its terms for API users: nobody who reuses it may charge a fee or commission for contacting, interviewing or hiring a respondent."

// APIPage is one page of the national service's list of vacancies.
type APIPage struct {
	// Records are JobPosting objects as the service wrote them.
	Records []json.RawMessage
	// Next is the address of the next page, empty on the last.
	Next string
}

// ReadAPIPage reads a page of /api/v1/jobs.json.
func ReadAPIPage(body []byte) (APIPage, error) {
	var page struct {
		Data  *[]json.RawMessage `json:"data"`
		Links struct {
			Next string `json:"next"`
		} `json:"links"`
	}
	if err := json.Unmarshal(body, &page); err != nil {
		return APIPage{}, fmt.Errorf("read API page: %w", err)
	}
	if page.Data == nil {
		return APIPage{}, errors.New("read API page: it has no data")
	}
	return APIPage{Records: *page.Data, Next: page.Links.Next}, nil
}

// APIRecord reads one record of the service. Its reference is the last part of
// its address, the slug: the service gives no other id, and the slug is unique.
func APIRecord(raw json.RawMessage) (sendwatch.Posting, error) {
	values, err := decodeAll(string(raw))
	if err != nil {
		return sendwatch.Posting{}, fmt.Errorf("read API record: %w", err)
	}
	found := linkedPostings(values)
	if len(found) == 0 {
		return sendwatch.Posting{}, fmt.Errorf("read API record: %w", ErrNoPosting)
	}
	o := found[0]
	p := fromObject(o)
	if u, err := url.Parse(p.URL); err != nil || u.Host == "" {
		return p, errors.New("read API record: it has no address")
	}
	p.Reference = Reference(p.URL)
	if p.Title == "" {
		return p, fmt.Errorf("read API record: %w", ErrNoTitle)
	}
	p.Notice = APINotice
	setEmployer(&p, o)
	return p, nil
}

// setEmployer takes the service's bare identifier for what it is: a school's URN
// has six digits, a trust's UID fewer.
func setEmployer(p *sendwatch.Posting, o object) {
	employer, ok := first(o["hiringOrganization"]).(object)
	if !ok {
		return
	}
	switch id := plain(employer["identifier"], maxLine); {
	case isURN.MatchString(id):
		p.EmployerURN, p.EmployerKind = id, sendwatch.EmployerSchool
	case id != "":
		p.EmployerKind = sendwatch.EmployerTrust
	}
}
