package extract

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sendwatch/sendwatch"
)

func TestRules(t *testing.T) {
	rules, err := NewRules(map[string]string{
		"title": "h1", "reference": "[data-ref]@data-ref", "employer": "dt:contains('School') + dd", "urn": ".urn", "location": ".where",
		"postcode": ".code", "pay": "tr:contains('Salary') td", "hours": ".hours", "contract": ".contract", "dates": ".start",
		"posted": ".posted", "closes": ".closes", "body": "div.text",
	})
	if err != nil {
		t.Fatal(err)
	}
	got, err := rules.Read(mustParse(t, `<h1> Learning
 <em>Mentor</em></h1><p data-ref="R-9"></p><dl><dt>School name</dt><dd>Old Quay</dd></dl><i class="urn">900001</i><i class="where">Quay</i>
<i class="code">ZZ1 2AB</i><table><tr><th>Salary</th><td>£12 &ndash; £13</td></tr></table><i class="hours">30</i><i class="contract">Permanent</i>
<i class="start">January</i><i class="posted">3/11/2026</i><i class="closes">when filled</i><div class="text"><p>One</p></div><div class="text">Two</div>`))
	if err != nil {
		t.Fatal(err)
	}
	want := sendwatch.Posting{
		URL: address1, Title: "Learning Mentor", Reference: "R-9", Employer: "Old Quay", EmployerURN: "900001", Location: "Quay", Postcode: "ZZ1 2AB",
		PayText: "£12 – £13", HoursText: "30", ContractText: "Permanent", DatesText: "January Closing: when filled", Published: "2026-11-03",
		BodyHTML: "<p>One</p>\nTwo",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("posting (-want +got):\n%s", diff)
	}
	if _, err := rules.Read(mustParse(t, "<h2>no</h2>")); !errors.Is(err, ErrNoTitle) {
		t.Errorf("error %v", err)
	}
}

// TestRulesByLabel reads values that no element holds alone.
func TestRulesByLabel(t *testing.T) {
	const page = `<div class=a><p>Salary: £13 an hour</p><p>Term time &ndash; yes</p><p>Permanent post</p><p>Full time:</p></div>
<div class=b><p><strong>Salary:</strong> £14 <em>an hour</em><br><strong>Hours</strong> &ndash; 30 a week <strong>Weeks</strong> 39</p><p><b>Contract</b></p><p>none</p></div>`
	for rule, want := range map[string]string{
		".a p:contains('Salary')":                "£13 an hour",
		`.a p:contains("salary:")`:               "£13 an hour",
		".a p:containsOwn('Term time')":          "yes",
		".a p:contains('Permanent')":             "Permanent post",
		".a p:contains('Full time')":             "",
		".b strong:contains('Salary')@after":     "£14 an hour",
		".b strong:contains('Hours') @after":     "30 a week",
		".b strong:contains('Weeks')@after":      "39",
		".b b:contains('Contract')@after":        "",
		".b p:contains('Salary') strong":         "Salary:",
		".b p:has(strong:contains('Salary')) em": "an hour",
	} {
		rules, err := NewRules(map[string]string{"pay": rule})
		if err != nil {
			t.Fatal(err)
		}
		var got sendwatch.Posting
		if rules.Fill(&got, mustParse(t, page)); got.PayText != want {
			t.Errorf("%s: %q, want %q", rule, got.PayText, want)
		}
	}
}

func TestRulesAreChecked(t *testing.T) {
	_, err := NewRules(map[string]string{"titel": "h1", "body": "div["})
	for _, want := range []string{"titel", "body"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q is missing from %v", want, err)
		}
	}
}

// TestRulesFillIn holds that rules leave alone what the data says, and that without
// a page only the values in quotes are used.
func TestRulesFillIn(t *testing.T) {
	rules, err := NewRules(map[string]string{
		"title": "h1", "employer": `'St Mary's "Old" School'`, "urn": `"900001"`, "hours": ".hours", "closes": "time@datetime", "location": "' Fernbridge '", "body": "''",
	})
	if err != nil || rules.Literal() || !rules.Names("hours") || rules.Names("pay") {
		t.Fatalf("%v, literal %v", err, rules.Literal())
	}
	page := mustParse(t, `<h1>Another</h1><p class=hours>30 a week</p><time datetime="2026-12-01">soon</time>`)
	got := sendwatch.Posting{Title: "Mentor", Location: "Quay"}
	rules.Fill(&got, nil)
	want := sendwatch.Posting{Title: "Mentor", Location: "Quay", Employer: `St Mary's "Old" School`, EmployerURN: "900001"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("without a page (-want +got):\n%s", diff)
	}
	rules.Fill(&got, page)
	want.HoursText, want.Closes = "30 a week", "2026-12-01"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("with a page (-want +got):\n%s", diff)
	}
	read, err := rules.Read(page)
	if err != nil || read.Title != "Another" || read.Employer != want.Employer || read.Location != "Fernbridge" {
		t.Errorf("read %+v, %v", read, err)
	}
}

func FuzzRules(f *testing.F) {
	f.Add("tr:contains('Salary') td", "<table><tr><td>Salary<td>x</table>")
	f.Add("a@href", "<a href='/x'>y</a>")
	f.Add("'a value'", "")
	f.Add("h1:not(:has(b, :contains(\")", "<h1><b></b></h1>")
	f.Fuzz(func(t *testing.T, selector, html string) {
		rules, err := NewRules(map[string]string{"title": selector, "body": selector, "closes": selector})
		if err != nil {
			return
		}
		p, err := ParsePage(address1, []byte(html))
		if err != nil {
			return
		}
		if posting, err := rules.Read(p); err == nil {
			check(t, posting)
		}
	})
}

func TestClosed(t *testing.T) {
	tests := []struct {
		html string
		want bool
	}{
		{"<h1>This vacancy has closed</h1>", true},
		{"<div>This job post has expired.</div>", true},
		{"<p>Sorry, this job is no longer available</p>", true},
		{"<p>Applications for this post are now closed.</p>", true},
		{"<p>This position has been filled.</p>", true},
		{"<p>The vacancy you are looking for has expired</p>", true},
		{"<strong>This role has now closed to applications</strong>", true},
		{"<p>No longer accepting applications</p>", true},
		{"<p>Applications are now closed</p>", true},
		{"<p>We’re sorry, this job is no longer available.</p>", true},
		{"<p>The job you are trying to view has expired</p>", true},
		{"<p>The closing date for this post has now passed</p>", true},
		{"<p>The application deadline has passed.</p>", true},
		{"<p>This advert expired on 3 November 2026</p>", true},
		{"<p>Applications for this job closed on 1 November</p>", true},
		{"<p>This vacancy <b>has closed</b>.</p>", true},
		{"<p><b>Important</b> <span>This vacancy has closed.</span></p>", true},
		{"<p>Thank you. This vacancy has been withdrawn. <a href=/>See others</a></p>", true},
		{"<p>You can no longer apply for this job.</p>", true},
		{"<p>We are not taking applications for this role any more.</p>", true},
		{"<div><h1>Teaching Assistant</h1><span>Vacancy closed</span></div>", true},
		{"<header><h1>Teaching Assistant</h1><p class=badges><span>Filled fast</span></p><p>Position filled</p></header>", true},
		{"<ul><li><h3>Another post</h3><p>Position filled</p></li></ul>", false},
		{"<table><tr><td>Sunday</td><td>Closed</td></tr></table>", false},
		{"<p>Once <b>this vacancy has closed</b> we will write</p>", false},
		{"<p>Applications that come after <i>the closing date has passed.</i></p>", false},
		{"<p>The post you are applying for has ended up larger</p>", false},
		{"<p>Applications are closed to nobody</p>", false},
		{"<p>This vacancy will close on Friday</p>", false},
		{"<p>We may close this vacancy early, once this vacancy has closed we will write to you.</p>", false},
		{"<p>This role is filled with variety and this position has closed-loop feedback</p>", false},
		{"<p>This position is closely linked to our SEMH base</p>", false},
		{"<p>If this vacancy has closed, see our others</p>", false},
		{"<script>var t = 'This vacancy has closed'</script>", false},
		{"<template><p>This vacancy has closed</p></template>", false},
		{`<p style="display: none">This vacancy has closed</p>`, false},
		{"<p hidden>This vacancy has closed</p>", false},
		{"<aside><p>This vacancy has closed</p></aside>", false},
		{"<p>This vacancy has closed " + strings.Repeat("and so on ", 30) + "</p>", false},
		{"<h1>Teaching Assistant</h1>", false},
	}
	for _, tt := range tests {
		words, err := Closed(mustParse(t, tt.html))
		if got := words != ""; err != nil || got != tt.want {
			t.Errorf("%s: %v (%q, %v), want %v", tt.html, got, words, err, tt.want)
		}
	}
}

func TestReference(t *testing.T) {
	for in, want := range map[string][2]string{
		"https://jobs.test/job/3151":            {"3151", "job/3151"},
		"https://jobs.test/job/3151/":           {"3151", "job/3151"},
		"https://jobs.test/3151":                {"3151", "3151"},
		"https://jobs.test/a/b/3151":            {"a/b/3151", "a/b/3151"},
		"https://jobs.test/job.aspx?id=7&x=a/b": {"job.aspx?id=7&x=a/b", "job.aspx?id=7&x=a/b"},
		"https://jobs.test/job/1#posting-2":     {"1#posting-2", "job/1#posting-2"},
		"https://jobs.test/":                    {"jobs.test", "jobs.test"},
	} {
		if got := Reference(in); got != want[0] {
			t.Errorf("Reference(%q) = %q, want %q", in, got, want[0])
		}
		if got := WholeReference(in); got != want[1] {
			t.Errorf("WholeReference(%q) = %q, want %q", in, got, want[1])
		}
	}
}
