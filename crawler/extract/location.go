package extract

import (
	"slices"
	"strings"
)

// maxPlaces is how many places of one posting are named.
const maxPlaces = 5

// location reads jobLocation, one or several: the names of the places, and the
// first postcode. Streets are left out where a town is known: they place nothing
// that the postcode does not.
func location(o object) (names, postcode string) {
	places, ok := o["jobLocation"].([]any)
	if !ok {
		places = []any{o["jobLocation"]}
	}
	var all []string
	for _, p := range places[:min(len(places), maxPlaces)] {
		name, code := placeOf(p)
		if name != "" && !slices.Contains(all, name) {
			all = append(all, name)
		}
		if postcode == "" {
			postcode = code
		}
	}
	if len(all) == 0 && strings.Contains(strings.ToUpper(plain(o["jobLocationType"], maxLine)), "TELECOMMUTE") {
		return "Remote", postcode
	}
	return strings.Join(all, "; "), postcode
}

// placeOf reads one Place: an object with an address, an address itself, or words.
func placeOf(v any) (name, postcode string) {
	place, ok := first(v).(object)
	if !ok {
		return plain(v, maxLine), ""
	}
	address, ok := first(place["address"]).(object)
	if !ok {
		if name = plain(place["address"], maxLine); name != "" {
			return name, ""
		}
		address = place
	}
	parts := distinct(plain(address["addressLocality"], maxLine), plain(address["addressRegion"], maxLine))
	if len(parts) == 0 {
		parts = distinct(plain(address["streetAddress"], maxLine))
	}
	if len(parts) == 0 {
		parts = distinct(plain(place["name"], maxLine))
	}
	return strings.Join(parts, ", "), plain(address["postalCode"], maxLine)
}

// distinct drops what is empty or repeats what stands before it.
func distinct(parts ...string) []string {
	var kept []string
	for _, p := range parts {
		if p != "" && !slices.ContainsFunc(kept, func(k string) bool { return strings.EqualFold(k, p) }) {
			kept = append(kept, p)
		}
	}
	return kept
}
