package matcher

import (
	"math"
)

// key is something that a vacancy has and a subscription cannot do without.
type key struct {
	kind  keyKind
	value string
	cell  cell
}

type keyKind uint8

const (
	everything keyKind = iota // has no better key
	inCell
	unlocated
	hasTerm
	hasRole
	hasNeed
	inSetting
)

// cell is a square of the map, half a degree each way.
type cell struct{ lat, lon int16 }

const cellsToDegree = 2

func cellAt(lat, lon float64) cell {
	return cell{int16(math.Floor(lat * cellsToDegree)), int16(math.Floor(lon * cellsToDegree))}
}

// maxCells is how many cells a subscription is filed under; one that reaches
// further is filed by something else.
const maxCells = 120

// keys are the keys of which any vacancy that the subscription can fit has at
// least one. Where comes first, because it parts the country best; then a word;
// then lists.
func (w *watch) keys() []key {
	f := &w.filter
	if len(f.Homes) > 0 {
		if keys, ok := cellKeys(f.Homes); ok {
			return keys
		}
	}
	if keys, ok := w.seeker.cellKeys(); ok {
		return keys
	}
	switch {
	case len(f.All) > 0:
		return []key{{kind: hasTerm, value: longest(f.All)}}
	case len(f.Roles) > 0:
		return listKeys(hasRole, f.Roles)
	case len(f.Needs) > 0:
		return listKeys(hasNeed, f.Needs)
	case len(f.Settings) > 0:
		return listKeys(inSetting, f.Settings)
	}
	return []key{{kind: everything}}
}

// cellKeys files a candidate by home and radius. A vacancy that is nowhere in
// particular may still fit.
func (k *seeker) cellKeys() ([]key, bool) {
	if k == nil || k.home == nil || !k.home.Located() || k.c.RadiusMiles == nil {
		return nil, false
	}
	keys, ok := cellKeys([]Circle{{Lat: k.home.Lat, Lon: k.home.Lon, Miles: *k.c.RadiusMiles * MarginOfRadius}})
	return append(keys, key{kind: unlocated}), ok
}

// cellKeys are the cells that any of the circles touches; not ok when there are
// too many.
func cellKeys(circles []Circle) ([]key, bool) {
	const milesToDegree = 68.5 // of latitude, the least within the British Isles; a little less errs wide
	seen := make(map[cell]bool)
	var keys []key
	for _, c := range circles {
		high := c.Miles / milesToDegree
		shrink := math.Cos(min(89, math.Abs(c.Lat)+high) * math.Pi / 180)
		wide := c.Miles / (milesToDegree * shrink)
		if !(high >= 0 && high < 20 && wide < 20) {
			return nil, false
		}
		from, to := cellAt(c.Lat-high, c.Lon-wide), cellAt(c.Lat+high, c.Lon+wide)
		for lat := from.lat; lat <= to.lat; lat++ {
			for lon := from.lon; lon <= to.lon; lon++ {
				if at := (cell{lat, lon}); !seen[at] {
					seen[at] = true
					keys = append(keys, key{kind: inCell, cell: at})
				}
			}
			if len(keys) > maxCells {
				return nil, false
			}
		}
	}
	return keys, true
}

// longest is the longest term, which is mostly the rarest.
func longest(terms []string) string {
	best := ""
	for _, t := range terms {
		if len(t) > len(best) {
			best = t
		}
	}
	return best
}

func listKeys(kind keyKind, values []string) []key {
	keys := make([]key, len(values))
	for i, v := range values {
		keys[i] = key{kind: kind, value: v}
	}
	return keys
}

// vacancyKeys are all keys under which a subscription may lie that the vacancy
// fits.
func vacancyKeys(a *Attributes) []key {
	keys := make([]key, 0, len(a.Terms)+len(a.Roles)+len(a.Needs)+3)
	keys = append(keys, key{kind: everything})
	if a.Located {
		keys = append(keys, key{kind: inCell, cell: cellAt(a.Lat, a.Lon)})
	} else {
		keys = append(keys, key{kind: unlocated})
	}
	for _, t := range a.Terms {
		keys = append(keys, key{kind: hasTerm, value: t})
	}
	keys = append(keys, listKeys(hasRole, a.Roles)...)
	keys = append(keys, listKeys(hasNeed, a.Needs)...)
	return append(keys, key{kind: inSetting, value: a.Setting})
}
