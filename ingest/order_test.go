package ingest_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/sendwatch/sendwatch"
)

// world is jobs and their adverts, drawn so that no two jobs of it can be taken for
// one.
type world struct {
	adverts map[string]map[string]advert // by source and reference
	job     map[string]int               // by source and reference
	order   []string
}

// drawWorld draws a school's jobs, which differ in title or place, each advertised
// at some of three sources as it is or edited, and an agency's template for towns.
func drawWorld(rt *rapid.T, round int) world {
	w := world{adverts: map[string]map[string]advert{}, job: map[string]int{}}
	put := func(source string, job int, a advert) {
		source = fmt.Sprintf("%s%d", source, round)
		if w.adverts[source] == nil {
			w.adverts[source] = map[string]advert{}
		}
		ref := fmt.Sprintf("%s-%d", rapid.StringMatching(`[a-z]{3}`).Draw(rt, "reference"), job)
		w.adverts[source][ref] = a
		w.job[source+" "+ref] = job
	}
	// Of other rounds nothing is to be joined.
	school, agency := fmt.Sprintf("Orchard House School %d", round), fmt.Sprintf("Bright Bridge Recruitment %d", round)
	texts := []string{orchard, harbour, orchard + harbour}
	job := 0
	for _, title := range []string{"SEN Teaching Assistant", "SEN Teaching Assistant Level 3", "Learning Mentor"} {
		for _, town := range []string{"Wokingham, RG41 2AB", "Leeds, LS6 1AA"} {
			if !rapid.Bool().Draw(rt, "there is such a job") {
				continue
			}
			text := rapid.SampledFrom(texts).Draw(rt, "text")
			for _, source := range []string{"own", "council", "board"} {
				if !rapid.Bool().Draw(rt, "advertised at "+source) {
					continue
				}
				a := advert{title: title, employer: school, town: town, body: text, closes: "2026-09-20"}
				switch rapid.IntRange(0, 3).Draw(rt, "how") {
				case 1:
					a.body += "Interviews will be on 30 September."
				case 2:
					a.title += " - " + school
				case 3:
					a.body = "Please see our own site for this post, which we would like to fill soon."
				}
				put(source, job, a)
			}
			job++
		}
	}
	for i, town := range []string{"Wokingham", "Reading", "Slough"}[:rapid.IntRange(0, 3).Draw(rt, "towns")] {
		put("agency", 100+i, advert{title: "SEN Teaching Assistant", employer: agency, town: town, body: template})
	}
	if rapid.Bool().Draw(rt, "an agency's copy") {
		put("agency", 200, advert{title: "SEN Teaching Assistant", employer: agency, town: "Wokingham", body: orchard})
	}
	for source := range w.adverts {
		w.order = append(w.order, source)
	}
	slices.Sort(w.order)
	w.order = rapid.Permutation(w.order).Draw(rt, "order")
	return w
}

// mostRounds is how many worlds there is time for.
const mostRounds = 40

// TestIdentityWhateverTheOrder: adverts are joined as the jobs are, whatever comes
// first, and links go both ways.
func TestIdentityWhateverTheOrder(t *testing.T) {
	b := learned(t, load(t))
	round := 0
	rapid.Check(t, func(rt *rapid.T) {
		if round++; round > mostRounds {
			return
		}
		w := drawWorld(rt, round)
		for source, adverts := range w.adverts {
			b.sites[source] = newSite()
			b.sites[source].adverts = adverts
		}
		for _, source := range w.order {
			kind := sendwatch.EmployerUnknown
			if source[0] == 'a' {
				kind = sendwatch.EmployerAgency
			}
			b.crawlAs(source, kind)
		}
		vacancyOf, jobOf := map[int]string{}, map[string]int{}
		for at, job := range w.job {
			var source, ref string
			if _, err := fmt.Sscan(at, &source, &ref); err != nil {
				rt.Fatal(err)
			}
			v := b.vacanciesOf(source, ref)[0]
			if was, ok := vacancyOf[job]; ok && was != v {
				rt.Errorf("job %d is two vacancies", job)
			}
			if was, ok := jobOf[v]; ok && was != job {
				rt.Errorf("jobs %d and %d are one vacancy", was, job)
			}
			vacancyOf[job], jobOf[v] = v, job
		}
	})
	b.wantLinksBothWays()
}
