package extract

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/pay"
)

const address1 = "https://jobs.test/job/77"

func mustParse(t testing.TB, html string) *Page {
	t.Helper()
	p, err := ParsePage(address1, []byte(html))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func ld(body string) string {
	return `<script type="application/ld+json">` + body + `</script>`
}

func TestJSONLDForms(t *testing.T) {
	const plain = `{"@type": "JobPosting", "title": "Assistant", "identifier": "A1"}`
	tests := []struct {
		name, html string
		want       []string // references
		err        error
	}{
		{"object", ld(plain), []string{"A1"}, nil},
		{"type attribute with a parameter", `<script type="Application/LD+JSON; charset=utf-8">` + plain + `</script>`, []string{"A1"}, nil},
		{"another type of script", `<script type="application/json">` + plain + `</script>`, nil, ErrNoPosting},
		{"array", ld(`[{"@type": "Organization"}, ` + plain + `]`), []string{"A1"}, nil},
		{"graph", ld(`{"@context": "x", "@graph": [` + plain + `]}`), []string{"A1"}, nil},
		{"type list", ld(`{"@type": ["Thing", "http://schema.org/JobPosting"], "title": "Assistant", "identifier": 12}`), []string{"12"}, nil},
		{"nested", ld(`{"@type": "WebPage", "mainEntity": ` + plain + `}`), []string{"A1"}, nil},
		{"list of items", ld(`{"@type": "ItemList", "itemListElement": [{"item": ` + plain + `}, {"item": {"@type": "JobPosting", "title": "Two", "identifier": "A2"}}]}`), []string{"A1", "A2"}, nil},
		{"two scripts", ld(`{"@type": "BreadcrumbList"}`) + ld(plain), []string{"A1"}, nil},
		{"one after another", ld(plain + "\n" + `{"@type": "WebSite"}`), []string{"A1"}, nil},
		{"first script broken", ld(`{"@type": `) + ld(plain), []string{"A1"}, nil},
		{"trailing commas", ld(`{"@type": "JobPosting", "title": "Assistant", "identifier": "A1", }, `), []string{"A1"}, nil},
		{"comma in a string stays", ld(`{"@type": "JobPosting", "title": "a,}", "identifier": "A,]",}`), []string{"A,]"}, nil},
		{"control characters", ld("{\"@type\": \"JobPosting\", \"title\": \"As\x01sis\ntant\", \"identifier\": \"A\t1\"}"), []string{"A 1"}, nil},
		{"unknown escapes", ld(`{"@type": "JobPosting", "title": "It\'s", "identifier": "A\-1"}`), []string{"A-1"}, nil},
		{"escaped as HTML", ld(strings.ReplaceAll(plain, `"`, "&quot;")), []string{"A1"}, nil},
		{"CDATA", ld("//<![CDATA[\n" + plain + "\n//]]>"), []string{"A1"}, nil},
		{"semicolon", ld(plain + ";"), []string{"A1"}, nil},
		{"property value", ld(`{"@type": "JobPosting", "title": "T", "identifier": {"@type": "PropertyValue", "name": "Board", "value": 9}}`), []string{"9"}, nil},
		{"identifier is the employer", ld(`{"@type": "JobPosting", "title": "T", "identifier": "Board", "hiringOrganization": "board"}`), []string{"77"}, nil},
		{"no title", ld(`{"@type": "JobPosting", "identifier": "A1"}`), nil, ErrNoTitle},
		{"too deep", ld(strings.Repeat("[", 5000) + plain + strings.Repeat("]", 5000)), nil, ErrNoPosting},
		{"nothing", `<p>hello</p>`, nil, ErrNoPosting},
		{"microdata where JSON-LD has none", ld(`{"@type": "WebPage"}`) + `<div itemscope itemtype="http://schema.org/JobPosting"><b itemprop="title">T</b><i itemprop="identifier">M1</i></div>`, []string{"M1"}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			postings, err := JobPostings(mustParse(t, tt.html))
			if !errors.Is(err, tt.err) {
				t.Fatalf("error %v, want %v", err, tt.err)
			}
			var got []string
			for _, p := range postings {
				got = append(got, p.Reference)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("references (-want +got):\n%s", diff)
			}
		})
	}
}

func ptr(f float64) *float64 { return &f }

func TestSalary(t *testing.T) {
	quote := func(low, high *float64, unit, note string) *pay.Quote {
		return &pay.Quote{Min: low, Max: high, Unit: unit, Basis: "unstated", Note: note}
	}
	tests := []struct {
		name, salary, words string
		quote               *pay.Quote
	}{
		{"range", `{"currency": "GBP", "value": {"minValue": 24000, "maxValue": 25183.5, "unitText": "YEAR"}}`, "£24000 - £25183.50 per year", quote(ptr(24000), ptr(25183.5), "year", "range")},
		{"equal ends", `{"value": {"minValue": "13.75", "maxValue": 13.75, "unitText": "Hour"}}`, "£13.75 per hour", quote(ptr(13.75), ptr(13.75), "hour", "exact")},
		{"ends exchanged", `{"value": {"minValue": 110, "maxValue": 90, "unitText": "DAY"}}`, "£90 - £110 per day", quote(ptr(90), ptr(110), "day", "range")},
		{"from", `{"value": {"minValue": 500, "unitText": "WEEKLY"}}`, "From £500 per week", quote(ptr(500), nil, "week", "from")},
		{"up to", `{"value": {"minValue": 0, "maxValue": 2000, "unitText": "per month"}}`, "Up to £2000 per month", quote(nil, ptr(2000), "month", "up_to")},
		{"one number", `{"value": {"value": 26000, "unitText": "ANNUM"}}`, "£26000 per year", quote(ptr(26000), ptr(26000), "year", "exact")},
		{"bare value", `{"value": "£26,000.00", "unitText": "YEAR"}`, "£26000 per year", quote(ptr(26000), ptr(26000), "year", "exact")},
		{"in the amount itself", `{"minValue": 80, "maxValue": 95, "unitText": "DAILY"}`, "£80 - £95 per day", quote(ptr(80), ptr(95), "day", "range")},
		{"free text", `{"value": {"value": "Grade C SCP 5 to 6, £24,790 FTE", "unitText": "YEAR"}}`, "Grade C SCP 5 to 6, £24,790 FTE", nil},
		{"free text by the hour", `{"value": {"value": "£13 to £14", "unitText": "HOUR"}}`, "£13 to £14 per hour", nil},
		{"free text that says so itself", `{"value": {"value": "£13 an hour", "unitText": "HOUR"}}`, "£13 an hour", nil},
		{"words", `"Competitive"`, "Competitive", nil},
		{"unknown unit", `{"value": {"value": 26000, "unitText": "FORTNIGHT"}}`, "£26000", nil},
		{"other money", `{"currency": "EUR", "value": {"value": 26000, "unitText": "YEAR"}}`, "EUR 26000 per year", nil},
		{"zero", `{"value": {"minValue": 0, "maxValue": 0, "unitText": "YEAR"}}`, "", nil},
		{"telephone number", `{"value": {"value": 447700900123, "unitText": "YEAR"}}`, "447700900123", nil},
		{"list", `[{"value": {"value": 12, "unitText": "HOUR"}}]`, "£12 per hour", quote(ptr(12), ptr(12), "hour", "exact")},
		{"null", `null`, "", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			values, err := decodeAll(`{"baseSalary": ` + tt.salary + `}`)
			if err != nil {
				t.Fatal(err)
			}
			words, got := salary(values[0].(object))
			if words != tt.words {
				t.Errorf("words %q, want %q", words, tt.words)
			}
			if diff := cmp.Diff(tt.quote, got); diff != "" {
				t.Errorf("quote (-want +got):\n%s", diff)
			}
		})
	}
}

func TestLocation(t *testing.T) {
	tests := []struct{ name, place, want, postcode string }{
		{"one", `{"address": {"addressLocality": "Fernbridge", "addressRegion": "Northshire", "postalCode": "ZZ1 1AA", "addressCountry": "GB"}}`, "Fernbridge, Northshire", "ZZ1 1AA"},
		{"repeated", `{"address": {"addressLocality": "Leeds", "addressRegion": "leeds"}}`, "Leeds", ""},
		{"several", `[{"address": {"addressLocality": "A"}}, {"address": {"addressLocality": "B", "postalCode": "ZZ2"}}, {"address": {"addressLocality": "A"}}]`, "A; B", "ZZ2"},
		{"address in words", `{"address": "12 High Street, Fernbridge"}`, "12 High Street, Fernbridge", ""},
		{"words", `"Fernbridge"`, "Fernbridge", ""},
		{"only a street", `{"address": {"streetAddress": "12 High Street"}}`, "12 High Street", ""},
		{"only a name", `{"@type": "Place", "name": "Our base"}`, "Our base", ""},
		{"address directly", `{"@type": "PostalAddress", "addressLocality": "Fernbridge"}`, "Fernbridge", ""},
		{"empty", `[]`, "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			values, err := decodeAll(`{"jobLocation": ` + tt.place + `}`)
			if err != nil {
				t.Fatal(err)
			}
			if got, postcode := location(values[0].(object)); got != tt.want || postcode != tt.postcode {
				t.Errorf("got %q, %q, want %q, %q", got, postcode, tt.want, tt.postcode)
			}
		})
	}
}

func TestBodies(t *testing.T) {
	tests := []struct{ name, record, html, text string }{
		{"markup", `"description": "<p>Hello</p>"`, "<p>Hello</p>", ""},
		{"escaped markup", `"description": "&lt;p&gt;R&amp;amp;D&lt;/p&gt;"`, "<p>R&amp;D</p>", ""},
		{"text", `"description": "Hello\nyou & me"`, "", "Hello\nyou & me"},
		{"text with entities", `"description": "Mums &amp; dads"`, "", "Mums & dads"},
		{"a comparison is no markup", `"description": "pay < 5 > 3"`, "", "pay < 5 > 3"},
		{"sections", `"description": "<p>Hello</p>", "skills": ["Patience", "Level 2"], "qualifications": "Hello"`, "<p>Hello</p>\n<h3>Skills</h3>\n<p>Patience</p>\n<p>Level 2</p>\n", ""},
		{"text and a section", `"description": "Line one\nLine <two", "experienceRequirements": {"@type": "X", "name": "A year"}`, "<p>Line one</p>\n<p>Line &lt;two</p>\n\n<h3>Experience</h3>\n<p>A year</p>\n", ""},
		{"none", `"description": null`, "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			values, err := decodeAll("{" + tt.record + "}")
			if err != nil {
				t.Fatal(err)
			}
			got := fromObject(values[0].(object))
			if got.BodyHTML != tt.html || got.BodyText != tt.text {
				t.Errorf("got HTML %q, text %q, want %q, %q", got.BodyHTML, got.BodyText, tt.html, tt.text)
			}
		})
	}
}

func TestEmploymentType(t *testing.T) {
	for in, want := range map[string]string{
		`["FULL_TIME", "TEMPORARY"]`: "Full time, Temporary", `"PART_TIME, CONTRACTOR"`: "Part time, Contract", `"OTHER"`: "",
		`"Term time only"`: "Term time only", `"https://schema.org/FULL_TIME"`: "Full time", `"full-time"`: "Full time", `null`: "", `[]`: "",
	} {
		var v any
		if err := json.Unmarshal([]byte(in), &v); err != nil {
			t.Fatal(err)
		}
		if got := employmentType(v); got != want {
			t.Errorf("%s: got %q, want %q", in, got, want)
		}
	}
}

func TestUniqueReferenceNumberMustSaySo(t *testing.T) {
	for organisation, want := range map[string]string{
		`{"name": "A", "identifier": {"propertyID": "URN", "value": "900001"}}`: "900001",
		`{"name": "A", "identifier": "900001"}`:                                 "",
		`{"name": "A", "identifier": {"name": "client", "value": "900001"}}`:    "",
		`{"name": "A", "identifier": {"name": "URN", "value": "n/a"}}`:          "",
	} {
		values, err := decodeAll(`{"hiringOrganization": ` + organisation + `}`)
		if err != nil {
			t.Fatal(err)
		}
		if got := fromObject(values[0].(object)).EmployerURN; got != want {
			t.Errorf("%s: %q, want %q", organisation, got, want)
		}
	}
}

func TestHugeInputIsReadInTime(t *testing.T) {
	for name, body := range map[string]string{
		"open brackets": strings.Repeat("[", 1<<20),
		"commas":        "[" + strings.Repeat(",", 1<<20) + "]",
		"backslashes":   `{"a": "` + strings.Repeat(`\`, 1<<20),
		"entities":      strings.Repeat("&lt;", 1<<18),
		"half tags":     `{"@type": "JobPosting", "title": "` + strings.Repeat("<a ", 1<<18) + `"}`,
	} {
		start := time.Now()
		_, _ = JobPostings(mustParse(t, ld(body)))
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("%s took %v", name, took)
		}
	}
}

func FuzzJobPostings(f *testing.F) {
	f.Add(ld(`{"@type": "JobPosting", "title": "T", "baseSalary": {"value": [{"minValue": 1e400}]}, "jobLocation": [[[{}]]]}`))
	f.Add(ld(`[{"@graph": {"@type": ["JobPosting", 3]}},]`))
	f.Add(`<div itemscope itemtype="https://schema.org/JobPosting"><p itemprop="title title">x<i itemprop="identifier" itemscope></i></p></div>`)
	f.Add(ld("{\"@type\":\"JobPosting\",\"title\":\"\\ud800\x00\"}"))
	f.Fuzz(func(t *testing.T, html string) {
		p, err := ParsePage(address1, []byte(html))
		if err != nil {
			return
		}
		postings, err := JobPostings(p)
		if err == nil && len(postings) == 0 {
			t.Error("neither a posting nor an error")
		}
		for _, posting := range postings {
			check(t, posting)
		}
		outlined(t, html)
	})
}

// check is what every posting must satisfy, wherever it was read.
func check(t *testing.T, p sendwatch.Posting) {
	t.Helper()
	if p.Title == "" || p.Reference == "" || p.URL == "" {
		t.Errorf("incomplete: %+v", p)
	}
	if p.Published != "" {
		if _, err := time.Parse(time.DateOnly, p.Published); err != nil {
			t.Errorf("published %q", p.Published)
		}
	}
	if q := p.StructuredPay; q != nil && (q.Min == nil && q.Max == nil || q.Unit == "" || p.PayText == "") {
		t.Errorf("structured pay %+v", q)
	}
}
