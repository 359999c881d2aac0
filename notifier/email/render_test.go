package email

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	sendwatch "github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/pay"
	"github.com/sendwatch/sendwatch/place"
)

var update = flag.Bool("update", false, "rewrite the golden messages")

// now is the moment at which every test message is written: Monday morning.
var now = time.Date(2026, 11, 23, 7, 30, 0, 0, time.UTC)

func ptr[T any](v T) *T { return &v }

func newRenderer(t *testing.T, site string) *Renderer {
	t.Helper()
	r, err := NewRenderer(Options{
		From: "Sendwatch <alerts@sendwatch.example>", Site: site, UnconfirmedDays: 7,
		Label: func(id string) string {
			return map[string]string{"role-semh-ta": "SEMH teaching assistant", "set-special": "special school"}[id]
		},
		Now: func() time.Time { return now },
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// oakVacancy is a school's post with everything stated.
func oakVacancy() *sendwatch.Vacancy {
	return &sendwatch.Vacancy{
		ID: "v-oak",
		Reading: sendwatch.Reading{
			Title: "SEMH Teaching Assistant", Employer: "Oak Lane School", EmployerKind: sendwatch.EmployerSchool,
			Location: "Wokingham, Berkshire", Kind: sendwatch.KindVacancy, Scope: sendwatch.ScopeIn,
			Place:    &place.Place{Postcode: "RG41 2", Name: "Wokingham", Lat: 51.4, Lon: -0.84, Precision: place.Sector},
			ClosesAt: ptr(time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)),
			Pay: pay.Offer{
				HoursPerWeek: ptr(32.5), WeeksPerYear: ptr(39.0), TermTimeOnly: ptr(true),
				Contract: ptr("permanent"), WorkingPattern: ptr("part-time"),
				Comparable: pay.Comparable{
					ActualAnnual:   &pay.Figure{Min: ptr(18412.4), Max: ptr(19033.0), How: "derived"},
					FullTimeAnnual: &pay.Figure{Min: ptr(25185.0), Max: ptr(26035.0), How: "stated"},
					Hourly:         &pay.Figure{Min: ptr(13.05), Max: ptr(13.5), How: "derived"},
				},
				Allowances: []pay.Allowance{{Kind: "sen", Min: ptr(1532.0), Max: ptr(1532.0)}},
				Working:    []string{"£25,185 × 32.5 of 37 hours × 43.8 of 52.14 paid weeks = £18,412."},
				Flags:      []string{"award-pending", "assumed-weeks"},
			},
		},
		State: sendwatch.VacancyOpen,
		Sightings: []sendwatch.Sighting{
			{Source: "old", URL: "https://old.example/1"},
			{Source: "board", URL: "https://board.example/jobs/17?from=list&x=1", Open: true},
		},
	}
}

// agencyVacancy says little, as agencies do.
func agencyVacancy() *sendwatch.Vacancy {
	return &sendwatch.Vacancy{
		ID: "v-agency",
		Reading: sendwatch.Reading{
			Title: "Psychology Graduate - Behaviour Mentor", Employer: "Bright Desk Supply", EmployerKind: sendwatch.EmployerAgency,
			Location: "Reading", Kind: sendwatch.KindVacancy, Scope: sendwatch.ScopeIn,
			Pay: pay.Offer{
				Comparable: pay.Comparable{Daily: &pay.Figure{Min: ptr(88.0), Max: ptr(97.5), How: "stated"}},
				Contract:   ptr("temporary"),
				Flags:      []string{"includes-holiday-pay", "below-minimum-wage"},
			},
			Notice: "Contains public sector information licensed under the Open Government Licence v3.0.",
		},
		State:     sendwatch.VacancyOpen,
		Sightings: []sendwatch.Sighting{{Source: "agency", URL: "https://agency.example/p/9", Open: true}},
	}
}

func oakEntry() Entry {
	return Entry{
		Vacancy: oakVacancy(), URL: "https://sendwatch.example/vacancies/v-oak",
		Events: []sendwatch.AlertEvent{sendwatch.EventNew}, Fit: sendwatch.FitStrong, Score: 91,
		Why: "2 miles away; you hold GCSE English and GCSE maths.",
		Reasons: []sendwatch.Reason{
			{Field: "distance", Text: "2 miles away"},
			{Field: "met", Text: "you hold GCSE English and GCSE maths"},
			{Field: "desirable", Text: "Team Teach"},
		},
		Miles: ptr(2.34),
	}
}

func agencyEntry() Entry {
	return Entry{
		Vacancy: agencyVacancy(), URL: "https://sendwatch.example/vacancies/v-agency",
		Events: []sendwatch.AlertEvent{"closes:2026-12-04", "pay:88-97.5/day"}, Fit: sendwatch.FitPossible, Score: 60,
		Why:     "It is about SEMH. Missing: a degree in psychology (desirable). Not certain: how far away it is.",
		Reasons: []sendwatch.Reason{{Field: "need", Text: "it is about SEMH"}, {Field: "desirable", Text: "a degree in psychology"}},
	}
}

func digest(entries ...Entry) Digest {
	return Digest{
		MessageID: "<d-1.4f2a@sendwatch.example>", To: "kim@person.example", Entries: entries,
		Pauses: []Pause{{Asked: "SEMH teaching assistant, within 10 miles of RG41", URL: "https://sendwatch.example/alerts/tp/pause"}},
		Manage: "https://sendwatch.example/alerts/tm", Unsubscribe: "https://sendwatch.example/alerts/tu/unsubscribe",
	}
}

func TestGoldenMessages(t *testing.T) {
	r := newRenderer(t, "https://sendwatch.example")
	for name, render := range map[string]func() (*Message, error){
		"digest-one": func() (*Message, error) { return r.Digest(digest(oakEntry())) },
		"digest-mixed": func() (*Message, error) {
			own := oakEntry()
			own.Vacancy.ID, own.OwnAdvert, own.Fit = "v-oak-own", true, sendwatch.FitPossible
			d := digest(agencyEntry(), own, oakEntry())
			d.Closed = 2
			return r.Digest(d)
		},
		"confirmation": func() (*Message, error) {
			return r.Confirmation(Confirmation{
				MessageID: "c-1@sendwatch.example", To: "kim@person.example",
				Asked: []Asked{
					{What: "SEMH teaching assistant, within 10 miles of RG41", Frequency: sendwatch.Daily},
					{What: "Every SEMH and SEND support post", Frequency: sendwatch.Weekly},
				},
				URL: "https://sendwatch.example/alerts/tc/confirm",
			})
		},
		"notice": func() (*Message, error) {
			return r.Notice(Notice{
				MessageID: "n-1@sendwatch.example", To: "ops@person.example",
				New: []NoticeLine{
					{Source: "council-board", Says: "of the newest 10 adverts 0 have pay; usually 90 in 100 do", Do: "Correct the source's fields.", Since: now.Add(-3 * time.Hour)},
					{Source: "agency", Says: "</p><script>alert(1)</script>\r\nBcc: eve@person.example", Since: now.Add(-2 * time.Hour)},
				},
				Still: []NoticeLine{{Source: "agency", Says: "no healthy crawl for 9 days: its last crawl did not reach the end", Do: "Open the site.", Since: now.AddDate(0, 0, -8)}},
				Over:  []NoticeLine{{Source: "school", Says: "lists 200 adverts where it usually lists 4", Since: now.AddDate(0, 0, -2)}},
			})
		},
	} {
		t.Run(name, func(t *testing.T) {
			m, err := render()
			if err != nil {
				t.Fatal(err)
			}
			again, err := render()
			if err != nil || !bytes.Equal(m.Data, again.Data) {
				t.Errorf("the same message twice is not the same bytes (%v)", err)
			}
			golden(t, name+".eml", readable(t, m.Data))
			parsed := parse(t, m.Data)
			golden(t, name+".html", parsed.html)
		})
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs (-want +got); -update rewrites it:\n%s", name, diff)
	}
}

// readable gives the headers and the decoded text part.
func readable(t *testing.T, data []byte) string {
	t.Helper()
	head, _, _ := bytes.Cut(data, []byte("\r\n\r\n"))
	return strings.ReplaceAll(string(head), "\r\n", "\n") + "\n\n" + parse(t, data).text
}

type parsedMessage struct {
	header     mail.Header
	text, html string
}

// parse reads a message as a mail program does.
func parse(t *testing.T, data []byte) parsedMessage {
	t.Helper()
	m, err := mail.ReadMessage(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		t.Fatalf("content type %q: %v", kind, err)
	}
	out := parsedMessage{header: m.Header}
	parts := multipart.NewReader(m.Body, params["boundary"])
	var order []string
	for {
		part, err := parts.NextRawPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		kind, _, _ := mime.ParseMediaType(part.Header.Get("Content-Type"))
		body, err := io.ReadAll(quotedprintable.NewReader(part))
		if err != nil {
			t.Fatal(err)
		}
		order = append(order, kind)
		text := strings.ReplaceAll(string(body), "\r\n", "\n")
		if kind == "text/html" {
			out.html = text
		} else {
			out.text = text
		}
	}
	if diff := cmp.Diff([]string{"text/plain", "text/html"}, order); diff != "" {
		t.Fatalf("parts, plainest first (-want +got):\n%s", diff)
	}
	return out
}

func TestSubject(t *testing.T) {
	changed := func(events ...sendwatch.AlertEvent) Entry {
		e := oakEntry()
		e.Events = events
		return e
	}
	tests := []struct {
		name    string
		entries []Entry
		want    string
	}{
		{"one", []Entry{oakEntry()}, "New post that fits: SEMH Teaching Assistant in Wokingham"},
		{"three", []Entry{oakEntry(), oakEntry(), oakEntry()}, "3 new posts that fit: SEMH Teaching Assistant in Wokingham, and 2 more"},
		{"closing date", []Entry{changed("closes:2026-12-04")}, "Closing date changed: SEMH Teaching Assistant in Wokingham"},
		{"pay", []Entry{changed("pay:1-2/year")}, "Pay changed: SEMH Teaching Assistant in Wokingham"},
		{"both", []Entry{changed("pay:1-2/year", "closes:2026-12-04")}, "Changed: SEMH Teaching Assistant in Wokingham"},
		{"changes", []Entry{changed("pay:1/year"), changed("pay:1/year")}, "2 posts have changed: SEMH Teaching Assistant in Wokingham, and 1 more"},
		{"mixed", []Entry{oakEntry(), oakEntry(), changed("pay:1/year")}, "2 new posts and 1 change: SEMH Teaching Assistant in Wokingham, and 2 more"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := subject(tt.entries); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
	e := oakEntry()
	e.Vacancy.Title, e.Vacancy.Place, e.Vacancy.Location = "Teaching Assistant, Wokingham", nil, "Wokingham, Berks"
	if got, want := subject([]Entry{e}), "New post that fits: Teaching Assistant, Wokingham"; got != want {
		t.Errorf("a place that the title names is said twice: got %q, want %q", got, want)
	}
}

func TestStrongFirst(t *testing.T) {
	r := newRenderer(t, "https://sendwatch.example")
	weak, strongOld, strongNew := agencyEntry(), oakEntry(), oakEntry()
	weak.Score = 100
	strongOld.Vacancy.Title, strongOld.Events = "Second", []sendwatch.AlertEvent{"pay:1/year"}
	strongNew.Vacancy.Title = "First"
	m, err := r.Digest(digest(weak, strongOld, strongNew))
	if err != nil {
		t.Fatal(err)
	}
	first, second := strings.Index(m.Text, "\nFirst\n"), strings.Index(m.Text, "\nSecond\n")
	third := strings.Index(m.Text, "\nPsychology Graduate")
	if first < 0 || first > second || second > third {
		t.Errorf("order: new strong at %d, changed strong at %d, possible at %d", first, second, third)
	}
}

func TestALongDigestTellsTheRestInLines(t *testing.T) {
	r := newRenderer(t, "https://sendwatch.example")
	var entries []Entry
	for i := range 57 {
		e := oakEntry()
		e.Vacancy.ID, e.Vacancy.Title = fmt.Sprintf("v-%02d", i), fmt.Sprintf("Post %02d", i)
		e.URL = "https://sendwatch.example/vacancies/" + e.Vacancy.ID
		entries = append(entries, e)
	}
	m, err := r.Digest(digest(entries...))
	if err != nil {
		t.Fatal(err)
	}
	p := parse(t, m.Data)
	if got := strings.Count(p.html, `class="pay"`); got != 20 {
		t.Errorf("%d entries stand in full, want 20", got)
	}
	for _, e := range entries {
		if !strings.Contains(p.html, `href="`+e.URL+`"`) || !strings.Contains(p.text, e.URL) {
			t.Errorf("%s is not told in both parts", e.Vacancy.Title)
		}
	}
	if want := "57 new posts that fit"; !strings.HasPrefix(m.Subject, want) {
		t.Errorf("subject %q does not begin with %q", m.Subject, want)
	}
}

func TestEmptyIsNeverRendered(t *testing.T) {
	if _, err := newRenderer(t, "https://sendwatch.example").Digest(digest()); !errors.Is(err, ErrEmpty) {
		t.Errorf("got %v, want ErrEmpty", err)
	}
}

// hostile is an entry whose every text tries to be something else.
func hostile() Entry {
	evil := "x\r\nBcc: victim@person.example\r\n\r\n<script>alert(1)</script>\u202e\u0000\xff\"'=cmd()" + strings.Repeat("<b>ж&", 2000)
	e := oakEntry()
	v := e.Vacancy
	v.Title, v.Employer, v.Location, v.Notice = evil, evil, evil, evil
	v.Place = &place.Place{Name: evil, Postcode: evil}
	v.Pay.Working = []string{evil + "1", evil + "2", evil + "3", "4" + evil, "5" + evil, "6" + evil}
	v.Pay.Contract, v.Pay.WorkingPattern = &evil, &evil
	v.Pay.Allowances = []pay.Allowance{{Kind: evil, Min: ptr(1.0)}}
	v.Sightings = []sendwatch.Sighting{
		{URL: "javascript:alert(1)", Open: true},
		{URL: "https://user:pass@phish.example/", Open: true},
		{URL: "https://ok.example/\"><script>?q=a\r\nb", Open: true},
	}
	e.Why = evil
	e.Reasons = nil
	for i := range 30 {
		for _, field := range []string{"met", "unmet", "unknown", "desirable"} {
			e.Reasons = append(e.Reasons, sendwatch.Reason{Field: field, Text: fmt.Sprint(i) + evil})
		}
	}
	return e
}

func TestHostileText(t *testing.T) {
	r := newRenderer(t, "https://sendwatch.example")
	var entries []Entry
	for i := range 30 {
		e := hostile()
		e.Vacancy.ID = fmt.Sprint(i)
		entries = append(entries, e)
	}
	d := digest(entries...)
	d.Pauses = []Pause{{Asked: hostile().Why, URL: "javascript:alert(1)"}}
	m, err := r.Digest(d)
	if err != nil {
		t.Fatal(err)
	}
	p := parse(t, m.Data)
	if len(p.html) > maxHTML {
		t.Errorf("HTML of %d bytes, limit %d", len(p.html), maxHTML)
	}
	for _, bad := range []string{"<script", "javascript:", "<b>", "\u202e", "\x00", "\xff", "user:pass"} {
		if strings.Contains(p.html, bad) {
			t.Errorf("HTML holds %q", bad)
		}
	}
	for _, bad := range []string{"\nBcc:", "javascript:", "\u202e", "\x00", "\xff", "user:pass"} {
		if strings.Contains(p.text, bad) {
			t.Errorf("text holds %q", bad)
		}
	}
	if got := p.header["Bcc"]; got != nil {
		t.Errorf("a title made a Bcc header: %q", got)
	}
	head, _, _ := bytes.Cut(m.Data, []byte("\r\n\r\n"))
	for _, l := range strings.Split(string(head), "\r\n") {
		if len(l) > 998 {
			t.Errorf("a header line of %d bytes (RFC 5322 allows 998)", len(l))
		}
		if strings.ContainsAny(l, "\r\n") {
			t.Errorf("a bare line break in %q", l)
		}
	}
	for _, l := range bytes.Split(m.Data, []byte("\r\n")) {
		if len(l) > 998 || bytes.ContainsAny(l, "\r\n") {
			t.Errorf("a line of %d bytes, or a bare line break in it", len(l))
			break
		}
	}
	if subject, err := new(mime.WordDecoder).DecodeHeader(p.header.Get("Subject")); err != nil || subject != m.Subject {
		t.Errorf("subject reads back as %q (%v), want %q", subject, err, m.Subject)
	}
}

func TestInjectionIsRefused(t *testing.T) {
	r := newRenderer(t, "https://sendwatch.example")
	for name, change := range map[string]func(*Digest){
		"line break in the address":     func(d *Digest) { d.To = "kim@person.example\r\nBcc: other@person.example" },
		"two addresses":                 func(d *Digest) { d.To = "kim@person.example, other@person.example" },
		"no address":                    func(d *Digest) { d.To = "" },
		"line break in the Message-ID":  func(d *Digest) { d.MessageID = "<a@b\r\nBcc: other@person.example>" },
		"Message-ID without a host":     func(d *Digest) { d.MessageID = "<a>" },
		"second Message-ID inside":      func(d *Digest) { d.MessageID = "<a@b> <c@d>" },
		"unsubscribe without TLS":       func(d *Digest) { d.Unsubscribe = "http://sendwatch.example/u" },
		"unsubscribe by another scheme": func(d *Digest) { d.Unsubscribe = "ftp://sendwatch.example/u"; d.Manage = "" },
	} {
		t.Run(name, func(t *testing.T) {
			d := digest(oakEntry())
			change(&d)
			m, err := r.Digest(d)
			if name == "unsubscribe by another scheme" {
				// An address that is not http is no address: the header is left out.
				if err == nil && strings.Contains(string(m.Data), "ftp:") {
					t.Error("an ftp link got through")
				}
				return
			}
			if err == nil {
				t.Fatalf("rendered:\n%s", m.Data)
			}
			if strings.Contains(err.Error(), "person.example") && strings.Contains(err.Error(), "kim") {
				t.Errorf("the error names the address: %v", err)
			}
		})
	}
	if _, err := NewRenderer(Options{From: "a@b.example\r\nBcc: c@d.example", Now: time.Now}); err == nil {
		t.Error("a From with a line break was taken")
	}
}

func TestHeaders(t *testing.T) {
	for site, wantPost := range map[string]string{
		"https://sendwatch.example": "List-Unsubscribe=One-Click",
		"http://127.0.0.1:8080":     "List-Unsubscribe=One-Click",
	} {
		d := digest(oakEntry())
		d.Unsubscribe = site + "/alerts/" + strings.Repeat("t", 120) + "/unsubscribe"
		m, err := newRenderer(t, site).Digest(d)
		if err != nil {
			t.Fatal(err)
		}
		h := parse(t, m.Data).header
		want := map[string]string{
			"List-Unsubscribe":      "<" + d.Unsubscribe + ">",
			"List-Unsubscribe-Post": wantPost,
			"Auto-Submitted":        "auto-generated",
			"Message-Id":            "<d-1.4f2a@sendwatch.example>",
			"Date":                  "Mon, 23 Nov 2026 07:30:00 +0000",
			"User-Agent":            "Sendwatch",
			"X-Mailer":              "",
			"From":                  `"Sendwatch" <alerts@sendwatch.example>`,
			"To":                    "<kim@person.example>",
		}
		for name, value := range want {
			if got := h.Get(name); got != value {
				t.Errorf("%s: got %q, want %q", name, got, value)
			}
		}
	}
}

func TestConfirmationNeedsNoUnsubscribe(t *testing.T) {
	r := newRenderer(t, "https://sendwatch.example")
	m, err := r.Confirmation(Confirmation{MessageID: "c@d.example", To: "kim@person.example", Asked: []Asked{{What: "x"}}, URL: "https://sendwatch.example/alerts/t/confirm"})
	if err != nil {
		t.Fatal(err)
	}
	if h := parse(t, m.Data).header; h.Get("List-Unsubscribe") != "" || h.Get("Auto-Submitted") != "auto-generated" {
		t.Errorf("headers %v", h)
	}
	if _, err := r.Confirmation(Confirmation{MessageID: "c@d.example", To: "kim@person.example"}); err == nil {
		t.Error("a confirmation without a link was rendered")
	}
}
