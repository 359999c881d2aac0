package ingest

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/normalise"
	"github.com/sendwatch/sendwatch/pay"
	"github.com/sendwatch/sendwatch/place"
	"github.com/sendwatch/sendwatch/store"
)

// An agency's advert of a school's own post is another vacancy: nobody can prove
// that it is the same. Where something distinctive says so, the two are linked.
const (
	// mostCopies is how many vacancies one is linked with: the best.
	mostCopies = 3
	// commonKey is how many vacancies may share what copies are looked up by. What
	// more of them share is a template or a usual wage.
	commonKey = 25
	// copyMiles is how far an agency's town may be from the school.
	copyMiles = 5.0
	// copyTime is how much later or earlier the copy may have appeared.
	copyTime = 45 * 24 * time.Hour
	// copyRows is how many rows of MinHash a band has by which copied passages are
	// found.
	copyRows = 2
	// cellLat and cellLon are the sides, in degrees, of the cells in which copies are
	// looked for: more than twice as wide as copies are far, as far north as Shetland,
	// so that what is near stands in four of them at most.
	cellLat, cellLon = 0.2, 0.3
)

// What the signs of a copy weigh, and how much they must together. Half of a text
// in common or the school's name is enough by itself; else three facts must agree.
const (
	enoughSigns = 3
	copiedText  = 0.5
	passages    = 0.3
)

// relink makes a vacancy's links with its possible copies, which share its signs, anew,
// both ways.
func relink(ctx context.Context, tx *store.Tx, v *sendwatch.Vacancy, signs []string) error {
	was := v.PossiblySame
	if err := unlink(ctx, tx, v); err != nil {
		return err
	}
	if err := tx.PutVacancyKeys(ctx, v.ID, ownKeys(v, signs)); err != nil {
		return err
	}
	if len(signs) == 0 {
		return nil
	}
	ids, err := tx.VacanciesByKeys(ctx, copyKeys(v, signs), commonKey)
	if err != nil {
		return err
	}
	others, err := tx.Vacancies(ctx, append(ids, was...))
	if err != nil {
		return err
	}
	for _, c := range bestCopies(v, others) {
		if err := link(ctx, tx, v, c); err != nil {
			return err
		}
	}
	return nil
}

// possibleCopy is a vacancy that may be the same as another, and how much says so.
type possibleCopy struct {
	*sendwatch.Vacancy
	signs
}

// bestCopies are the vacancies that may be the same as v, best first.
func bestCopies(v *sendwatch.Vacancy, others []*sendwatch.Vacancy) []possibleCopy {
	var out []possibleCopy
	seen := map[string]bool{v.ID: true}
	facts := 0
	for _, o := range others {
		if seen[o.ID] {
			continue
		}
		seen[o.ID] = true
		if s := signsOfCopy(v, o); s.enough() {
			out = append(out, possibleCopy{o, s})
			if !s.told {
				facts++
			}
		}
	}
	if facts > mostCopies {
		// Facts that so many share point to none of them.
		out = slices.DeleteFunc(out, func(c possibleCopy) bool { return !c.told })
	}
	slices.SortFunc(out, func(a, b possibleCopy) int { return cmp.Or(cmp.Compare(b.weight, a.weight), cmp.Compare(a.ID, b.ID)) })
	return out[:min(len(out), mostCopies)]
}

// link links two vacancies unless one of them has better links enough.
func link(ctx context.Context, tx *store.Tx, v *sendwatch.Vacancy, c possibleCopy) error {
	other, err := tx.Vacancy(ctx, c.ID) // as its links are now
	if err != nil {
		return err
	}
	if len(other.PossiblySame) >= mostCopies {
		worst, err := worstLink(ctx, tx, other)
		if err != nil {
			return err
		}
		if worst.Vacancy != nil {
			if worst.weight >= c.weight {
				return nil
			}
			if err := putLinks(ctx, tx, worst.Vacancy, without(worst.PossiblySame, other.ID)); err != nil {
				return err
			}
			other.PossiblySame = without(other.PossiblySame, worst.ID)
		}
	}
	if err := putLinks(ctx, tx, other, with(other.PossiblySame, v.ID)); err != nil {
		return err
	}
	return putLinks(ctx, tx, v, with(v.PossiblySame, other.ID))
}

// worstLink is the link of a vacancy for which the least speaks.
func worstLink(ctx context.Context, tx *store.Tx, v *sendwatch.Vacancy) (worst possibleCopy, err error) {
	linked, err := tx.Vacancies(ctx, v.PossiblySame)
	for _, l := range linked {
		if s := signsOfCopy(v, l); worst.Vacancy == nil || s.weight < worst.weight {
			worst = possibleCopy{l, s}
		}
	}
	return worst, err
}

// unlink takes a vacancy out of the links of others, and theirs out of its own.
func unlink(ctx context.Context, tx *store.Tx, v *sendwatch.Vacancy) error {
	if len(v.PossiblySame) == 0 {
		return nil
	}
	linked, err := tx.Vacancies(ctx, v.PossiblySame)
	if err != nil {
		return err
	}
	for _, l := range linked {
		if err := putLinks(ctx, tx, l, without(l.PossiblySame, v.ID)); err != nil {
			return err
		}
	}
	return putLinks(ctx, tx, v, nil)
}

// putLinks keeps the links of a vacancy. No reader of the log needs to hear of it:
// links are read with the vacancy, and tell nobody anything by themselves.
func putLinks(ctx context.Context, tx *store.Tx, v *sendwatch.Vacancy, ids []string) error {
	v.PossiblySame = ids
	return tx.PutVacancy(ctx, v)
}

func with(ids []string, id string) []string {
	out := append(slices.Clone(ids), id)
	slices.Sort(out)
	return slices.Compact(out)
}

func without(ids []string, id string) []string {
	return slices.DeleteFunc(slices.Clone(ids), func(x string) bool { return x == id })
}

// mayHaveCopies reports whether copies of a vacancy are looked for: it is open, of
// one known role, and at one known place.
func mayHaveCopies(v *sendwatch.Vacancy) bool {
	return v.State == sendwatch.VacancyOpen && v.Kind == sendwatch.KindVacancy && v.Role != "" && v.Place.Located() && !v.Place.Near && len(v.Place.Sites) == 0
}

// side tells an agency's adverts from the others, of which they may be copies.
func side(v *sendwatch.Vacancy) string {
	if v.EmployerKind == sendwatch.EmployerAgency {
		return "agency"
	}
	return "own"
}

// copyKeys are what the copies of a vacancy are looked up by, on the other side: its
// signs, each with role and cell.
func copyKeys(v *sendwatch.Vacancy, signs []string) []string {
	if len(signs) == 0 {
		return nil
	}
	other := "own"
	if side(v) == "own" {
		other = "agency"
	}
	var keys []string
	for _, at := range cellsAround(v.Place) {
		for _, sign := range signs {
			keys = append(keys, digest(other, v.Role, at, sign))
		}
	}
	return keys
}

// ownKeys are what a vacancy is found by from the other side.
func ownKeys(v *sendwatch.Vacancy, signs []string) []string {
	var keys []string
	for _, sign := range signs {
		keys = append(keys, digest(side(v), v.Role, cellOf(v.Place.Lat, v.Place.Lon), sign))
	}
	return keys
}

// keySigns are what of a vacancy its copies may have in common with it: passages, the
// closing day, the pay and the school's name. None when copies are not looked for.
func keySigns(v *sendwatch.Vacancy) []string {
	if !mayHaveCopies(v) {
		return nil
	}
	var out []string
	for _, band := range normalise.OwnWording(&v.Reading).Bands(copyRows) {
		out = append(out, "text "+band)
	}
	if day := normalise.ClosingDay(&v.Reading); day != "" {
		out = append(out, "closes "+day)
	}
	if q := quoted(&v.Pay); q != "" {
		out = append(out, "pay "+q)
	}
	for _, name := range schools(v) {
		out = append(out, "school "+name)
	}
	return out
}

// schools are the names of the school that a vacancy is at, in the form that names
// are compared in: the employer, unless that is an agency, and whom an agency says
// it is for.
func schools(v *sendwatch.Vacancy) []string {
	names := []string{v.Client}
	if !byAgency(&v.Reading) {
		names = append(names, v.Employer)
	}
	if v.School != nil {
		names = append(names, v.School.Name)
	}
	var out []string
	for _, n := range names {
		if key := normalise.NameKey(n); key != "" && !slices.Contains(out, key) {
			out = append(out, key)
		}
	}
	return out
}

// quoted is what an offer quotes, in one form; "" without figures.
func quoted(o *pay.Offer) string {
	if len(o.Quoted) == 0 || o.Quoted[0].Min == nil {
		return ""
	}
	q := o.Quoted[0]
	high := *q.Min
	if q.Max != nil {
		high = *q.Max
	}
	return q.Unit + " " + strconv.FormatFloat(math.Round(*q.Min*100)/100, 'f', -1, 64) + " " + strconv.FormatFloat(math.Round(high*100)/100, 'f', -1, 64)
}

// cellOf names the cell of the map that a point is in.
func cellOf(lat, lon float64) string {
	return strconv.Itoa(int(math.Floor(lat/cellLat))) + " " + strconv.Itoa(int(math.Floor(lon/cellLon)))
}

// cellsAround are the cells that a place and what is near it are in.
func cellsAround(p *place.Place) []string {
	const degrees = copyMiles / 69 // of latitude; so far north one of longitude is shorter
	east := degrees / math.Max(0.1, math.Cos(p.Lat*math.Pi/180))
	var out []string
	for _, lat := range []float64{p.Lat - degrees, p.Lat + degrees} {
		for _, lon := range []float64{p.Lon - east, p.Lon + east} {
			if s := cellOf(lat, lon); !slices.Contains(out, s) {
				out = append(out, s)
			}
		}
	}
	return out
}

// signs are how much says that two vacancies are one job.
type signs struct {
	weight float64
	// told says that text or name speak for it, and not figures and dates alone.
	told bool
}

func (s signs) enough() bool { return s.weight >= enoughSigns }

// signsOfCopy weighs whether one of two vacancies is an agency's copy of the other;
// zero when something tells them apart.
func signsOfCopy(v, o *sendwatch.Vacancy) signs {
	if side(v) == side(o) || !mayHaveCopies(v) || !mayHaveCopies(o) || v.Role != o.Role || place.Miles(v.Place, o.Place) > copyMiles ||
		v.FirstSeen.Sub(o.FirstSeen).Abs() > copyTime || copyApart(&v.Reading, &o.Reading) {
		return signs{}
	}
	var s signs
	mine, theirs := schools(v), schools(o)
	for _, name := range mine {
		if slices.Contains(theirs, name) {
			s = signs{enoughSigns, true}
		}
	}
	if !s.told && (len(mine) > 0 && len(theirs) > 0 || clash(v.Setting, o.Setting)) {
		return signs{} // it is for another school
	}
	_, contained := normalise.OwnWording(&v.Reading).Alike(normalise.OwnWording(&o.Reading))
	switch {
	case contained >= copiedText:
		s.weight += enoughSigns + contained
		s.told = true
	case contained >= passages:
		s.weight += 1 + contained
	}
	day := normalise.ClosingDay(&v.Reading)
	for _, agrees := range []bool{
		day != "" && day == normalise.ClosingDay(&o.Reading),
		quoted(&v.Pay) != "" && quoted(&v.Pay) == quoted(&o.Pay),
		v.Pay.HoursPerWeek != nil && o.Pay.HoursPerWeek != nil && *v.Pay.HoursPerWeek == *o.Pay.HoursPerWeek,
		v.Pay.Start != nil && o.Pay.Start != nil && *v.Pay.Start == *o.Pay.Start && strings.Count(*v.Pay.Start, "-") == 2,
	} {
		if agrees {
			s.weight++
		}
	}
	return s
}

// copyApart reports whether two readings cannot be of one post though an agency
// words things its own way: it may name another contract or pattern, but not other
// pupils.
func copyApart(a, b *sendwatch.Reading) bool {
	strangers := func(a, b []string) bool {
		return len(a) > 0 && len(b) > 0 && !slices.ContainsFunc(a, func(x string) bool { return slices.Contains(b, x) })
	}
	return strangers(a.Phases, b.Phases) || strangers(a.Needs, b.Needs) ||
		a.Pay.HoursPerWeek != nil && b.Pay.HoursPerWeek != nil && math.Abs(*a.Pay.HoursPerWeek-*b.Pay.HoursPerWeek) > 5
}
