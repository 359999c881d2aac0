package extract

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// nationalJob is where the national service keeps the advert of a slug.
const nationalJob = "https://teaching-vacancies.service.gov.uk/jobs/"

// nationalSlug is the form of the service's slugs.
var nationalSlug = regexp.MustCompile(`^[a-z0-9]+(?:-[a-z0-9]+)+$`)

// mostSameAs is how many other addresses of one advert are kept.
const mostSameAs = 5

// sameAs are the other addresses that a JobPosting says are its own: its sameAs, an
// identifier that is an address, and its advert at the national service where an
// identifier says that it is the service's.
func sameAs(o object) []string {
	var out []string
	add := func(s string) {
		u, err := url.Parse(s)
		if err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && strings.Trim(u.Path, "/") != "" &&
			len(out) < mostSameAs && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	for _, v := range listOf(o["sameAs"]) {
		add(address(v))
	}
	for _, v := range listOf(o["identifier"]) {
		id, ok := v.(object)
		if !ok {
			add(plain(v, maxLine))
			continue
		}
		value := plain(id["value"], maxLine)
		by := strings.ToLower(plain(id["name"], maxLine) + " " + plain(id["propertyID"], maxLine))
		if nationalSlug.MatchString(value) && (strings.Contains(by, "teaching vacancies") || strings.Contains(by, "teaching-vacancies")) {
			value = nationalJob + value
		}
		add(value)
	}
	return out
}

// listOf is a value as the list that it may be.
func listOf(v any) []any {
	if l, ok := v.([]any); ok {
		return l
	}
	return []any{v}
}

// elsewhere are those of the addresses a posting states for itself that are at
// other hosts than the page it stands on.
func elsewhere(stated []string, page *url.URL) []string {
	var out []string
	for _, s := range stated {
		u, err := page.Parse(s)
		if s != "" && err == nil && !strings.EqualFold(u.Host, page.Host) && strings.Trim(u.Path, "/") != "" && !slices.Contains(out, u.String()) {
			out = append(out, u.String())
		}
	}
	return out
}
