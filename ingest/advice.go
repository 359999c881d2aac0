package ingest

import "strings"

// Advice says what an operator can do about an alarm of a kind.
func Advice(kind string) string {
	if field, lost := strings.CutPrefix(kind, AlarmLost); lost {
		if words, ok := fieldWords[field]; ok {
			return "Open a new advert and look where " + words + " stands now: “sendwatch sources try” shows what is read; then correct the source's fields."
		}
	}
	switch kind {
	case AlarmStale:
		return "“sendwatch sources list” says what went wrong. Open the site, look at its robots.txt, and see that a serve with the role crawl runs."
	case AlarmShrunk:
		return "Open the site's list. If it is whole there, correct discover; if it really shrank, do nothing: it is believed after a day."
	case AlarmGrown:
		return "Look at what it lists: a selector or discover.match may now take in pages that are no adverts."
	case AlarmSilent:
		return "Open the site's list and look for something newer than what is known: the address may show an old copy, or the site may have moved."
	case AlarmUnreadable:
		return "“sendwatch quarantine list” shows them; correct the source's fields, then “sendwatch quarantine replay”."
	}
	return "“sendwatch sources list” says more."
}
