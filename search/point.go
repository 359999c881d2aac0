package search

import (
	"strconv"
	"strings"
)

// FormatPoint writes a place as an engine keeps it, so that ParsePoint gives back
// the same numbers.
func FormatPoint(lat, lon float64) string {
	return strconv.FormatFloat(lat, 'g', -1, 64) + "," + strconv.FormatFloat(lon, 'g', -1, 64)
}

// ParsePoint reads what FormatPoint wrote; it is false of anything else.
func ParsePoint(s string) (lat, lon float64, ok bool) {
	a, b, found := strings.Cut(s, ",")
	lat, err1 := strconv.ParseFloat(a, 64)
	lon, err2 := strconv.ParseFloat(b, 64)
	return lat, lon, found && err1 == nil && err2 == nil
}
