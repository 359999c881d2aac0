package normalise_test

import (
	"strings"
	"testing"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/place"
)

func TestPlaceFromTheAdvert(t *testing.T) {
	n := normaliser(t)
	for _, tt := range []struct {
		name string
		p    sendwatch.Posting
		want string // places, joined by " + "
		note string
	}{
		{"the source's own postcode", sendwatch.Posting{Location: "Wokingham, RG41 2AB", BodyText: "Location: Leeds, LS6 2QA"}, "RG41 2AB", ""},
		{"a labelled address", sendwatch.Posting{Location: "Wokingham", BodyText: "Location: Larch School, Reading Road, Wokingham, RG41 2AB\n\nSalary: £95 a day"}, "RG41 2AB", ""},
		{"a label on a line of its own", sendwatch.Posting{BodyHTML: "<p><b>Place of work</b></p><p>Larch School, Wokingham</p>"}, "Wokingham", ""},
		{"one post listed under the towns around it", sendwatch.Posting{Location: "Exeter, Devon", Postcode: "EX4", BodyText: "Location: Larch School, Truro TR1 2AB"}, "TR1 2AB", "The source lists it under EX4; the advert's text puts it at TR1 2AB."},
		{"a second site", sendwatch.Posting{Location: "Crewe, CW1 2DB", BodyText: "Locations: Larch School CW1 2DB and Elm School ST4 3AY"}, "CW1 2DB + ST4 3AY", "several places"},
		{"another town, no address", sendwatch.Posting{Location: "Exeter, Devon", BodyText: "Location: Truro"}, "Exeter", ""},
		{"a list where the source has one", sendwatch.Posting{Location: "Leeds", BodyText: "Location: Leeds, Bradford and Wakefield"}, "Leeds + Bradford + Wakefield", "several places"},
		{"a borough where the source says London", sendwatch.Posting{Location: "London", BodyText: "Location: London Borough of Hackney"}, "Hackney", ""},
		{"a town of the source's county", sendwatch.Posting{Location: "Kent", BodyText: "Location: Ashford"}, "Ashford", ""},
		{"a town of no such county", sendwatch.Posting{Location: "Kent", BodyText: "Location: Carlisle"}, "Kent", ""},
		{"a school's own address", sendwatch.Posting{Location: "Wokingham", EmployerKind: sendwatch.EmployerSchool, BodyText: "Larch School, Reading Road, Wokingham RG41 2AB\n\nA happy school."}, "RG41 2AB", ""},
		{"two addresses", sendwatch.Posting{Location: "Wokingham", EmployerKind: sendwatch.EmployerSchool, BodyText: "Larch School, RG41 2AB\n\nElm School, RG40 1AA"}, "Wokingham", ""},
		{"where to apply", sendwatch.Posting{Location: "Wokingham", EmployerKind: sendwatch.EmployerSchool, BodyText: "Please return applications to the office, RG41 2AB."}, "Wokingham", ""},
		{"a far address", sendwatch.Posting{Location: "Wokingham", EmployerKind: sendwatch.EmployerSchool, BodyText: "Our trust is at 1 Mill Lane, LS6 2QA."}, "Wokingham", ""},
		{"an agency's address", sendwatch.Posting{Location: "Wokingham", EmployerKind: sendwatch.EmployerAgency, BodyText: "Find us at 1 Mill Lane, Reading RG1 2AB."}, "Wokingham", ""},
		{"a title", sendwatch.Posting{Title: "SEN Teaching Assistant (Plymouth)"}, "Plymouth", ""},
		{"a title in London", sendwatch.Posting{Title: "SEN TA - Hackney - Autism", Location: "London"}, "Hackney", ""},
		{"two boroughs in a title", sendwatch.Posting{Title: "SEN TA - Kingston/Sutton", Location: "London"}, "Kingston upon Thames + Sutton", "several places"},
		{"a title of ordinary words", sendwatch.Posting{Title: "Teaching Assistant - Reading"}, "", ""},
		{"a title in the county", sendwatch.Posting{Title: "LSA, Maidstone", Location: "Kent"}, "Maidstone", ""},
		{"a title out of the county", sendwatch.Posting{Title: "LSA, Carlisle", Location: "Kent"}, "Kent", ""},
		{"an ambiguous name", sendwatch.Posting{Location: "Ashford"}, "", "“Ashford” may be Ashford (Kent) or Ashford (Surrey); the text does not tell."},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := n.Read(&tt.p)
			if got := placeNames(r.Place); got != tt.want {
				t.Errorf("read %q, want %q", got, tt.want)
			}
			if notes := strings.Join(r.Notes, " "); !strings.Contains(notes, tt.note) || tt.note == "" && notes != "" {
				t.Errorf("notes %q, want %q", notes, tt.note)
			}
		})
	}
}

func placeNames(p *place.Place) string {
	if p == nil {
		return ""
	}
	if p.Sites == nil {
		return p.Label()
	}
	var names []string
	for i := range p.Sites {
		names = append(names, p.Sites[i].Label())
	}
	return strings.Join(names, " + ")
}
