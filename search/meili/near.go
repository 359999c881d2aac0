package meili

import (
	"math"
	"strconv"
	"strings"

	"github.com/sendwatch/sendwatch/matcher"
	"github.com/sendwatch/sendwatch/place"
	"github.com/sendwatch/sendwatch/search"
)

const (
	// serverRadius is the earth's radius as the server has it, in metres.
	serverRadius = 6_371_000
	// rimMetres and rimShare bound how far the server's distance may be from
	// ours: it rounds to millimetres, and its formula loses up to a decimetre
	// where two points nearly meet.
	rimMetres = 1.0
	rimShare  = 1e-6
)

// halfway is the distance between two opposite points of the earth, in miles.
func halfway() float64 { return place.Miles(&place.Place{}, &place.Place{Lon: 180}) }

// metres turns miles into the server's metres: the same angle on its sphere.
func metres(miles float64) float64 { return miles / halfway() * math.Pi * serverRadius }

// wider writes a condition that holds of everything within any of the circles,
// and of a little more.
func wider(homes []matcher.Circle) string {
	return anyOf(homes, func(h matcher.Circle) string {
		m := metres(h.Miles)
		switch {
		case h.Miles < 0:
			return ""
		case !isOnMap(h) || h.Miles >= halfway():
			return is(attrMark, markLocated)
		}
		return circle(h, m+rimMetres+m*rimShare)
	})
}

// narrower writes a condition that holds of nothing but what is within one of
// the circles; empty when there is no such condition.
func narrower(homes []matcher.Circle) string {
	return anyOf(homes, func(h matcher.Circle) string {
		m := metres(h.Miles)
		if h.Miles > 1.01*halfway() {
			return is(attrMark, markLocated)
		}
		if m -= rimMetres + m*rimShare; m <= 0 || !isOnMap(h) {
			return ""
		}
		return circle(h, m)
	})
}

// anyOf joins what is written of each circle. No circle at all holds nothing.
func anyOf(homes []matcher.Circle, write func(matcher.Circle) string) string {
	var all []string
	for _, h := range homes {
		if s := write(h); s != "" {
			all = append(all, s)
		}
	}
	return strings.Join(all, " OR ")
}

// isOnMap reports whether the server takes a circle round this place.
func isOnMap(h matcher.Circle) bool {
	return math.Abs(h.Lat) <= 90 && math.Abs(h.Lon) <= 180
}

func circle(h matcher.Circle, metres float64) string {
	number := func(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }
	return "_geoRadius(" + number(h.Lat) + ", " + number(h.Lon) + ", " + number(metres) + ")"
}

// located writes the conditions that homes ask, without the outsiders: the
// points on the rim that are just too far.
func located(homes []matcher.Circle, outsiders []string) []string {
	if len(homes) == 0 {
		return nil
	}
	near := wider(homes)
	if near == "" {
		// No circle reaches anywhere.
		return []string{notIn(attrMark, markLocated), is(attrMark, markLocated)}
	}
	out := []string{near}
	if len(outsiders) > 0 {
		out = append(out, notIn(attrPoint, outsiders...))
	}
	return out
}

// rim writes the conditions that hold of what must be measured here; it is nil
// when nothing must.
func rim(homes []matcher.Circle) []string {
	near, sure := wider(homes), narrower(homes)
	switch {
	case near == "" || near == sure:
		return nil
	case sure == "":
		return []string{near}
	}
	return []string{near, "NOT (" + sure + ")"}
}

// outsiders are those among points that lie in none of the circles.
func outsiders(homes []matcher.Circle, points map[string]int) []string {
	var out []string
	for point := range points {
		if lat, lon, ok := search.ParsePoint(point); !ok || !matcher.Within(homes, lat, lon) {
			out = append(out, point)
		}
	}
	return out
}
