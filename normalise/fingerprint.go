package normalise

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"

	"github.com/sendwatch/sendwatch"
)

// Bounds of what tells adverts apart, in letters of the body. A shorter body
// may be a stock phrase: it counts only with its title, and not at all when
// both are short.
const (
	tellingBody  = 200
	tellingShort = 100
)

// fingerprint is equal for adverts of equal text by one employer for one
// place, however markup, white space and the location are written.
func fingerprint(r *sendwatch.Reading) string {
	text := squash(r.Body)
	if n := letters(text); n < tellingBody {
		if n+letters(r.Title) < tellingShort {
			return ""
		}
		text = squash(r.Title) + "\n" + text
	}
	sum := sha256.Sum256([]byte(squash(r.Employer) + "\n" + where(r) + "\n" + text))
	return hex.EncodeToString(sum[:16])
}

// where names the place so that two ways of writing it are equal.
func where(r *sendwatch.Reading) string {
	p := r.Place
	switch {
	case p == nil || !p.Located():
		return squash(r.Location)
	case p.Postcode != "":
		return strings.ReplaceAll(p.Postcode, " ", "")
	}
	return strconv.FormatFloat(p.Lat, 'f', 3, 64) + "," + strconv.FormatFloat(p.Lon, 'f', 3, 64)
}
