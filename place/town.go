package place

import (
	"cmp"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
)

// town is one place that a name may mean.
type town struct {
	name      string // as printed
	authority string // folded, without "borough of" and the like; may be empty
	nation    string
	at        point
	// weight says which of several towns of one name is meant when nothing
	// else tells; see weigh.
	weight float64
	// short marks a shortened name ("Newcastle" for Newcastle upon Tyne).
	short bool
}

// region is a name too wide to measure from. Its point only settles ties.
type region struct {
	name   string
	at     point
	nation string // set when the region is a nation
}

// nations maps folded names to the nation column of places.csv.
var nations = map[string]string{
	"england": "England", "scotland": "Scotland", "wales": "Wales",
	"cymru": "Wales", "northern ireland": "Northern Ireland",
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
	err := readCSV(fsys, placesFile, "place,nation,authority,lat,lon", func(row []string) error {
		at, err := parsePoint(row[3], row[4])
		if err != nil {
			return err
		}
		authority := foldAuthority(row[2])
		t := town{name: row[0], nation: row[1], authority: authority, at: at}
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
		middle := a.point()
		if slices.ContainsFunc(a.points, func(p point) bool { return p.miles(middle) > compactMiles }) {
			g.regions[key] = region{name: a.name, at: middle}
			continue
		}
		g.addTown(key, town{name: a.name, authority: key, nation: a.nation, at: middle})
	}
	return nil
}

func (g *Gazetteer) loadAliases(fsys fs.FS) error {
	return readCSV(fsys, aliasesFile, "alias,of,authority", func(row []string) error {
		key := foldName(row[0])
		if at, ok := g.outcodes[row[1]]; ok {
			g.addTown(key, town{name: row[0], at: at})
			return nil
		}
		authority := foldAuthority(row[2])
		for _, t := range g.towns[foldName(row[1])] {
			if authority == "" || t.authority == authority {
				g.addTown(key, t)
				return nil
			}
		}
		return fmt.Errorf("%q stands for %q, which is neither an outcode nor a place", row[0], row[1])
	})
}

func (g *Gazetteer) addTown(key string, t town) {
	if key == "" {
		return
	}
	for i := range g.towns[key] {
		if had := &g.towns[key][i]; had.at == t.at {
			had.short = had.short && t.short
			return
		}
	}
	g.towns[key] = append(g.towns[key], t)
}

// weigh gives every town that shares its name a weight: the number of postcode
// sectors around it, which follows population. A full name counts twice
// against a shortened one, and so does a place that its council is named after.
func (g *Gazetteer) weigh() {
	northward := slices.SortedFunc(maps.Values(g.sectors), func(a, b point) int { return cmp.Compare(a.lat, b.lat) })
	for key, towns := range g.towns {
		if len(towns) < 2 {
			continue
		}
		for i := range towns {
			t := &towns[i]
			t.weight = float64(around(northward, t.at))
			if !t.short {
				t.weight *= 2
			}
			if t.authority == key {
				t.weight *= 2
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
