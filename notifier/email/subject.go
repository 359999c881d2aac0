package email

import (
	"slices"
	"strconv"
	"strings"

	sendwatch "github.com/sendwatch/sendwatch"
)

// subjectLength keeps a subject readable in a list of messages.
const subjectLength = 140

// subject says what the message is about: how many posts, and the first of them.
// The entries are in the order in which they are shown.
func subject(entries []Entry) string {
	first := entries[0].Vacancy
	what := line(titleOf(first), 70)
	if place := town(first); place != "" && !strings.Contains(strings.ToLower(what), strings.ToLower(place)) {
		what += " in " + place
	}
	fresh := 0
	for _, e := range entries {
		if slices.Contains(e.Events, sendwatch.EventNew) {
			fresh++
		}
	}
	changed := len(entries) - fresh
	var lead string
	switch {
	case fresh == 1 && changed == 0:
		lead = "New post that fits"
	case changed == 0:
		lead = strconv.Itoa(fresh) + " new posts that fit"
	case fresh == 0 && changed == 1:
		lead = changeOf(entries[0].Events)
	case fresh == 0:
		lead = strconv.Itoa(changed) + " posts have changed"
	default:
		lead = count(fresh, "new post", "new posts") + " and " + count(changed, "change", "changes")
	}
	if more := len(entries) - 1; more > 0 {
		what += ", and " + strconv.Itoa(more) + " more"
	}
	return line(lead+": "+what, subjectLength)
}

// changeOf names the one thing that changed, or says that something did.
func changeOf(events []sendwatch.AlertEvent) string {
	var closes, pay bool
	for _, event := range events {
		closes = closes || strings.HasPrefix(string(event), "closes:")
		pay = pay || strings.HasPrefix(string(event), "pay:")
	}
	switch {
	case closes && !pay:
		return "Closing date changed"
	case pay && !closes:
		return "Pay changed"
	default:
		return "Changed"
	}
}
