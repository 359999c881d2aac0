package ingest

import (
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/normalise"
	"github.com/sendwatch/sendwatch/store"
)

// The kinds of key by which a posting is recognised as another one's job, beside
// its own source and reference.
const (
	// keyURL is the posting's own address, and keyNames one at another publisher
	// that it says is its own too.
	keyURL   = "url"
	keyNames = "names"
	// keyUUID is a reference that nobody else mints.
	keyUUID = "uuid"
	// keyFingerprint is equal for equal texts of one employer for one place.
	keyFingerprint = "fingerprint"
	// keyLike is shared by postings that are to be compared, and proves nothing.
	keyLike = "like"
)

// likeRows is how many rows of MinHash a band has by which edited texts are found.
const likeRows = 3

// keysOf returns the keys of a posting.
func keysOf(p *sendwatch.Posting, r *sendwatch.Reading) []store.Key {
	var keys []store.Key
	own := canonicalURL(p.URL)
	if own != "" {
		keys = append(keys, store.Key{Kind: keyURL, Value: own})
	}
	for _, u := range named(p) {
		if u != own {
			keys = append(keys, store.Key{Kind: keyNames, Value: u})
		}
	}
	if id := uuidOf(p.Reference); id != "" {
		keys = append(keys, store.Key{Kind: keyUUID, Value: id})
	}
	if r.Fingerprint != "" {
		keys = append(keys, store.Key{Kind: keyFingerprint, Value: r.Fingerprint})
	}
	return append(keys, likeKeys(r)...)
}

// likeKeys are the keys under which a posting is compared with others of its
// employer: those that close on the same day, and those of the same title and place
// whose text is nearly the same.
func likeKeys(r *sendwatch.Reading) []store.Key {
	if r.Kind != sendwatch.KindVacancy {
		return nil
	}
	var keys []store.Key
	add := func(parts ...string) {
		keys = append(keys, store.Key{Kind: keyLike, Value: digest(parts...)})
	}
	day := normalise.ClosingDay(r)
	if byAgency(r) {
		day = ""
	}
	w := normalise.OwnWording(r)
	looks := w.Bands(likeRows)
	if o := w.Opening(); o != "" {
		looks = append(looks, o)
	}
	if day == "" && len(looks) == 0 {
		return nil
	}
	core := normalise.TitleCore(r)
	if day != "" {
		for _, e := range employerKeys(r) {
			add("closes", e, core, day)
		}
	}
	// By the name alone: it is written on every board, the number is not.
	if name := normalise.NameKey(r.Employer); name != "" {
		for _, look := range looks {
			add("text", name, core, spot(r), look)
		}
	}
	return keys
}

func digest(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\n")))
	return hex.EncodeToString(sum[:12])
}

// employerKeys are what an employer is looked up by: the number in the register of
// schools, and the name.
func employerKeys(r *sendwatch.Reading) []string {
	var keys []string
	if r.EmployerURN != "" {
		keys = append(keys, "urn "+r.EmployerURN)
	}
	if name := normalise.NameKey(r.Employer); name != "" {
		keys = append(keys, name)
	}
	return keys
}

// byAgency reports whether an agency advertises: its name is no employer's. A
// school may advertise on a board of agencies.
func byAgency(r *sendwatch.Reading) bool {
	if r.PaidBy != "" {
		return r.PaidBy == sendwatch.EmployerAgency
	}
	return r.EmployerKind == sendwatch.EmployerAgency
}

// spot is a place as coarsely as one employer's adverts for it agree on it: half
// its postcode, or the town.
func spot(r *sendwatch.Reading) string {
	if r.Place != nil && r.Place.Postcode != "" {
		outcode, _, _ := strings.Cut(r.Place.Postcode, " ")
		return outcode
	}
	return normalise.Town(r)
}

// canonicalURL folds the ways in which one address is written: scheme and www, the
// host's capitals, a closing slash, the fragment, and what trackers add. Empty when
// the address names no page of its own.
func canonicalURL(s string) string {
	u, err := url.Parse(strings.TrimSpace(s))
	if err != nil || u.Host == "" || strings.Trim(u.Path, "/") == "" && u.RawQuery == "" {
		return ""
	}
	q := u.Query()
	for name := range q {
		if strings.HasPrefix(name, "utm_") || name == "gclid" || name == "fbclid" {
			q.Del(name)
		}
	}
	out := strings.TrimPrefix(strings.ToLower(u.Host), "www.") + strings.TrimRight(u.EscapedPath(), "/")
	if query := q.Encode(); query != "" {
		out += "?" + query
	}
	return out
}

// mostNamed is how many other addresses of itself an advert may name: more is a
// list of something else.
const mostNamed = 3

// named are the other addresses that an advert says are its own: those that its
// data states, and its advert at the national service if its text leads to just
// one.
func named(p *sendwatch.Posting) []string {
	var out []string
	for _, s := range p.SameAs {
		if u := canonicalURL(s); u != "" && !slices.Contains(out, u) {
			out = append(out, u)
		}
	}
	if len(out) > mostNamed {
		return nil
	}
	var national []string
	for _, text := range []string{p.BodyHTML, p.BodyMarkdown, p.BodyText} {
		for _, s := range nationalAdvert.FindAllString(text, -1) {
			if u := canonicalURL(s); !slices.Contains(national, u) {
				national = append(national, u)
			}
		}
	}
	if len(national) == 1 && !slices.Contains(out, national[0]) {
		out = append(out, national[0])
	}
	return out
}

// nationalAdvert is the address of an advert at the national service.
var nationalAdvert = regexp.MustCompile(`https?://(?:www\.)?teaching-vacancies\.service\.gov\.uk/jobs/[a-z0-9][a-z0-9-]*`)

// uuid is a UUID, and the number that the government's board of jobs adds when it
// posts one again.
var uuid = regexp.MustCompile(`(?i)^([0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12})(?:-[0-9]{1,4})?$`)

// uuidOf is the UUID that a reference is, or "".
func uuidOf(reference string) string {
	m := uuid.FindStringSubmatch(strings.TrimSpace(reference))
	if m == nil {
		return ""
	}
	return strings.ToLower(m[1])
}
