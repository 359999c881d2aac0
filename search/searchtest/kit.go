package searchtest

import (
	"sync"
	"testing"
	"time"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/configs"
	"github.com/sendwatch/sendwatch/matcher"
	"github.com/sendwatch/sendwatch/pay"
	"github.com/sendwatch/sendwatch/place"
	"github.com/sendwatch/sendwatch/taxonomy"
	"github.com/sendwatch/sendwatch/terms"
)

// Kit is what an engine under test reads vacancies with, and the suite
// compiles criteria with.
type Kit struct {
	Taxonomy  *taxonomy.Taxonomy
	Gazetteer *place.Gazetteer
	Terms     *terms.Analyser
	Matcher   *matcher.Matcher
}

// NewKit returns the kit over the data that is built in. It is loaded once.
func NewKit(t testing.TB) Kit {
	t.Helper()
	k, err := loadKit()
	if err != nil {
		t.Fatalf("load the kit: %v", err)
	}
	return k
}

var loadKit = sync.OnceValues(func() (k Kit, err error) {
	if k.Taxonomy, err = taxonomy.Load(configs.FS); err != nil {
		return k, err
	}
	if k.Gazetteer, err = place.Load(configs.FS); err != nil {
		return k, err
	}
	if k.Terms, err = terms.Load(configs.FS); err != nil {
		return k, err
	}
	k.Matcher = matcher.New(matcher.Options{Taxonomy: k.Taxonomy, Gazetteer: k.Gazetteer, Terms: k.Terms})
	return k, nil
})

// epoch is when the first vacancy of a test was first seen.
var epoch = time.Date(2026, time.September, 1, 9, 0, 0, 0, time.UTC)

// an edit makes a vacancy what a test wants.
type edit func(*sendwatch.Vacancy)

// vacancy makes an open vacancy in scope, and edits it. Its terms are those of
// everything a search looks in.
func (k Kit) vacancy(id string, edits ...edit) *sendwatch.Vacancy {
	v := &sendwatch.Vacancy{ID: id, State: sendwatch.VacancyOpen, FirstSeen: epoch, LastSeen: epoch}
	v.Title = "Teaching Assistant"
	v.Employer = "Elmbrook School"
	v.EmployerKind = sendwatch.EmployerSchool
	v.Kind, v.Scope, v.Role = sendwatch.KindVacancy, sendwatch.ScopeIn, "ta"
	for _, e := range edits {
		e(v)
	}
	texts := []string{v.Title, v.Employer, v.Client, v.Location, v.Body}
	if v.Place != nil {
		texts = append(texts, v.Place.Name)
	}
	v.Terms = k.Terms.Document(texts...)
	return v
}

func titled(s string) edit  { return func(v *sendwatch.Vacancy) { v.Title = s } }
func named(s string) edit   { return func(v *sendwatch.Vacancy) { v.Employer = s } }
func bodied(s string) edit  { return func(v *sendwatch.Vacancy) { v.Body = s } }
func inRole(id string) edit { return func(v *sendwatch.Vacancy) { v.Role = id } }
func seen(day int) edit     { return func(v *sendwatch.Vacancy) { v.FirstSeen = epoch.AddDate(0, 0, day) } }
func closing(day int) edit {
	return func(v *sendwatch.Vacancy) { at := epoch.AddDate(0, 0, day); v.ClosesAt = &at }
}
func hours(h float64) edit   { return func(v *sendwatch.Vacancy) { v.Pay.HoursPerWeek = &h } }
func contract(s string) edit { return func(v *sendwatch.Vacancy) { v.Pay.Contract = &s } }
func pattern(s string) edit  { return func(v *sendwatch.Vacancy) { v.Pay.WorkingPattern = &s } }

func employed(by sendwatch.EmployerKind) edit {
	return func(v *sendwatch.Vacancy) { v.EmployerKind = by }
}

// at places a vacancy on the map.
func at(lat, lon float64) edit {
	return func(v *sendwatch.Vacancy) {
		v.Place = &place.Place{Postcode: "ZZ1", Lat: lat, Lon: lon, Precision: place.Sector}
	}
}

// paid states pay in pounds; nil leaves a bound open.
func paid(hourly, actual *pay.Figure) edit {
	return func(v *sendwatch.Vacancy) {
		v.Pay.Comparable.Hourly, v.Pay.Comparable.ActualAnnual = hourly, actual
		v.Pay.UnknownPay = hourly == nil && actual == nil
	}
}

func between(low, high float64) *pay.Figure { return &pay.Figure{Min: &low, Max: &high, How: "stated"} }
func from(low float64) *pay.Figure          { return &pay.Figure{Min: &low, How: "stated"} }
