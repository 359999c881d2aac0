package normalise_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/document"
	"github.com/sendwatch/sendwatch/taxonomy"
)

// FuzzRead reads any text as a posting in every form, and holds the reading to
// what Reading promises.
func FuzzRead(f *testing.F) {
	f.Add("SEN Teaching Assistant", "<p>Essential</p><ul><li>GCSE English or Maths</li></ul>", "Salary: £95 - £120 per day\nHours: 30", "Leeds, LS1")
	f.Add("Midday / Relief LSA", "|E|D|\n|a|b|", "JOB DESCRIPTION\n\n\ti.\n\tx", "\xff")
	f.Add("", "", "", "")
	f.Add("graduate (((", "<table><tr><td>Essential<td>Desirable<tr><td>x<td>y", "a: b\n- c", "SW1A 1AA")
	n := normaliser(f)
	f.Fuzz(func(t *testing.T, title, html, text, location string) {
		for _, p := range []sendwatch.Posting{
			{Title: title, Location: location, BodyHTML: html, PayText: text},
			{Title: title, Location: location, BodyMarkdown: text, Employer: title},
			{Title: title, Postcode: location, BodyText: text, Closes: location, DatesText: title},
		} {
			r := n.Read(&p)
			sound(t, &r)
			if diff := cmp.Diff(r, n.Explain(&p).Reading); diff != "" {
				t.Fatalf("read twice:\n%s", diff)
			}
		}
		for _, p := range n.Split("a.txt", document.FromText(text)) {
			r := n.Read(&p)
			sound(t, &r)
		}
	})
}

// sound fails the test when r breaks what a Reading promises.
func sound(t *testing.T, r *sendwatch.Reading) {
	t.Helper()
	switch r.Scope {
	case sendwatch.ScopeIn, sendwatch.ScopeAdjacent, sendwatch.ScopeOut:
	default:
		t.Fatalf("scope %q", r.Scope)
	}
	if r.ScopeReason == "" || r.Kind == "" {
		t.Fatalf("kind %q, scope reason %q", r.Kind, r.ScopeReason)
	}
	groups := map[int]bool{}
	for i := range r.Requirements {
		if g := r.Requirements[i].AnyOfGroup; g != nil {
			groups[*g] = true
		}
	}
	for _, c := range r.Choices {
		if !groups[c.Group] {
			t.Fatalf("a choice of group %d, which nothing is in", c.Group)
		}
	}
	seen := map[string]bool{}
	for _, q := range r.Requirements {
		if seen[q.ID] {
			t.Fatalf("requirement %s twice", q.ID)
		}
		seen[q.ID] = true
		if q.Level != taxonomy.Essential && q.Level != taxonomy.Desirable {
			t.Fatalf("requirement %s of level %q", q.ID, q.Level)
		}
	}
	if strings.ContainsRune(r.Title, '\n') {
		t.Fatalf("title %q", r.Title)
	}
}
