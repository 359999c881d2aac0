package normalise

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/sendwatch/sendwatch"
)

// tellingText is how many letters of title and body it takes to tell adverts
// apart; a thinner one may be a stock phrase.
const tellingText = 100

// fingerprint is equal for adverts of equal title and text by one employer for
// one place, however markup, white space and the location are written. The title
// counts because agencies put the town there: one text under "Ilford" and under
// "Greenwich" is two jobs.
//
// The body is the advert's own: its copies on other sites seldom carry its
// attachments.
func fingerprint(r *sendwatch.Reading, body string) string {
	if letters(r.Title)+letters(body) < tellingText {
		return ""
	}
	parts := []string{squash(r.Employer), where(r), squash(r.Title), squash(body)}
	sum := sha256.Sum256([]byte(strings.Join(parts, "\n")))
	return hex.EncodeToString(sum[:16])
}

// where names the place so that two ways of writing it are equal. Half a postcode
// may be that of several towns, so the town counts beside it.
func where(r *sendwatch.Reading) string {
	p := r.Place
	switch {
	case p == nil || !p.Located():
		return placeWords(r.Location)
	case p.Postcode != "" && wholePostcode(p):
		return strings.ReplaceAll(p.Postcode, " ", "")
	case p.Postcode != "":
		return strings.ReplaceAll(p.Postcode, " ", "") + " " + Town(r)
	}
	return strconv.FormatFloat(p.Lat, 'f', 3, 64) + "," + strconv.FormatFloat(p.Lon, 'f', 3, 64)
}

// nowhere are the words by which boards leave the place open.
var nowhere = regexp.MustCompile(`(?i)^(not specified|unspecified|not stated|n/?a|various|nationwide|uk|united kingdom|gb|great britain|england)$`)

// aPostcode is a postcode or what begins one.
var aPostcode = regexp.MustCompile(`(?i)\b[a-z]{1,2}[0-9][0-9a-z]?(?: ?[0-9](?:[a-z]{2})?)?\b`)

// Town is the town as the advert writes its location: the first part of it that
// says anything, folded. Empty when there is none.
func Town(r *sendwatch.Reading) string {
	for p := range strings.SplitSeq(aPostcode.ReplaceAllString(r.Location, ""), ",") {
		if p = strings.TrimSpace(p); !nowhere.MatchString(p) && squash(p) != "" {
			return squash(p)
		}
	}
	return ""
}

// placeWords is a place in the words of the advert, without what says nothing and
// without saying anything twice.
func placeWords(location string) string {
	var parts []string
	for _, p := range strings.Split(location, ",") {
		p = strings.TrimSpace(p)
		if s := squash(p); s != "" && !nowhere.MatchString(p) && !slices.Contains(parts, s) {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, ",")
}
