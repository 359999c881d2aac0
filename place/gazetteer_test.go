package place

import (
	"errors"
	"math"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"pgregory.net/rapid"
)

// loadReal gives the gazetteer of the repository, loaded once.
var loadReal = sync.OnceValues(func() (*Gazetteer, error) { return Load(os.DirFS("../configs")) })

func gazetteer(tb testing.TB) *Gazetteer {
	tb.Helper()
	g, err := loadReal()
	if err != nil {
		tb.Fatal(err)
	}
	return g
}

func TestLoadCountsItsFiles(t *testing.T) {
	g := gazetteer(t)
	if got, want := len(g.sectors), 12_269; got != want {
		t.Errorf("sectors = %d, want %d", got, want)
	}
	if got := len(g.outcodes); got < 2_900 || got > 3_200 {
		t.Errorf("outcodes = %d, want about 3,000", got)
	}
}

func TestLoadRefusesDamagedFiles(t *testing.T) {
	good := fstest.MapFS{
		sectorsFile: {Data: []byte("sector,lat,lon\nRG41 1,51.4,-0.8\n")},
		placesFile:  {Data: []byte("place,nation,authority,lat,lon,population\nWokingham,England,Wokingham,51.4,-0.8,38284\n")},
		aliasesFile: {Data: []byte("alias,of,authority,kind\nWoky,Wokingham,,\n")},
		regionsFile: {Data: []byte("region,lat,lon,radius\nBerkshire,51.4,-1.0,26\n")},
	}
	if _, err := Load(good); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ name, file, data, want string }{
		{"missing", sectorsFile, "", sectorsFile},
		{"header", regionsFile, "name,lat,lon,radius\n", "header"},
		{"number", placesFile, "place,nation,authority,lat,lon,population\nA,England,B,x,1,\n", "line 2"},
		{"people", placesFile, "place,nation,authority,lat,lon,population\nA,England,B,1,1,many\n", "line 2"},
		{"radius", regionsFile, "region,lat,lon,radius\nA,1,1,\n", "line 2"},
		{"sector", sectorsFile, "sector,lat,lon\nRG411,51,0\n", "no space"},
		{"alias", aliasesFile, "alias,of,authority,kind\nX,Nowhere,,\n", "neither"},
		{"columns", aliasesFile, "alias,of,authority,kind\nX,Y\n", aliasesFile},
	} {
		t.Run(tt.name, func(t *testing.T) {
			bad := fstest.MapFS{}
			for k, v := range good {
				bad[k] = v
			}
			delete(bad, tt.file)
			if tt.data != "" {
				bad[tt.file] = &fstest.MapFile{Data: []byte(tt.data)}
			}
			_, err := Load(bad)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error = %v, want one that names %q", err, tt.want)
			}
		})
	}
}

func TestResolve(t *testing.T) {
	for _, tt := range []struct {
		in        string
		precision Precision // empty: nothing is known
		is        string    // postcode, or name
		near      string    // an outcode within 6 miles, for towns
	}{
		{"RG41 2AB", Sector, "RG41 2AB", ""},
		{"rg412ab", Sector, "RG41 2AB", ""},
		{" rg 41  2ab ", Sector, "RG41 2AB", ""},
		{"RH191", Sector, "RH19 1", ""},
		{"RH19 1", Sector, "RH19 1", ""},
		{"SW1A 1AA", Sector, "SW1A 1AA", ""},
		{"RG41", Outcode, "RG41", ""},
		{"RG4 1", Outcode, "RG4 1", ""}, // a sector without a centre falls back
		{"RG4 8", Sector, "RG4 8", ""},
		{"RG41 9ZZ", Outcode, "RG41 9ZZ", ""},
		{"ZZ9 9ZZ", "", "", ""},
		{"Maple School, Reading Road, Wokingham, RG41 2AB", Sector, "RG41 2AB", ""},
		{"Wokingham RG41", Outcode, "RG41", ""},
		{"Wokingham, Berkshire", Town, "Wokingham", "RG41"},
		{"WOKINGHAM", Town, "Wokingham", "RG41"},
		{"Newport, Wales", Town, "Newport", "NP20"},
		{"Newport, Isle of Wight", Town, "Newport", "PO30"},
		{"Newport", Town, "Newport", "NP20"},
		{"Richmond, London", Town, "Richmond", "TW9"},
		{"Richmond (North Yorkshire)", Town, "Richmond", "DL10"},
		{"Gillingham, Kent", Town, "Gillingham", "ME7"},
		{"Gillingham - Dorset", Town, "Gillingham", "SP8"},
		{"Ashford, Middlesex", Town, "Ashford", "TW15"},
		{"Ashford, Kent", Town, "Ashford", "TN23"},
		{"Blackburn, West Lothian", Town, "Blackburn", "EH47"},
		{"Bradfield, Berkshire", Town, "Bradfield", "RG7"},
		{"Newcastle", Town, "Newcastle upon Tyne", "NE1"},
		{"Newcastle, County Down", Town, "Newcastle", "BT33"},
		{"Hull", Town, "Kingston upon Hull", "HU1"},
		{"Stoke", Town, "Stoke-on-Trent", "ST1"},
		{"Southend", Town, "Southend-on-Sea", "SS1"},
		{"near Leeds", Town, "Leeds", "LS1"},
		{"Reading area", Town, "Reading", "RG1"},
		{"just outside Guildford, Surrey", Town, "Guildford", "GU1"},
		{"Leeds, Bradford and Wakefield", Town, "Leeds", "LS1"},
		{"Leeds and Bradford", Town, "Leeds", "LS1"},
		{"Surrey, Guildford", Town, "Guildford", "GU1"},
		{"St. Helens", Town, "St Helens", "WA10"},
		{"Saint Albans", Town, "St Albans", "AL1"},
		{"Kings Lynn", Town, "King's Lynn", "PE30"},
		{"King’s Lynn", Town, "King's Lynn", "PE30"},
		{"Brighton & Hove", Town, "Brighton and Hove", "BN1"},
		{"Birmingham, West Midlands", Town, "Birmingham", "B1"},
		{"Sandwell", Town, "Sandwell", "B71"},
		{"Tower Hamlets", Town, "Tower Hamlets", "E3"},
		{"London", Town, "London", "WC2N"},
		{"Hook Lane, Wokingham", Town, "Wokingham", "RG41"},
		{"Wokingham Primary School", Town, "Wokingham", "RG41"},
		{"off the M4, Reading", Town, "Reading", "RG1"},
		{"Greater London", Region, "Greater London", ""},
		{"North East", Region, "North East", ""},
		{"West Midlands", Region, "West Midlands", ""},
		{"Wales", Region, "Wales", ""},
		{"Kent", Region, "Kent", ""},
		{"Surrey / Hampshire", Region, "Surrey", ""},
		{"Newport, Scotland", Town, "Newport-on-Tay", "DD6"},
		{"Wokingham, Scotland", Region, "Scotland", ""}, // no such town there
		{"Nationwide", Region, "United Kingdom", ""},
		{"to be confirmed", "", "", ""},
		{"", "", "", ""},
		{"\xff\xfe, ,,", "", "", ""},
	} {
		t.Run(tt.in, func(t *testing.T) {
			g := gazetteer(t)
			got := g.Resolve(Query{Location: tt.in})
			if tt.precision == "" {
				if got != nil {
					t.Fatalf("got %+v, want nothing", got)
				}
				return
			}
			if got == nil {
				t.Fatalf("got nothing, want %s %s", tt.precision, tt.is)
			}
			if got.Precision != tt.precision || got.Postcode+got.Name != tt.is {
				t.Errorf("got %s %q, want %s %q", got.Precision, got.Postcode+got.Name, tt.precision, tt.is)
			}
			if got.Located() == (got.Radius > 0) {
				t.Errorf("a place of precision %s has the radius %v", got.Precision, got.Radius)
			}
			if tt.near != "" {
				if miles := Miles(got, g.Resolve(Query{Postcode: tt.near})); miles > 6 {
					t.Errorf("%.1f miles from %s", miles, tt.near)
				}
			}
		})
	}
}

func TestResolvePrefersTheFinest(t *testing.T) {
	g := gazetteer(t)
	for _, tt := range []struct {
		q    Query
		want string
	}{
		{Query{Postcode: "RG41", Location: "Wokingham, RG41 2AB"}, "RG41 2AB"},
		{Query{Postcode: "RG41 2AB", Location: "Wokingham, RG40 1AA"}, "RG41 2AB"},
		{Query{Area: "WS2", Location: "Walsall"}, "WS2"},
		{Query{Area: "North East", Location: "Gateshead"}, "Gateshead"},
		{Query{Area: "Newport", Location: "Isle of Wight"}, "Newport"},
		{Query{Postcode: "not known", Location: "Gateshead"}, "Gateshead"},
		{Query{Location: "Bangor", Nation: "wales"}, "Bangor"},
		{Query{Location: "Maple School", Nation: "wales"}, ""},
		{Query{Postcode: "Kent", Location: "Surrey"}, "Surrey"},
	} {
		got := g.Resolve(tt.q)
		if got == nil {
			got = &Place{}
		}
		if got.Postcode+got.Name != tt.want {
			t.Errorf("Resolve(%+v) = %+v, want %s", tt.q, got, tt.want)
		}
	}
}

func TestAreaAndLocationTellTogether(t *testing.T) {
	g := gazetteer(t)
	got, want := g.Resolve(Query{Area: "Ashford", Location: "Kent"}), g.Resolve(Query{Postcode: "TN23"})
	if miles := Miles(got, want); miles > 6 {
		t.Errorf("Ashford, Kent is %.0f miles from TN23", miles)
	}
}

func TestFindSaysWhatToTry(t *testing.T) {
	g := gazetteer(t)
	for in, want := range map[string]string{
		"":                        "give a postcode",
		"Wokinghamm":              "did you mean Wokingham?",
		"Ashford":                 "Ashford (Kent) or Ashford (Surrey); add the county",
		"Surrey / Hampshire":      "too wide",
		"Nowhere at all":          "nearest town",
		"North East":              "too wide",
		strings.Repeat("x", 5000): "…",
	} {
		_, err := g.Find(in)
		if !errors.Is(err, ErrUnknown) || !strings.Contains(err.Error(), want) {
			t.Errorf("Find(%.20q) error = %v, want ErrUnknown with %q", in, err, want)
		}
	}
	if p, err := g.Find("wokingham"); err != nil || p.Precision != Town {
		t.Errorf("Find(wokingham) = %+v, %v", p, err)
	}
}

func TestMiles(t *testing.T) {
	g := gazetteer(t)
	for _, tt := range []struct {
		a, b string
		want float64
	}{
		{"London", "Birmingham", 101},
		{"Leeds", "Leeds", 0},
		{"Cardiff", "Belfast", 244},
	} {
		a, b := g.Resolve(Query{Location: tt.a}), g.Resolve(Query{Location: tt.b})
		if got := Miles(a, b); math.Abs(got-tt.want) > 2 {
			t.Errorf("%s to %s = %.1f miles, want about %v", tt.a, tt.b, got, tt.want)
		}
	}
	if got := Miles(nil, &Place{}); !math.IsInf(got, 1) {
		t.Errorf("distance from nothing = %v, want +Inf", got)
	}
}

func TestPostcodesInAnySpacing(t *testing.T) {
	g := gazetteer(t)
	rapid.Check(t, func(t *rapid.T) {
		letters := []byte("rg412ab")
		var b strings.Builder
		for _, c := range letters {
			if rapid.Bool().Draw(t, "upper") && c >= 'a' {
				c -= 'a' - 'A'
			}
			b.WriteByte(c)
			b.WriteString(strings.Repeat(" ", rapid.IntRange(0, 2).Draw(t, "gap")))
		}
		got := g.Resolve(Query{Postcode: b.String()})
		if got == nil || got.Postcode != "RG41 2AB" || got.Precision != Sector {
			t.Fatalf("Resolve(%q) = %+v", b.String(), got)
		}
	})
}

func TestMilesIsAMetric(t *testing.T) {
	place := rapid.Custom(func(t *rapid.T) *Place {
		return &Place{Lat: rapid.Float64Range(49, 61).Draw(t, "lat"), Lon: rapid.Float64Range(-8, 2).Draw(t, "lon"), Precision: Town}
	})
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := place.Draw(t, "a"), place.Draw(t, "b"), place.Draw(t, "c")
		if Miles(a, b) != Miles(b, a) || Miles(a, a) != 0 || Miles(a, c) > Miles(a, b)+Miles(b, c)+1e-6 {
			t.Fatalf("not a metric: %v %v %v", Miles(a, b), Miles(b, c), Miles(a, c))
		}
	})
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if _, err := Load(os.DirFS("../configs")); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkResolve(b *testing.B) {
	g := gazetteer(b)
	for _, in := range []string{"RG41 2AB", "Wokingham, Berkshire", "Maple School, Reading Road, Wokingham, RG41 2AB"} {
		b.Run(in, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				g.Resolve(Query{Location: in})
			}
		})
	}
}
