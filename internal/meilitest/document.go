package meilitest

import (
	"encoding/json"
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// The bounds of documents.
const (
	// MaxID is how long a document's id may be, in bytes.
	MaxID = 511
	// MaxFacet is how much of a text is looked at by filters, in bytes.
	MaxFacet = 468
)

// badGeo is the code of a place that is none.
const badGeo = "invalid_document_geo_field"

const (
	geoField      = "_geo"
	distanceField = "_geoDistance"
	vectorsField  = "_vectors"
)

// document is one document with what is derived from it.
type document struct {
	number int
	id     string
	source map[string]any
	size   int
	// values are what filters, sorts and facets read, by field.
	values map[string]*values
	// words are the tokens of each searchable field.
	words map[string][]token
	// at is where the document is, when it says so and the settings care.
	at *point
}

// values are what one field holds, of all the places in the document that the
// field's name leads to.
type values struct {
	exists, null, empty bool
	numbers             []float64
	// texts holds the texts by how they are compared, each with how it was written.
	texts map[string]string
}

// normalised makes a text comparable: compatible characters are one, case is
// none, and accents stay.
func normalised(s string) string {
	return strings.ToLower(norm.NFKD.String(strings.TrimSpace(s)))
}

// truncated cuts a text to what is indexed of it, at a whole character.
func truncated(s string) string {
	if len(s) <= MaxFacet {
		return s
	}
	cut := MaxFacet
	for !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut]
}

// derive reads a document again under an index's settings.
func (d *document) derive(s *settings) {
	d.values = map[string]*values{}
	for name, v := range d.source {
		d.collect(name, v, false)
	}
	d.at = nil
	if p, ok, err := d.readGeo(); s.usesGeo() && ok && err == nil {
		d.at = &p
		d.values[geoField+".lat"] = &values{exists: true, numbers: []float64{p.lat}}
		d.values[geoField+".lng"] = &values{exists: true, numbers: []float64{p.lng}}
	}
	d.words = newTokeniser(s).document(d.source, s)
}

// collect reads a value and all that is below it. What stands inside an array
// counts for the field that the array is, but an array that holds nothing
// comparable is neither null nor empty.
func (d *document) collect(name string, v any, inArray bool) {
	f := d.values[name]
	if f == nil {
		f = &values{texts: map[string]string{}}
		d.values[name] = f
	}
	f.exists = true
	switch v := v.(type) {
	case nil:
		f.null = f.null || !inArray
	case bool:
		f.texts[strconv.FormatBool(v)] = strconv.FormatBool(v)
	case json.Number:
		if n, err := v.Float64(); err == nil && !slices.Contains(f.numbers, n) {
			f.numbers = append(f.numbers, n)
		}
	case string:
		if v == "" {
			f.empty = f.empty || !inArray
			return
		}
		f.texts[truncated(normalised(v))] = v
	case []any:
		f.empty = f.empty || len(v) == 0 && !inArray
		for _, e := range v {
			d.collect(name, e, true)
		}
	case map[string]any:
		f.empty = f.empty || len(v) == 0 && !inArray
		for key, e := range v {
			d.collect(name+"."+key, e, false)
		}
	}
}

// fieldNames lists the names of all fields of an object, nested ones with dots.
func fieldNames(source map[string]any) []string {
	var names []string
	var walk func(prefix string, v any)
	walk = func(prefix string, v any) {
		switch v := v.(type) {
		case map[string]any:
			for _, key := range slices.Sorted(maps.Keys(v)) {
				name := key
				if prefix != "" {
					name = prefix + "." + key
				}
				names = append(names, name)
				walk(name, v[key])
			}
		case []any:
			for _, e := range v {
				walk(prefix, e)
			}
		}
	}
	walk("", source)
	return names
}

// lookup follows a name with dots into an object, through arrays too.
func lookup(v any, name string) []any {
	object, ok := v.(map[string]any)
	if !ok {
		if array, ok := v.([]any); ok {
			var found []any
			for _, e := range array {
				found = append(found, lookup(e, name)...)
			}
			return found
		}
		return nil
	}
	var found []any
	if e, ok := object[name]; ok {
		found = append(found, e)
	}
	for i := range len(name) {
		if name[i] != '.' {
			continue
		}
		if e, ok := object[name[:i]]; ok {
			found = append(found, lookup(e, name[i+1:])...)
		}
	}
	return found
}

var idShape = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)

// documentID reads the id of a document.
func documentID(source map[string]any, primaryKey string) (string, error) {
	found := lookup(source, primaryKey)
	if len(found) == 0 {
		return "", fail("missing_document_id", "Document doesn't have a `%s` attribute: %s.", primaryKey, describe(source))
	}
	if len(found) > 1 {
		return "", fail("invalid_document_id", "Document have too many matching `%s` attribute: %s.", primaryKey, describe(source))
	}
	id := ""
	switch v := found[0].(type) {
	case string:
		id = strings.TrimSpace(v)
	case json.Number:
		if _, err := strconv.ParseInt(v.String(), 10, 64); err == nil {
			id = v.String()
		} else if _, err := strconv.ParseUint(v.String(), 10, 64); err == nil {
			id = v.String()
		}
	}
	if len(id) > MaxID || !idShape.MatchString(id) {
		return "", fail("invalid_document_id", "Document identifier `%s` is invalid: an integer, or up to %d letters a-z A-Z, digits, hyphens and underscores.",
			strings.Trim(describe(found[0]), "`"), MaxID)
	}
	return id, nil
}

// inferPrimaryKey finds the one field whose name ends in "id".
func inferPrimaryKey(source map[string]any) (string, error) {
	var candidates []string
	for _, name := range slices.Sorted(maps.Keys(source)) {
		if strings.HasSuffix(strings.ToLower(name), "id") {
			candidates = append(candidates, name)
		}
	}
	switch len(candidates) {
	case 0:
		return "", fail("index_primary_key_no_candidate_found", "No field of the first document has a name that ends with `id`. Say which field is the primary key.")
	case 1:
		return candidates[0], nil
	}
	return "", fail("index_primary_key_multiple_candidates_found", "%d fields of the first document have names that end with `id`: %s. Say which one is the primary key.",
		len(candidates), quoted(candidates))
}

// point is a place on earth.
type point struct{ lat, lng float64 }

// readGeo reads where a document is. It is false when it does not say.
func (d *document) readGeo() (p point, ok bool, err error) {
	v, ok := d.source[geoField]
	if !ok || v == nil {
		return point{}, false, nil
	}
	object, isObject := v.(map[string]any)
	bad := func(why string) (point, bool, error) {
		return point{}, false, fail(badGeo, "The `_geo` field in the document with the id: `%s` %s: %s.", d.id, why, describe(v))
	}
	if !isObject {
		return bad("is not an object")
	}
	for name := range object {
		if name != "lat" && name != "lng" {
			return bad("holds more than a latitude and a longitude")
		}
	}
	lat, okLat := coordinate(object["lat"])
	lng, okLng := coordinate(object["lng"])
	if !okLat || !okLng {
		return bad("holds no latitude and longitude that are numbers")
	}
	// Numbers that are nowhere on earth are taken all the same.
	return point{lat, lng}, true, nil
}

// coordinate reads a number, which may be written as a text.
func coordinate(v any) (float64, bool) {
	switch v := v.(type) {
	case json.Number:
		return number(v)
	case string:
		n, err := strconv.ParseFloat(v, 64)
		return n, err == nil && !math.IsNaN(n) && !math.IsInf(n, 0)
	}
	return 0, false
}

// earthRadius is in metres.
const earthRadius = 6_371_000

// metres is the great-circle distance of two points.
func metres(a, b point) float64 {
	const rad = math.Pi / 180
	dLat, dLng := (b.lat-a.lat)*rad, (b.lng-a.lng)*rad
	h := math.Pow(math.Sin(dLat/2), 2) + math.Cos(a.lat*rad)*math.Cos(b.lat*rad)*math.Pow(math.Sin(dLng/2), 2)
	return 2 * earthRadius * math.Asin(math.Min(1, math.Sqrt(h)))
}
