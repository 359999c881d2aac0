package ingest_test

import (
	"testing"
	"time"

	"github.com/sendwatch/sendwatch"
)

func TestIdentity(t *testing.T) {
	base := advert{title: "Teaching assistant", employer: "Oak School", town: "Reading", body: "Support two pupils in year four."}
	with := func(change func(*advert)) advert {
		a := base
		change(&a)
		return a
	}
	for name, c := range map[string]struct {
		oak, elm map[string]advert // crawled in this order
		want     int               // open vacancies
	}{
		"two adverts of one text in one crawl are one": {
			oak: map[string]advert{"a": base, "b": base}, want: 1},
		"a copy on another source joins": {
			oak: map[string]advert{"a": base}, elm: map[string]advert{"z": base}, want: 1},
		"the same text in another town does not": {
			oak: map[string]advert{"a": base}, elm: map[string]advert{"z": with(func(a *advert) { a.town = "Leeds" })}, want: 2},
		"the same text of another employer does not": {
			oak: map[string]advert{"a": base}, elm: map[string]advert{"z": with(func(a *advert) { a.employer = "Elm School" })}, want: 2},
		"the same address on another source joins, whatever the text": {
			oak:  map[string]advert{"a": base},
			elm:  map[string]advert{"z": {title: "TA", employer: "Board", body: "In short.", url: "http://www.OAK.example/job/a/?utm_source=elm#top"}},
			want: 1},
		"adverts that share a page and differ in title do not": {
			oak: map[string]advert{
				"a": with(func(a *advert) { a.url = "https://oak.example/jobs.html"; a.body = "One" }),
				"b": with(func(a *advert) { a.url = "https://oak.example/jobs.html"; a.body = "Two"; a.title = "Mentor" })}, want: 2},
		"a bare home page is no address": {
			oak: map[string]advert{"a": with(func(a *advert) { a.url = "https://oak.example/" })},
			elm: map[string]advert{"z": with(func(a *advert) { a.url = "https://oak.example/"; a.body = "Another" })}, want: 2},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			b.sites["oak"], b.sites["elm"] = newSite(), newSite()
			b.sites["oak"].adverts, b.sites["elm"].adverts = c.oak, c.elm
			b.crawl("oak")
			b.crawl("elm")
			b.wantOpen(c.want)
			sightings := 0
			for _, v := range b.open() {
				sightings += len(v.Sightings)
			}
			if want := len(c.oak) + len(c.elm); sightings != want {
				t.Errorf("%d sightings, want %d", sightings, want)
			}
		})
	}
}

func TestARepostJoins(t *testing.T) {
	for name, c := range map[string]struct {
		closedFor time.Duration
		events    []string
	}{
		"while it is open":    {0, []string{"vacancy-changed sightings"}},
		"soon after":          {30 * 24 * time.Hour, []string{"vacancy-reopened sightings,state"}},
		"a year on it is new": {365 * 24 * time.Hour, []string{"vacancy-created"}},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			s := numbered(5)
			b.sites["oak"] = s
			b.crawl("oak")
			a := s.adverts["r00"]
			delete(s.adverts, "r00")
			if c.closedFor > 0 {
				b.crawl("oak")
				b.crawl("oak")
				b.wantOpen(4)
			}
			b.pass(c.closedFor)
			s.adverts["r77"] = a
			head := b.head()
			r := b.crawl("oak")
			if r.New != 1 {
				t.Errorf("%+v", r)
			}
			b.wantLog(head, c.events...)
		})
	}
}

func TestTwoVacanciesThatProveToBeOneUnite(t *testing.T) {
	b := newBench(t)
	oak, elm := newSite("a"), newSite("z")
	b.sites["oak"], b.sites["elm"] = oak, elm
	b.crawl("oak")
	older := b.open()[0].ID
	b.crawl("elm")
	b.wantOpen(2)
	younger := b.open()[1].ID
	head := b.head()
	elm.adverts["z"] = oak.adverts["a"] // the copy is corrected
	b.crawl("elm")
	b.wantOpen(1)
	b.wantLog(head, "vacancy-united", "vacancy-changed sightings")
	v, err := b.store.Vacancy(t.Context(), younger)
	if err != nil || v.ID != older || len(v.Aliases) != 1 || v.Aliases[0] != younger || len(v.Sightings) != 2 {
		t.Errorf("the younger id gives %+v (%v), want the older vacancy", v, err)
	}
}

func TestTheEmployersOwnAdvertLeads(t *testing.T) {
	b := newBench(t)
	oak, agency := newSite("a"), newSite()
	b.sites["oak"], b.sites["agency"] = oak, agency
	copied := oak.adverts["a"]
	copied.title = "Psychology graduate"
	agency.adverts["x"] = copied
	src := b.source("agency")
	src.EmployerKind = sendwatch.EmployerAgency
	if _, err := b.Crawl(t.Context(), src, time.Hour, true); err != nil {
		t.Fatal(err)
	}
	b.crawl("oak")
	if vs := b.open(); len(vs) != 1 || vs[0].Title != "Teaching assistant" {
		t.Errorf("%d open; the first reads %q", len(vs), vs[0].Title)
	}
}
