package web

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/store"
	"github.com/sendwatch/sendwatch/taxonomy"
)

func TestVacancyPage(t *testing.T) {
	b := newBench(t)
	b.advertise(adverts())
	a := b.get("/vacancies/v1").is(http.StatusOK)
	a.says("SEMH Teaching Assistant", "Larch Bank School · Wokingham, RG41 2AB", "£18,450 a year, actually paid (as stated)", "How this was worked out",
		"32.5 hours a week, 39 weeks a year, full time, permanent", "4 December 2026", "Special school",
		"Level 3 teaching assistant / Supporting Teaching and Learning or Degree (any subject)", "Level 3 qualification in teaching assistance",
		"Experience with children or young people (2 years)", "Desirable", "De-escalation",
		"The advert at jobs.larchbank.example", "first seen 20 November 2026", "Larch Bank is a special school").
		saysNot("agency", "has closed", "Possibly the same", "You need to drive", "You support")
	if got := a.text("section h2"); !strings.HasPrefix(got, "Pay") {
		t.Errorf("sections are %q, want pay first", got)
	}
	if got := a.link("The advert at"); got != "https://jobs.larchbank.example/posts/1?from=board" {
		t.Errorf("the advert is at %q", got)
	}
	alert := a.link("Email me posts like this")
	b.get(alert).is(http.StatusOK).says("You will hear of: ", "within 15 miles of RG41 2AB")

	b.get("/vacancies/v2").is(http.StatusOK).says("Pennine People agency", "£95 to £105 a day (as stated)", "Paid by an agency.")
	b.get("/vacancies/v4").is(http.StatusOK).says("Pay not stated", "The advert states no requirements that we could read.",
		"You support one pupil at a time. You will work one to one with pupils in the classroom.", "Paid by the trust.")
	if got := b.get("/vacancies/v5").is(http.StatusOK).link("Email me posts like this"); got != "" {
		t.Errorf("a gardener's post offers the alert %q", got)
	}
	b.get("/vacancies/v99").is(http.StatusNotFound).says("There is no such page.")
	b.get("/vacancies/").is(http.StatusNotFound)
}

func TestVacancyPageTellsTheHistory(t *testing.T) {
	b := newBench(t)
	b.advertise(adverts())
	b.get("/vacancies/v1").saysNot("What became of it there")
	at := b.now.Add(-72 * time.Hour)
	err := b.store.Write(t.Context(), func(tx *store.Tx) error {
		return errors.Join(tx.PutTurn(t.Context(), "board", "v1", sendwatch.Turn{At: at, Event: sendwatch.TurnClosed, Why: store.ClosedMissing}),
			tx.PutTurn(t.Context(), "board", "v1", sendwatch.Turn{At: at.Add(48 * time.Hour), Event: sendwatch.TurnReopened, Fields: []string{"closes_at"}}))
	})
	if err != nil {
		t.Fatal(err)
	}
	b.get("/vacancies/v1").is(http.StatusOK).says("What became of it there", "17 November 2026: closed: it was no longer listed",
		"19 November 2026: back, with changes: closing date")
	var vacancy struct {
		Sightings []struct{ History []sendwatch.Turn }
	}
	decode(t, b.get("/api/v1/vacancies/v1").is(http.StatusOK), "application/json", &vacancy)
	if len(vacancy.Sightings) != 1 || len(vacancy.Sightings[0].History) != 2 || vacancy.Sightings[0].History[0].Why != "missing" {
		t.Errorf("the API tells %+v", vacancy.Sightings)
	}
}

func TestVacancyPageVariants(t *testing.T) {
	start := func(s string) func(*sendwatch.Vacancy) {
		return func(v *sendwatch.Vacancy) { v.Pay.Start = &s }
	}
	one := 1
	tests := []struct {
		name   string
		change func(*sendwatch.Vacancy)
		want   []string
	}{
		{"starts on a day", start("2027-01-05"), []string{"Starts5 January 2027"}},
		{"starts in a month", start("2027-01"), []string{"StartsJanuary 2027"}},
		{"starts soon", start("asap"), []string{"Startsas soon as possible"}},
		{"starts whenever", start("after Easter"), []string{"Startsafter Easter"}},
		{"closed", func(v *sendwatch.Vacancy) { at := v.ChangedAt; v.State, v.ClosedAt = sendwatch.VacancyClosed, &at }, []string{"This post has closed: we saw that on 20 November 2026.", "(closed there)"}},
		{"a register", func(v *sendwatch.Vacancy) { v.Kind = sendwatch.KindPool }, []string{"This is a register to join"}},
		{"no title", func(v *sendwatch.Vacancy) { v.Title = "" }, []string{"A post without a title"}},
		{"cautions and notes", func(v *sendwatch.Vacancy) {
			v.Pay.Flags, v.Notes, v.Notice = []string{"below-minimum-wage"}, []string{"Two closing dates."}, "Open Government Licence"
		}, []string{"below the minimum wage", "What was odd about the advert", "Two closing dates.", "Open Government Licence"}},
		{"facts, with the words that tell them", func(v *sendwatch.Vacancy) {
			v.PaidBy, v.Client, v.Driver, v.Entry = sendwatch.EmployerAgency, "Alder Grove School", sendwatch.DriverNeeded, sendwatch.EntryOpen
			v.Body += "\nAttached: Job pack\nA driving licence and a car"
			v.Told = map[string]string{"entry": "No experience needed!", "driver": "A driving licence", "client": "on behalf of Alder Grove School"}
		}, []string{
			"Larch Bank School agency for Alder Grove School", "No experience is asked for. No experience needed!",
			"You need to drive. A driving licence in “Job pack”", "Paid by an agency; the school is Alder Grove School. on behalf of Alder Grove School",
			"From the attached document “Job pack”A driving licence and a car",
		}},
		{"nothing known of the work", func(v *sendwatch.Vacancy) { v.Facts, v.Duties = sendwatch.Facts{}, nil }, []string{"permanent Closes4 December 2026"}},
		{"a choice of several things", func(v *sendwatch.Vacancy) {
			v.Requirements = []taxonomy.Requirement{{ID: "degree", Level: taxonomy.Essential, AnyOfGroup: &one, Evidence: "a degree, or Level 3 with a year"}}
			v.Choices = []taxonomy.Choice{{Group: 1, Clause: taxonomy.Clause{AnyOf: []taxonomy.Clause{
				{ID: "degree"}, {AllOf: []taxonomy.Clause{{ID: "ta-level-3"}, {ID: "exp-children", MinYears: ptr(1.0)}}},
			}}}}
		}, []string{"One of: Degree (any subject) or Level 3 teaching assistant / Supporting Teaching and Learning and Experience with children or young people (1 year) a degree, or"}},
		{"months of experience in an alternative", func(v *sendwatch.Vacancy) {
			v.Requirements = []taxonomy.Requirement{
				{ID: "degree", Level: taxonomy.Essential, AnyOfGroup: &one, Evidence: "a degree"},
				{ID: "exp-children", Level: taxonomy.Essential, AnyOfGroup: &one, MinYears: ptr(.5), Evidence: "a degree or six months with children"},
			}
		}, []string{"Degree (any subject) or Experience with children or young people (6 months) a degree or six months with children"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := newBench(t)
			b.advertise(adverts()[:1], tt.change)
			b.get("/vacancies/v1").is(http.StatusOK).says(tt.want...)
		})
	}
}

func TestVacancyAliasAndNeighbours(t *testing.T) {
	b := newBench(t)
	b.advertise(adverts(), func(v *sendwatch.Vacancy) {
		if v.ID == "v3" {
			v.PossiblySame = []string{"v2"}
		}
	})
	b.get("/vacancies/v3").is(http.StatusOK).says("Possibly the same post", "Autism Support Assistant, advertised by Pennine People")
	err := b.store.Write(t.Context(), func(tx *store.Tx) error { return tx.Unite(t.Context(), "v1", "v4") })
	if err != nil {
		t.Fatal(err)
	}
	if got := b.get("/vacancies/v4").is(http.StatusMovedPermanently).Header().Get("Location"); got != "/vacancies/v1" {
		t.Errorf("the alias leads to %q", got)
	}
}

// TestHostileAdvert: whatever an advert holds, the pages that show it run nothing
// and lead nowhere odd. Every page is checked for that as it is fetched.
func TestHostileAdvert(t *testing.T) {
	const script = `"><script>alert(1)</script><img src=x onerror=alert(2)>`
	for _, address := range []string{"javascript:alert(1)", "data:text/html,<script>alert(1)</script>", "//evil.example/x", "file:///etc/passwd",
		"https://fine.example/" + script, "https://user:secret@fine.example/", "HTTP://fine.example/", "https://", " javascript:alert(1)", "\x00"} {
		b := newBench(t)
		p := adverts()[0]
		p.URL = address
		b.advertise([]sendwatch.Posting{p}, func(v *sendwatch.Vacancy) {
			v.Title += script
			v.Employer, v.Location, v.Body, v.Notice = script, script, v.Body+"\n"+script, script
			v.Notes, v.Pay.Working, v.Needs = []string{script}, []string{script}, []string{script}
			v.Role, v.Setting, v.Phases = script, script, []string{script}
			v.Duties = []sendwatch.Duty{script, sendwatch.DutyPersonalCare}
			v.Support, v.Entry, v.Driver = []sendwatch.Support{script, sendwatch.SupportClass}, sendwatch.EntryOpen, sendwatch.DriverNeeded
			v.PaidBy, v.Client = sendwatch.EmployerAgency, script
			v.Body += "\n" + sendwatch.AttachedHeading + script + "\n" + script
			v.Told = map[string]string{"personal-care": script, "support.class": script, "entry": script, "driver": script, "client": script}
			v.Pay.Contract, v.Pay.Start = ptrTo(script), ptrTo(script)
			for i := range v.Requirements {
				v.Requirements[i].Evidence = script
			}
		})
		a := b.get("/vacancies/v1").is(http.StatusOK).says("<script>alert(1)</script>")
		if got := a.link("The advert at"); (got == "") == strings.Contains(strings.ToLower(address), "fine.example") {
			t.Errorf("%q is linked as %q", address, got)
		}
		b.get("/").is(http.StatusOK).says("<script>alert(1)</script>")
		b.get("/api/v1/vacancies").is(http.StatusOK)
		b.get("/api/v1/vacancies/v1").is(http.StatusOK)
	}
	b := newBench(t)
	for _, page := range []string{"/", "/alerts/new", "/alerts/x", "/vacancies/x"} {
		for _, key := range []string{"q", "near", "role", "min_actual", "sort", "done"} {
			b.get(page + "?" + key + "=%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E")
		}
	}
}

func ptrTo(s string) *string { return &s }
