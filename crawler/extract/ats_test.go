package extract

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sendwatch/sendwatch"
)

// TestATSFeedsAreLenient holds what the national service's own fixtures for these
// feeds have to bear: declarations with escaped quotes, elements closed in another
// case or not at all, trustId for trustUID, words where a value of a list belongs,
// lists as JSON and as words, no school but a trust.
func TestATSFeedsAreLenient(t *testing.T) {
	want := sendwatch.Posting{Reference: "R1", URL: "https://ats.test/1", Title: "SEMH Mentor", PayText: "£13 an hour", BodyHTML: "<p>Calm &amp; kind.</p>"}
	with := func(change func(*sendwatch.Posting)) sendwatch.Posting {
		p := want
		change(&p)
		return p
	}
	const rest = `<advertUrl>https://ats.test/1</advertUrl><jobTitle>SEMH Mentor</jobTitle><salary>&pound;13 an hour</salary><jobAdvert><![CDATA[<p>Calm &amp; kind.</p>]]></jobAdvert>`
	items := func(s string) string { return "<items><item>" + s + rest + "</item></items>" }
	tests := []struct {
		name, system, feed string
		want               sendwatch.Posting
	}{
		{"plain", Broadbean, items("<reference>R1</reference>"), want},
		{"declaration with escaped quotes", Broadbean, `<?xml version=\"1.0\" encoding=\"UTF-8\"?>` + items("<reference> R1 </reference>"), want},
		{"closed in another case", Broadbean, items("<Reference>R1</reference><PHASE>primary</phase>"), with(func(p *sendwatch.Posting) {
			p.BodyHTML += "\n<dl>\n<dt>Phase</dt><dd>Primary</dd>\n</dl>"
		})},
		{"an empty element", Broadbean, items("<reference>R1</reference><subjects/><title/>"), want},
		{"said twice", Broadbean, items("<reference></reference><reference>R1</reference><reference>R2</reference>"), want},
		{"comments and instructions", Broadbean, "<!-- made today -->" + items("<reference>R1</reference><!-- <reference>R2</reference> --><?x y?>"), want},
		{"words in place of a value", Broadbean, items("<reference>R1</reference><phase>Incorrect value provided</phase><jobRole>, ,</jobRole>"), want},
		{"trustId and blank schools", Broadbean, items("<reference>R1</reference><schoolUrns> </schoolUrns><trustId>12</trustId>"), with(func(p *sendwatch.Posting) { p.EmployerKind = "trust" })},
		{"one school twice", Broadbean, items("<reference>R1</reference><schoolUrns>900001, 900001</schoolUrns>"), with(func(p *sendwatch.Posting) { p.EmployerURN, p.EmployerKind = "900001", "school" })},
		{"schools without a trust", Broadbean, items("<reference>R1</reference><schoolUrns>900001,900002</schoolUrns>"), with(func(p *sendwatch.Posting) { p.EmployerKind = "school" })},
		{"not closed at all", VacancyPoster, "<channel><item>" + rest + "<reference>R1</item><item><reference>R2</item></channel>", want},
		{"nor the item", VacancyPoster, "<rss><channel><item><reference>R1</reference>" + rest + "<item><reference>R2</reference></channel></rss>", want},
		{"markup that was not escaped", Ventrus, `<rss><channel><item><link>ats.test/1</link><a10:content><Vacancy><VacancyID>R1</VacancyID><Vacancy_title>SEMH <b>Mentor</b></Vacancy_title>
			<Salary>&amp;pound;13 an hour</Salary><Advert_text><p>Calm &amp;amp; kind.</p></Advert_text></Vacancy></a10:content></item></channel></rss>`, want},
		{"JSON of other cases and kinds", Fusion, `[{"Reference": "R1", "ADVERTURL": "https://ats.test/1", "jobTitle": ["SEMH Mentor"], "salary": "£13 an hour", "jobAdvert": "&lt;p&gt;Calm &amp;amp; kind.&lt;/p&gt;", "phase": null, "keyStages": {}}]`, want},
		{"JSON lists", Fusion, `[{"reference": "R1", "advertUrl": "https://ats.test/1", "jobTitle": "SEMH Mentor", "salary": "£13 an hour", "jobAdvert": "<p>Calm &amp; kind.</p>", "schoolUrns": [900001, 900002], "trustUID": "7", "keyStages": ["ks1", "early_years"]}]`,
			with(func(p *sendwatch.Posting) {
				p.EmployerKind, p.BodyHTML = "trust", p.BodyHTML+"\n<dl>\n<dt>Key stage</dt><dd>KS1, Early years</dd>\n</dl>"
			})},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			records, err := ReadATS(tt.system, []byte(tt.feed))
			if err != nil || len(records) == 0 {
				t.Fatalf("%d records, error %v", len(records), err)
			}
			got, err := records[0].Posting()
			if diff := cmp.Diff(tt.want, got); err != nil || diff != "" {
				t.Errorf("error %v, posting (-want +got):\n%s", err, diff)
			}
		})
	}
}

func TestATSFeedsThatAreNone(t *testing.T) {
	for _, tt := range []struct{ system, feed string }{
		{Broadbean, ""}, {Broadbean, "We will be back soon."}, {Broadbean, "<html><body>Sorry</body></html>"}, {Broadbean, "<rss><channel></channel></rss>"},
		{Broadbean, "<items><item><reference>1</reference></item>"}, {Ventrus, "<items></items>"}, {VacancyPoster, "<channel>"},
		{Broadbean, "<items>" + strings.Repeat("<item></item>", maxFeed+1) + "</items>"},
		{Fusion, ""}, {Fusion, "null"}, {Fusion, "{}"}, {Fusion, `[{"reference": "1"}`}, {Fusion, "[" + strings.Repeat("1,", maxFeed) + "1]"}, {"other", "<items></items>"},
	} {
		if records, err := ReadATS(tt.system, []byte(tt.feed)); err == nil || len(records) > 0 {
			t.Errorf("%s %.40q: %d records, error %v", tt.system, tt.feed, len(records), err)
		}
	}
	for _, tt := range []struct{ system, feed string }{{Broadbean, "<items/><items></items>"}, {Ventrus, "<rss><channel></channel></rss>"}, {VacancyPoster, "<channel></channel>"}, {Fusion, "[]"}} {
		if records, err := ReadATS(tt.system, []byte(tt.feed)); err != nil || len(records) > 0 {
			t.Errorf("empty %s: %d records, error %v", tt.system, len(records), err)
		}
	}
}

func TestATSRecordsSayWhatTheyLack(t *testing.T) {
	for lack, want := range map[string]string{"reference": "no reference", "advertUrl": "no address", "jobTitle": "no title"} {
		feed := strings.ReplaceAll(`<items><item><reference>R1</reference><advertUrl>https://ats.test/1</advertUrl><jobTitle>T</jobTitle></item></items>`, lack, "other")
		records, err := ReadATS(Broadbean, []byte(feed))
		if err != nil {
			t.Fatal(err)
		}
		if p, err := records[0].Posting(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("without %s: %+v, %v", lack, p, err)
		}
		if got := string(records[0].Raw); !strings.HasPrefix(got, "<item>") || !strings.HasSuffix(got, "</item>") {
			t.Errorf("raw %q", got)
		}
	}
	for _, address := range []string{"javascript:alert(1)", "https://", "nowhere", "ftp://ats.test/1", "https://ats.test/" + strings.Repeat("x", maxAddress)} {
		records, err := ReadATS(Fusion, fmt.Appendf(nil, `[{"reference": "1", "jobTitle": "T", "advertUrl": %q}]`, address))
		if err != nil {
			t.Fatal(err)
		}
		if p, err := records[0].Posting(); err == nil {
			t.Errorf("%.60q is no address: %+v", address, p.URL)
		}
	}
	if _, err := (&ATSRecord{}).Posting(); errors.Is(err, ErrNoTitle) || err == nil {
		t.Errorf("an empty record: %v", err)
	}
}

func FuzzATS(f *testing.F) {
	f.Add(Broadbean, `<items><item><reference>1</reference><jobAdvert><p>x</jobAdvert></item><item></items>`)
	f.Add(Ventrus, `<rss><item><a10:content><vacancy><URN>900001<![CDATA[ ]]></URN></vacancy></item></rss>`)
	f.Add(Fusion, `[{"reference": [[1]], "schoolUrns": {"a": 1}}, 3, null]`)
	f.Fuzz(func(t *testing.T, system, feed string) {
		records, err := ReadATS(system, []byte(feed))
		if err != nil && len(records) > 0 {
			t.Error("half a list beside an error")
		}
		for _, r := range records {
			if !strings.Contains(feed, string(r.Raw)) {
				t.Errorf("raw %q is not in the feed", r.Raw)
			}
			if p, err := r.Posting(); err == nil {
				check(t, p)
			}
		}
	})
}
