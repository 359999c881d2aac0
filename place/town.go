package place

import (
	"cmp"
	"fmt"
	"io/fs"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
)

// town is one place that a name may mean.
type town struct {
	name      string // as printed
	authority string // folded, without "borough of" and the like; may be empty
	nation    string
	at        point
	people    int // zero when unknown
	// weight is how many people the name is likely to mean; see weigh.
	weight float64
	// short marks a shortened name ("Bradford" for Bradford on Avon).
	short bool
	// usual marks what people mean by a name that others bear too.
	usual bool
	// wide marks a part of a city that holds others: South London.
	wide bool
}

// region is a name too wide to measure from: its middle, and how many miles its
// farthest corner lies from there.
type region struct {
	name   string
	at     point
	radius float64
	nation string // set when the region is a nation
}

// holds reports whether p lies in the region, or within so many miles of it.
func (r *region) holds(p point, margin float64) bool { return r.at.miles(p) <= r.radius+margin }

// nations maps folded names to the nation column of places.csv.
var nations = map[string]string{
	"england": "England", "scotland": "Scotland", "wales": "Wales",
	"northern ireland": "Northern Ireland",
}

// compactMiles is how far a council area's towns may lie from their middle for
// the area to count as one place. Wirral and Sandwell pass, Kent does not.
const compactMiles = 8

func (g *Gazetteer) loadTowns(fsys fs.FS) error {
	type area struct {
		name string
		centre
		points []point
		nation string
	}
	areas := make(map[string]*area)
	err := readCSV(fsys, placesFile, "place,nation,authority,lat,lon,population", func(row []string) error {
		at, err := parsePoint(row[3], row[4])
		if err != nil {
			return err
		}
		people := 0
		if row[5] != "" {
			if people, err = strconv.Atoi(row[5]); err != nil {
				return err
			}
		}
		authority := foldAuthority(row[2])
		t := town{name: row[0], nation: row[1], authority: authority, at: at, people: people}
		key := foldName(row[0])
		g.addTown(key, t)
		if short := shortName(key); short != "" {
			t.short = true
			g.addTown(short, t)
		}
		a := areas[authority]
		if a == nil {
			a = &area{name: displayAuthority(row[2]), nation: row[1]}
			areas[authority] = a
		}
		a.add(at)
		a.points = append(a.points, at)
		return nil
	})
	if err != nil {
		return err
	}
	for key, a := range areas {
		if _, ok := g.regions[key]; ok || key == "" || len(g.towns[key]) > 0 {
			continue
		}
		middle, radius := a.point(), 0.0
		for _, p := range a.points {
			radius = max(radius, p.miles(middle))
		}
		if radius > compactMiles {
			g.regions[key] = region{name: a.name, at: middle, radius: math.Ceil(radius)}
			continue
		}
		g.addTown(key, town{name: a.name, authority: key, nation: a.nation, at: middle})
	}
	return nil
}

// loadAliases files other names of towns and regions. An alias of an outcode is
// a town that places.csv lacks; it belongs to the council of its nearest town.
func (g *Gazetteer) loadAliases(fsys fs.FS) error {
	return readCSV(fsys, aliasesFile, "alias,of,authority,kind", func(row []string) error {
		key, of, authority := foldName(row[0]), foldName(row[1]), foldAuthority(row[2])
		usual, wide := row[3] == "usual", row[3] == "wide"
		if at, ok := g.outcodes[row[1]]; ok {
			t := town{name: row[0], at: at, usual: usual, wide: wide}
			if near := g.nearestTown(at); near != nil {
				t.authority, t.nation = near.authority, near.nation
			}
			g.addTown(key, t)
			return nil
		}
		for _, t := range g.towns[of] {
			if authority == "" || t.authority == authority {
				t.usual, t.wide, t.short = usual, wide, false
				g.addTown(key, t)
				return nil
			}
		}
		if r, ok := g.regions[of]; ok {
			g.regions[key] = r
			return nil
		}
		return fmt.Errorf("%q stands for %q, which is neither an outcode nor a place nor a region", row[0], row[1])
	})
}

// nearestTown is the town nearest to a point, of those that have a council.
func (g *Gazetteer) nearestTown(at point) *town {
	var best *town
	least := math.Inf(1)
	for _, towns := range g.towns {
		for i := range towns {
			t := &towns[i]
			if t.authority == "" || math.Abs(t.at.lat-at.lat) > 0.5 {
				continue
			}
			if d := t.at.miles(at); d < least || d == least && best != nil && t.name < best.name {
				best, least = t, d
			}
		}
	}
	return best
}

func (g *Gazetteer) addTown(key string, t town) {
	if key == "" {
		return
	}
	for i := range g.towns[key] {
		if had := &g.towns[key][i]; had.at == t.at {
			had.short, had.usual = had.short && t.short, had.usual || t.usual
			return
		}
	}
	g.towns[key] = append(g.towns[key], t)
}

// unknownMost caps the estimate for a place whose population is not known: most
// are villages and suburbs.
const unknownMost = 30_000

// weigh gives every town that shares its name a weight: its population, else an
// estimate, on the high side, from the postcode sectors around it. A shortened
// name counts half.
func (g *Gazetteer) weigh() {
	const peopleOfSector = 1_500
	northward := slices.SortedFunc(maps.Values(g.sectors), func(a, b point) int { return cmp.Compare(a.lat, b.lat) })
	for _, towns := range g.towns {
		if len(towns) < 2 {
			continue
		}
		for i := range towns {
			t := &towns[i]
			t.weight = float64(t.people)
			if t.people == 0 {
				t.weight = min(unknownMost, peopleOfSector*float64(1+around(northward, t.at)))
			}
			if t.short {
				t.weight /= 2
			}
		}
		slices.SortStableFunc(towns, func(a, b town) int {
			return cmp.Or(cmp.Compare(b.weight, a.weight), cmp.Compare(a.authority, b.authority))
		})
	}
}

// around counts the points within three miles of one, among points sorted by
// latitude.
func around(northward []point, at point) int {
	const miles, degrees = 3, 0.05 // 0.05 degrees of latitude are 3.4 miles
	from, _ := slices.BinarySearchFunc(northward, at.lat-degrees, func(p point, lat float64) int { return cmp.Compare(p.lat, lat) })
	n := 0
	for _, p := range northward[from:] {
		if p.lat > at.lat+degrees {
			break
		}
		if p.miles(at) <= miles {
			n++
		}
	}
	return n
}

// shortName drops what people leave out of a name: "newcastle" for "newcastle
// upon tyne", "southend" for "southend on sea". It is empty when there is
// nothing to drop.
func shortName(key string) string {
	for _, joint := range []string{" upon ", " on ", " under ", " super ", " in ", " next "} {
		if i := strings.Index(key, joint); i > 3 {
			return key[:i]
		}
	}
	return ""
}

// styles are the legal styles that councils put before or after their names.
var styles = []string{
	"metropolitan borough of ", "royal borough of ", "city and borough of ", "city and county of ",
	"city and district of ", "borough of ", "district of ", "county of ", "city of ", "sir ", "the ",
}

func foldAuthority(s string) string {
	key := foldName(s)
	for _, style := range styles {
		if rest, ok := strings.CutPrefix(key, style); ok {
			key = rest
			break
		}
	}
	for _, tail := range []string{" county borough", " council", " city"} {
		key = strings.TrimSuffix(key, tail)
	}
	return key
}

// displayAuthority is the council's name as people say it.
func displayAuthority(s string) string {
	low := strings.ToLower(s)
	for _, style := range styles {
		if strings.HasPrefix(low, style) {
			s = s[len(style):]
			break
		}
	}
	return strings.TrimSuffix(strings.TrimSuffix(s, " County Borough"), " Council")
}
