package place

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestReadPutsTheStatedPostcodeFirst(t *testing.T) {
	g := gazetteer(t)
	for _, tt := range []struct {
		q     Query
		sites string
		note  string
	}{
		{Query{Postcode: "LS1", Location: "Leeds and Bradford"}, "LS1 + Bradford", "several places: LS1 and Bradford."},
		{Query{Postcode: "BD1 1AA", Location: "Leeds and Bradford"}, "BD1 1AA + Leeds", "several places"},
		{Query{Postcode: "TR1", Location: "Leeds and Bradford"}, "TR1", ""},
		{Query{Postcode: "RG41", Location: "Wokingham"}, "RG41", ""},
		{Query{Postcode: "TR1", Location: "Wokingham"}, "TR1", "The postcode TR1 is 2"},
		{Query{Location: "TR1 2AB, Wokingham"}, "TR1 2AB", "miles from Wokingham"},
		{Query{Location: "Ashford"}, "", "“Ashford” may be Ashford (Kent) or Ashford (Surrey); the text does not tell."},
		{Query{Location: "Wokingham, Scotland"}, "Scotland", "“Wokingham” does not lie in Scotland."},
		{Query{Location: "Wokingham Primary School"}, "Wokingham", "only read from the name"},
		{Query{Location: "Hudersfield"}, "Huddersfield", "“Hudersfield” is read as Huddersfield."},
		{Query{Location: "Loughborugh, Kent"}, "Kent", ""},
		{Query{Location: "London: Hackney and Camden"}, "Hackney + Camden", "several places"},
		{Query{Location: "Leeds, Bradford and Leeds city centre"}, "Leeds + Bradford", "several places"},
		{Query{Location: "LS1, Bradford and Wakefield"}, "LS1 + Bradford + Wakefield", "several places"},
		{Query{Location: "RG41 2AB, RG41, RG41 2"}, "RG41 2AB", ""},
	} {
		p, notes := g.Read(tt.q)
		if got := siteNames(p); got != tt.sites {
			t.Errorf("%+v is at %q, want %q", tt.q, got, tt.sites)
		}
		if note := strings.Join(notes, " "); !strings.Contains(note, tt.note) || tt.note == "" && note != "" {
			t.Errorf("%+v has the notes %q, want %q", tt.q, note, tt.note)
		}
	}
}

func siteNames(p *Place) string {
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

// TestEveryTownWithItsCouncil reads every town of the gazetteer together with its
// council: it is found there, or nothing is, but never elsewhere.
func TestEveryTownWithItsCouncil(t *testing.T) {
	g := gazetteer(t)
	wrong, found, all := 0, 0, 0
	for _, key := range slices.Sorted(maps.Keys(g.towns)) {
		for _, t0 := range g.towns[key] {
			if t0.authority == "" || t0.authority == key || t0.short {
				continue
			}
			all++
			text := fmt.Sprintf("%s, %s", t0.name, titled(t0.authority))
			p := g.Resolve(Query{Location: text})
			if !p.Located() || p.Sites != nil || p.Name != t0.name {
				continue
			}
			found++
			same := func(o point) bool { return o.miles(point{p.Lat, p.Lon}) <= 2*compactMiles }
			if !same(t0.at) && !slices.ContainsFunc(g.towns[key], func(o town) bool { return o.authority == t0.authority && same(o.at) }) {
				wrong++
				t.Errorf("%q was found at %.4f,%.4f, not at %.4f,%.4f", text, p.Lat, p.Lon, t0.at.lat, t0.at.lon)
			}
		}
	}
	if found < all*8/10 {
		t.Errorf("%d of %d were found", found, all)
	}
	t.Logf("%d of %d found, %d wrong", found, all, wrong)
}

// cities are far apart and of one name each.
var cities = []string{"Leeds", "Norwich", "Exeter", "Cardiff", "Glasgow", "Belfast", "Carlisle", "Brighton", "Nottingham", "Liverpool"}

func TestListsKeepEveryPlace(t *testing.T) {
	g := gazetteer(t)
	rapid.Check(t, func(t *rapid.T) {
		list := rapid.Permutation(cities).Draw(t, "cities")[:rapid.IntRange(2, 6).Draw(t, "n")]
		joint := rapid.SampledFrom([]string{"and", "or", "&"}).Draw(t, "joint")
		before := rapid.SampledFrom([]string{"", "Across ", "Schools in ", "near "}).Draw(t, "before")
		text := before + enumerate(list, joint)
		p := g.Resolve(Query{Location: text})
		if got, want := siteNames(p), strings.Join(list, " + "); got != want {
			t.Fatalf("%q is at %q, want %q", text, got, want)
		}
		if p.Near != (before == "near ") {
			t.Fatalf("%q: near is %v", text, p.Near)
		}
	})
}

func FuzzRead(f *testing.F) {
	for _, seed := range []string{"RG41 2AB", "RH191", "Newport, Wales", "St. John's, (near) Leeds & Bradford", "Ünïted", "'", "&", "1:1", "a,b;c|d",
		"London Borough of Hackney and LB Camden", "Newry, Mourne and Down", "Hudersfield/Halifax + Wakefeild", "M1 1AE / M14 5RX", "between Oxford and Banbury"} {
		f.Add(seed, "")
	}
	f.Add("Ashford and Bangor", "RG41")
	f.Fuzz(func(t *testing.T, location, postcode string) {
		p, notes := gazetteer(t).Read(Query{Location: location, Postcode: postcode})
		for _, note := range notes {
			if len(note) > 2*maxText || strings.Contains(note, "nil") && !strings.Contains(strings.ToLower(location), "nil") {
				t.Errorf("note %q", note)
			}
		}
		if p == nil {
			return
		}
		sites := p.Sites
		if sites == nil {
			sites = []Place{*p}
		} else if len(sites) < 2 || sites[0].Label() != p.Label() {
			t.Errorf("the sites %+v do not begin with %+v", sites, p)
		}
		for i := range sites {
			s := &sites[i]
			switch {
			case s.Postcode == "" && s.Name == "":
				t.Errorf("%+v has neither postcode nor name", s)
			case s.Lat < 49 || s.Lat > 61.5 || s.Lon < -9 || s.Lon > 2.5:
				t.Errorf("%+v lies outside the British Isles", s)
			case i > 0 && s.Sites != nil, s.Located() == (s.Radius > 0):
				t.Errorf("%+v is no site", s)
			}
		}
	})
}
