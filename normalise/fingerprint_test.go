package normalise_test

import (
	"strings"
	"testing"

	"github.com/sendwatch/sendwatch"
)

const longText = "We are looking for a calm person to support a small group of pupils who find mornings hard. " +
	"You will meet them at the gate, walk with them to class and stay until they have settled. " +
	"You will write a short note each day for the class teacher, and talk to parents when asked to."

func TestFingerprint(t *testing.T) {
	base := sendwatch.Posting{Title: "Learning Mentor", Employer: "Mill Lane Agency", Location: "Salisbury, Wiltshire", Postcode: "SP2 7", BodyText: longText}
	tests := []struct {
		name string
		edit func(*sendwatch.Posting)
		same bool
	}{
		{"nothing changed", func(*sendwatch.Posting) {}, true},
		{"reposted under another id", func(p *sendwatch.Posting) { p.Reference = "2" }, true},
		{"title in other letters", func(p *sendwatch.Posting) { p.Title = "LEARNING  mentor" }, true},
		{"one text under another title", func(p *sendwatch.Posting) { p.Title = "Learning Mentor Amesbury" }, false},
		{"as markup", func(p *sendwatch.Posting) {
			p.BodyText, p.BodyHTML = "", "<div><p>"+strings.ReplaceAll(longText, ". ", ".</p>\n\n<p>")+"</p></div>"
		}, true},
		{"location in one line", func(p *sendwatch.Posting) {
			p.Postcode, p.Location = "", "Salisbury, Wiltshire, SP2 7"
		}, true},
		{"postcode without its space", func(p *sendwatch.Posting) { p.Postcode = "SP27" }, true},
		{"another town", func(p *sendwatch.Posting) { p.Location, p.Postcode = "Andover, Hampshire", "SP10 1" }, false},
		{"another employer", func(p *sendwatch.Posting) { p.Employer = "Hill Lane Agency" }, false},
		{"another sentence", func(p *sendwatch.Posting) { p.BodyText += " The post is for one year." }, false},
	}
	n := normaliser(t)
	want := n.Read(&base).Fingerprint
	if want == "" {
		t.Fatal("no fingerprint")
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := base
			tt.edit(&p)
			if got := n.Read(&p).Fingerprint; (got == want) != tt.same {
				t.Errorf("got %s, first %s, want same %v", got, want, tt.same)
			}
		})
	}
}

func TestFingerprintWithoutAPlace(t *testing.T) {
	n := normaliser(t)
	read := func(location string) string {
		return n.Read(&sendwatch.Posting{Title: "Learning Mentor", Employer: "Mill Lane Agency", Location: location, BodyText: longText}).Fingerprint
	}
	want := read("")
	for _, location := range []string{"Not Specified", "Not Specified, Not Specified", "England, United Kingdom"} {
		if got := read(location); got != want {
			t.Errorf("%q gives another fingerprint than no location", location)
		}
	}
	if read("Upper Nowhere") == want {
		t.Error("an unknown town gives the fingerprint of no location")
	}
}

func TestFingerprintOfThinText(t *testing.T) {
	n := normaliser(t)
	thin := sendwatch.Posting{Title: "Learning Mentor", Employer: "Mill Lane Agency", Location: "Leeds", BodyText: "Apply now."}
	if got := n.Read(&thin).Fingerprint; got != "" {
		t.Errorf("got %q for a text that tells nothing apart", got)
	}
	short := sendwatch.Posting{Title: "Learning Mentor for the north of the city", Employer: "Mill Lane Agency", Location: "Leeds", BodyText: longText[:150]}
	other := short
	other.Title = "Learning Mentor for the south of the city"
	a, b := n.Read(&short).Fingerprint, n.Read(&other).Fingerprint
	if a == "" || a == b {
		t.Errorf("got %q and %q: the titles of short texts must count", a, b)
	}
}
