package ingest_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/ingest"
	"github.com/sendwatch/sendwatch/normalise"
	"github.com/sendwatch/sendwatch/store"
)

// Texts of invented adverts, long enough to be compared.
const (
	orchard = "Orchard House is a small special school on the edge of the town. You will look after a class of eight pupils together with the teacher and two colleagues. " +
		"In the morning you meet the taxis, help with breakfast club and settle everybody for the first lesson. You prepare what the class needs, keep notes of what " +
		"went well and sit beside whoever finds the work hard that day. We give every new colleague a mentor for the first two terms and pay for the training that the work asks for. " +
		"We would like to hear from people who keep calm, like the outdoors and can laugh at themselves. "
	harbour = "Pupils at our harbour site have often missed a year of school or more. The team runs a boat shed, a kitchen and four small classrooms. Your days will be split " +
		"between maths in the shed and English wherever a pupil will sit still for it. You will drive nobody and restrain nobody, but you will walk a great deal. The person we appoint " +
		"writes clearly, turns up early and does not take bad language to heart. Ask for Mo at the front desk if you want to look round before you decide. "
	template = "We are recruiting for several schools that need reliable people from the start of term. The schools are within easy reach by bus and train, and our consultants visit " +
		"each of them every month. You will be paid weekly, keep one consultant for as long as you work with us and be told your timetable in good time. To register, send us your " +
		"CV and two names who can speak for your work with children. We hold drop-in mornings on Wednesdays, and the coffee is better than you would think. "
)

// learned is a bench that reads adverts as the program does.
func learned(t *testing.T, n *normalise.Normaliser, sources ...string) *bench {
	t.Helper()
	b := newBench(t)
	b.opts.Normaliser, b.opts.Rules = n, normalise.Rules
	b.Ingest = ingest.New(b.opts)
	for _, s := range sources {
		b.sites[s] = newSite()
	}
	return b
}

// crawlAs crawls a source of a kind of employer.
func (b *bench) crawlAs(id string, kind sendwatch.EmployerKind) ingest.Report {
	b.t.Helper()
	src := b.source(id)
	src.EmployerKind = kind
	r, err := b.Crawl(b.t.Context(), src, time.Hour, true)
	if err != nil {
		b.t.Fatal(err)
	}
	b.pass(time.Minute)
	return r
}

func post(change ...func(*advert)) advert {
	a := advert{title: "SEN Teaching Assistant", employer: "Orchard House School", town: "Wokingham, RG41 2AB", body: orchard, closes: "2026-09-20"}
	for _, c := range change {
		c(&a)
	}
	return a
}

func TestAnotherAdvertOfOneJob(t *testing.T) {
	n := load(t)
	for name, c := range map[string]struct {
		second advert
		agency bool
		// beside says that the source of the first lists the second too; else it stands
		// elsewhere.
		beside bool
		want   int
	}{
		"the same closing date, in other words": {second: post(func(a *advert) { a.body = harbour }), want: 1},
		"the title in other words": {second: post(func(a *advert) {
			a.title, a.body = "Teaching Assistant (SEND) - Orchard House School, Ref 20931", harbour
		}), want: 1},
		"the same day by the hour":                 {second: post(func(a *advert) { a.closes, a.body = "2026-09-20T09:00:00+01:00", harbour }), want: 1},
		"the school's name in another spelling":    {second: post(func(a *advert) { a.employer, a.body = "The Orchard House School", harbour }), want: 1},
		"another closing date and another text":    {second: post(func(a *advert) { a.closes, a.body = "2026-09-27", harbour }), want: 2},
		"another closing date and nearly the text": {second: post(func(a *advert) { a.closes, a.body = "2026-09-27", orchard+"Interviews will be on 30 September." }), want: 1},
		"a teaser without a date":                  {second: post(func(a *advert) { a.closes, a.body = "", orchard[:330]+" ... read more" }), want: 1},
		"another level":                            {second: post(func(a *advert) { a.title = "SEN Teaching Assistant Level 3" }), want: 2},
		"another year":                             {second: post(func(a *advert) { a.title = "SEN Teaching Assistant, Year 5" }), want: 2},
		"another town":                             {second: post(func(a *advert) { a.town = "Leeds, LS6 1AA" }), want: 2},
		"another school":                           {second: post(func(a *advert) { a.employer = "Orchard Lodge School" }), want: 2},
		"other hours":                              {second: post(func(a *advert) { a.body, a.hours = orchard+"One more thing.", "15 hours a week" }), want: 2},
		"agencies that close on one day":           {second: post(func(a *advert) { a.employer, a.body = "Bright Bridge Recruitment", harbour }), agency: true, want: 2},
		"two posts of one school":                  {second: post(func(a *advert) { a.body = harbour }), beside: true, want: 2},
		"two posts in nearly one text":             {second: post(func(a *advert) { a.body = orchard + "This post is in the lower school." }), beside: true, want: 2},
		"a teaser and the post":                    {second: post(func(a *advert) { a.body = orchard + harbour + template }), beside: true, want: 1},
		"one post listed twice":                    {second: post(), beside: true, want: 1},
		"an address that it says is its own": {second: advert{title: "TA", employer: "County jobs", town: "Wokingham", body: "In short.",
			sameAs: "https://oak.example/job/a"}, want: 1},
		"a link to the national service": {second: advert{title: "TA", employer: "County jobs", town: "Wokingham",
			body: "Apply at https://teaching-vacancies.service.gov.uk/jobs/sen-teaching-assistant-orchard now."}, want: 1},
	} {
		t.Run(name, func(t *testing.T) {
			b := learned(t, n, "oak", "elm")
			kind := sendwatch.EmployerSchool
			if c.agency {
				kind = sendwatch.EmployerAgency
			}
			first := post(func(a *advert) {
				a.hours = "30 hours a week"
				if c.agency {
					a.employer = c.second.employer
				}
				if strings.Contains(name, "national") {
					a.url = "https://teaching-vacancies.service.gov.uk/jobs/sen-teaching-assistant-orchard"
				}
			})
			if c.second.hours == "" && c.second.closes != "" {
				c.second.hours = first.hours
			}
			b.sites["oak"].adverts["a"] = first
			if c.beside {
				b.sites["oak"].adverts["b"] = c.second
			} else {
				b.sites["elm"].adverts["z"] = c.second
			}
			b.crawlAs("oak", kind)
			b.crawlAs("elm", kind)
			b.wantOpen(c.want)
			b.crawlAs("oak", kind)
			b.wantOpen(c.want)
		})
	}
}

// TestAReferenceThatNobodyElseMints joins by it, also where a board numbers its
// repeats.
func TestAReferenceThatNobodyElseMints(t *testing.T) {
	b := learned(t, load(t), "oak", "elm", "ash")
	const id = "72f7ce83-2355-4579-8375-be6905161fc2"
	b.sites["oak"].adverts[id] = post()
	b.sites["elm"].adverts[strings.ToUpper(id)+"-2"] = post(func(a *advert) { a.employer, a.body, a.closes = "Council jobs", harbour, "" })
	b.sites["ash"].adverts["00000000-0000-0000-0000-000000000000"] = post(func(a *advert) { a.employer, a.body, a.closes = "Council jobs", template, "" })
	for _, s := range []string{"oak", "elm", "ash"} {
		b.crawl(s)
	}
	b.wantOpen(2)
}

// TestAnEditedRepost is taken for what it replaces once it is clear that it does.
func TestAnEditedRepost(t *testing.T) {
	n := load(t)
	edited := post(func(a *advert) { a.body, a.closes = orchard+"Interviews will be on 30 September.", "2026-09-27" })
	for name, c := range map[string]struct {
		repost     advert
		stays      bool // the old one is listed still
		incomplete bool
		partial    bool
		want       int // vacancies, open or closed
	}{
		"in its place":                        {repost: edited, want: 1},
		"beside it":                           {repost: edited, stays: true, want: 2},
		"while nobody knows what is missing":  {repost: edited, incomplete: true, want: 2},
		"in a list of the latest":             {repost: edited, partial: true, want: 2},
		"another job in nearly the same text": {repost: post(func(a *advert) { a.body = orchard + "You will work with Year 5." }), want: 2},
	} {
		t.Run(name, func(t *testing.T) {
			b := learned(t, n, "oak")
			s := b.sites["oak"]
			first := post()
			if strings.Contains(name, "another") {
				first.body += "You will work with Year 2."
			}
			for i := range 6 {
				s.adverts[fmt.Sprint("x", i)] = advert{title: fmt.Sprint("Cook ", i), employer: "Orchard House School", town: "Wokingham, RG41 2AB", body: fmt.Sprint("Kitchen ", i)}
			}
			s.adverts["a"] = first
			b.crawl("oak")
			if !c.stays {
				delete(s.adverts, "a")
			}
			s.adverts["0"] = c.repost // comes before everything else
			s.incomplete, s.partial = c.incomplete, c.partial
			if r := b.crawl("oak"); r.New != 1 {
				t.Fatalf("%+v", r)
			}
			s.incomplete, s.partial = false, false
			b.crawl("oak")
			b.crawl("oak")
			if got := len(b.vacanciesOf("oak", "a", "0")); got != c.want {
				t.Errorf("the two adverts are %d vacancies, want %d", got, c.want)
			}
		})
	}
}

// vacanciesOf returns the ids of the vacancies that postings of a source are of.
func (b *bench) vacanciesOf(source string, references ...string) []string {
	b.t.Helper()
	ids := map[string]bool{}
	briefs, err := b.store.PostingBriefs(b.t.Context(), source, references)
	if err != nil || len(briefs) != len(references) {
		b.t.Fatalf("%v of %s: %d found, %v", references, source, len(briefs), err)
	}
	for _, brief := range briefs {
		ids[brief.Vacancy] = true
	}
	return slices.Sorted(maps.Keys(ids))
}

// TestATemplateForManyTowns: one text with thirty towns is thirty vacancies, however
// the town is written, at once or one a day.
func TestATemplateForManyTowns(t *testing.T) {
	n := load(t)
	towns := []string{"Reading", "Wokingham", "Bracknell", "Newbury", "Slough", "Windsor", "Maidenhead", "Thatcham", "Basingstoke", "Farnborough", "Aldershot", "Andover",
		"Winchester", "Southampton", "Portsmouth", "Fareham", "Havant", "Oxford", "Abingdon", "Didcot", "Banbury", "Bicester", "Witney", "Swindon", "Guildford", "Woking",
		"Camberley", "Farnham", "Epsom", "Redhill"}
	for name, write := range map[string]func(a *advert, town string){
		"in the title":               func(a *advert, town string) { a.title += " - " + town },
		"in the location":            func(a *advert, town string) { a.town = town },
		"in both":                    func(a *advert, town string) { a.title, a.town = town+" "+a.title, town },
		"in the location and text":   func(a *advert, town string) { a.town, a.body = town, a.body+" We have schools in "+town+"." },
		"with half of one postcode":  func(a *advert, town string) { a.town = town + ", Berkshire, RG4" },
		"in the title with one text": func(a *advert, town string) { a.title, a.town = "SEN TA ("+town+")", "South East" },
	} {
		t.Run(name, func(t *testing.T) {
			b := learned(t, n, "oak")
			s := b.sites["oak"]
			for i, town := range towns {
				a := advert{title: "SEN Teaching Assistant", employer: "Bright Bridge Recruitment", town: "England", body: template, pay: "£90 to £100 a day"}
				write(&a, town)
				if i%3 == 0 { // most at once, and some one after another
					b.crawlAs("oak", sendwatch.EmployerAgency)
				}
				s.adverts[fmt.Sprintf("r%02d", i)] = a
			}
			b.crawlAs("oak", sendwatch.EmployerAgency)
			b.wantOpen(len(towns))
			for i := range towns { // all of them again, under other references and in other words
				ref := fmt.Sprintf("r%02d", i)
				a := s.adverts[ref]
				a.body += " Our office is open until six."
				s.adverts["s"+ref] = a
				delete(s.adverts, ref)
			}
			b.crawlAs("oak", sendwatch.EmployerAgency)
			b.crawlAs("oak", sendwatch.EmployerAgency)
			b.wantOpen(len(towns))
		})
	}
}

// TestOneVacancyThatProvesToBeTwo: a posting whose text becomes another job's leaves,
// and who was told of it as the old one is not told again.
func TestOneVacancyThatProvesToBeTwo(t *testing.T) {
	b := learned(t, load(t), "oak", "elm")
	b.sites["oak"].adverts["a"], b.sites["elm"].adverts["z"] = post(), post()
	b.crawl("oak")
	b.crawl("elm")
	b.wantOpen(1)
	old := b.open()[0].ID
	sub, err := b.store.Subscribe(t.Context(), store.Signup{Email: "ann@example.org", Frequency: sendwatch.Daily, Confirmed: true})
	if err != nil {
		t.Fatal(err)
	}
	alert := sendwatch.Alert{Person: sub.Person, Vacancy: old, Event: sendwatch.EventNew, Fit: sendwatch.FitStrong, Subscriptions: []string{sub.ID}, DueAt: b.Now()}
	if err := b.store.Owe(t.Context(), store.Owed{Reader: "match", To: b.head(), Alerts: []sendwatch.Alert{alert}}); err != nil {
		t.Fatal(err)
	}
	b.pass(time.Minute)
	d, err := b.store.ClaimDigest(t.Context(), time.Minute)
	if err != nil || d == nil {
		t.Fatalf("no digest: %v", err)
	}

	head := b.head()
	b.sites["elm"].adverts["z"] = post(func(a *advert) { a.closes = "2026-10-01" }) // an edit
	b.crawl("elm")
	b.wantOpen(1)
	b.sites["elm"].adverts["z"] = post(func(a *advert) { a.title, a.body, a.closes = "Learning Mentor", harbour, "2026-10-01" })
	b.crawl("elm")
	b.wantOpen(2)
	if err := b.store.DigestSent(t.Context(), d.ID, d.Token); err != nil {
		t.Fatal(err)
	}
	for _, v := range b.open() {
		told, err := b.store.Told(t.Context(), v.ID)
		if err != nil || told[sub.Person].ToldAt == nil {
			t.Errorf("%q: ann was not told of it (%v)", v.Title, err)
		}
		if len(v.Sightings) != 1 {
			t.Errorf("%q has %d sightings, want 1", v.Title, len(v.Sightings))
		}
	}
	if log := b.log(head); !slices.Contains(log, "vacancy-created") || !strings.Contains(strings.Join(log, " "), "sightings") {
		t.Errorf("the log says %q", log)
	}
}

func newIngest(b *bench) *ingest.Ingest { return ingest.New(b.opts) }
