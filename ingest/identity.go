package ingest

import (
	"context"
	"errors"
	"slices"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/store"
)

// errUnsettled says that it depends on what else the crawl will find whose job a
// posting advertises: the advert that it may have replaced is not missing yet.
var errUnsettled = errors.New("not settled before the end of the crawl")

// identify decides which vacancy a posting belongs to, and unites vacancies that
// prove to be one: the oldest stays. A fresh id is one that nothing belongs to yet.
// The caller holds the head of the change log, so nobody decides beside it.
func (in *Ingest) identify(ctx context.Context, tx *store.Tx, p *store.Posting, a *arrival) (id string, fresh bool, err error) {
	kin, err := in.kin(ctx, tx, p)
	if err != nil {
		return "", false, err
	}
	left := "" // the vacancy that the posting has parted from
	if gone, err := in.parts(ctx, tx, p, kin); err != nil {
		return "", false, err
	} else if gone {
		left, p.Vacancy = p.Vacancy, ""
	}
	same, err := in.proven(ctx, tx, p, kin, left)
	if err != nil {
		return "", false, err
	}
	if len(same) == 0 || len(same) == 1 && same[0].ID == p.Vacancy {
		like, err := in.likely(ctx, tx, p, a, left)
		if err != nil {
			return "", false, err
		}
		if like != "" {
			v, err := tx.Vacancy(ctx, like)
			if err != nil {
				return "", false, err
			}
			same = append(same, v)
		}
	}
	if len(same) > 0 {
		id, err = unite(ctx, tx, same)
		return id, false, err
	}
	id = in.NewID()
	if left != "" {
		err = tx.CopyLedger(ctx, left, id)
	}
	return id, true, err
}

// kin are the postings that are this one by an exact key.
func (in *Ingest) kin(ctx context.Context, tx *store.Tx, p *store.Posting) ([]store.Kin, error) {
	return tx.Kin(ctx, p.Source, p.Reference, exactKeys(p.Keys), in.Now().Add(-in.Repost))
}

// exactKeys are the keys by which other postings are this one: its address, the one
// that either says is its own too, a reference that nobody else mints, or its text.
func exactKeys(of []store.Key) (keys []store.Key) {
	for _, k := range of {
		switch k.Kind {
		case keyURL:
			keys = append(keys, k, store.Key{Kind: keyNames, Value: k.Value})
		case keyNames:
			keys = append(keys, store.Key{Kind: keyURL, Value: k.Value})
		case keyUUID, keyFingerprint:
			keys = append(keys, k)
		}
	}
	return keys
}

// proven are the posting's own vacancy and those of its kin.
func (in *Ingest) proven(ctx context.Context, tx *store.Tx, p *store.Posting, kin []store.Kin, but string) (same []*sendwatch.Vacancy, err error) {
	seen := map[string]bool{"": true, but: true}
	consider := func(id string, accept func(*sendwatch.Vacancy) bool) error {
		if seen[id] {
			return nil
		}
		v, err := tx.Vacancy(ctx, id)
		if err != nil {
			return err
		}
		if accept(v) {
			seen[id] = true
			same = append(same, v)
		}
		return nil
	}
	sameTitle := func(v *sendwatch.Vacancy) bool { return sameTitles(&v.Reading, &p.Reading) }
	whatever := func(*sendwatch.Vacancy) bool { return true }
	if err := consider(p.Vacancy, whatever); err != nil {
		return nil, err
	}
	at := map[string]int{} // how many vacancies an address is of
	for i, k := range kin {
		if !slices.ContainsFunc(kin[:i], func(o store.Kin) bool { return o.Key == k.Key && o.Vacancy == k.Vacancy }) {
			at[k.Value]++
		}
	}
	for _, k := range kin {
		accept := whatever
		if k.Kind == keyUUID || k.Kind != keyFingerprint && (k.Source == p.Source || at[k.Value] > 1) {
			// One page may carry several adverts; under one title they are one.
			accept = sameTitle
		}
		if err := consider(k.Vacancy, accept); err != nil {
			return nil, err
		}
	}
	return same, nil
}

// parts reports whether a posting whose text changed has left the vacancy that it
// was of: no exact key ties it to the vacancy's other postings any more, and
// something tells it from each of them.
func (in *Ingest) parts(ctx context.Context, tx *store.Tx, p *store.Posting, kin []store.Kin) (bool, error) {
	if p.Vacancy == "" || slices.ContainsFunc(kin, func(k store.Kin) bool { return k.Vacancy == p.Vacancy }) {
		return false, nil
	}
	others, err := siblings(ctx, tx, p, p.Vacancy)
	if err != nil {
		return false, err
	}
	for _, o := range others {
		if parted(p, o) == "" {
			return false, nil
		}
	}
	return len(others) > 0, nil
}

// siblings are the other postings of a vacancy.
func siblings(ctx context.Context, tx *store.Tx, p *store.Posting, vacancy string) ([]*store.Posting, error) {
	all, err := tx.Postings(ctx, vacancy)
	return slices.DeleteFunc(all, func(o *store.Posting) bool { return o.Source == p.Source && o.Reference == p.Reference }), err
}

const (
	// mostLike is how many postings that share an inexact key are looked up. Where
	// there are more, it is a template, and some are not looked at: a job told twice is
	// better than one hidden.
	mostLike = 200
	// mostCompared is how many of them are compared by their text, the newest first,
	// and mostBeside of those that the same crawl has met at the same source: of them
	// only a teaser can be joined.
	mostCompared, mostBeside = 20, 3
	// clearLead is how much more of the text than the next a vacancy must have in
	// common where several would do.
	clearLead = 0.1
)

// likely finds the one vacancy that a posting is of by employer, title, place and
// closing date, or by a text that is nearly the same; "" when there is none or when
// several would do.
func (in *Ingest) likely(ctx context.Context, tx *store.Tx, p *store.Posting, a *arrival, but string) (string, error) {
	var values []string
	for _, k := range p.Keys {
		if k.Kind == keyLike {
			values = append(values, k.Value)
		}
	}
	kin, err := tx.KinByAny(ctx, p.Source, p.Reference, keyLike, values, mostLike)
	if err != nil {
		return "", err
	}
	best := map[string]float64{}
	since := in.Now().Add(-in.Repost)
	compared, beside := 0, 0
	for _, k := range kin {
		met := k.Open && k.Source == p.Source && k.LastCrawl == a.lease.Crawl
		switch {
		case !k.Open && (k.ClosedAt == nil || k.ClosedAt.Before(since)):
			// Nothing joins it any more: it need not be looked at again.
			if err := tx.DropKeys(ctx, k.Source, k.Reference, keyLike); err != nil {
				return "", err
			}
			continue
		case k.Vacancy == p.Vacancy || k.Vacancy == but || compared == mostCompared || met && beside == mostBeside:
			continue
		case met:
			beside++
		default:
			compared++
		}
		o, err := tx.Posting(ctx, k.Source, k.Reference)
		if err != nil {
			return "", err
		}
		if l := alikeAdverts(&p.Reading, &o.Reading); l.same && (l.teaser || !met) && toldApart(&p.Reading, &o.Reading) == "" {
			best[k.Vacancy] = max(best[k.Vacancy], l.contained)
		}
	}
	return in.choose(ctx, tx, p, a, best)
}

// choose takes the vacancy whose text is clearly the most alike, of those that the
// posting's own source does not advertise beside it.
func (in *Ingest) choose(ctx context.Context, tx *store.Tx, p *store.Posting, a *arrival, likes map[string]float64) (string, error) {
	first, second, unsettled := "", 0.0, false
	for id, contained := range likes {
		free, err := in.free(ctx, tx, p, a, id)
		if errors.Is(err, errUnsettled) {
			unsettled = true
			continue
		}
		if err != nil {
			return "", err
		}
		switch {
		case !free:
		case first == "" || contained > likes[first]:
			if first != "" {
				second = max(second, likes[first])
			}
			first = id
		default:
			second = max(second, contained)
		}
	}
	switch {
	case unsettled:
		return "", errUnsettled
	case second > 0 && likes[first]-second < clearLead:
		return "", nil
	}
	return first, nil
}

// free reports whether a vacancy may take a posting in by likeness alone. What one
// source lists at the same time under two references is two jobs, unless the text
// is equal or one is a teaser of the other; so its other postings there must be
// closed, or missing from this crawl.
func (in *Ingest) free(ctx context.Context, tx *store.Tx, p *store.Posting, a *arrival, vacancy string) (bool, error) {
	others, err := tx.Postings(ctx, vacancy)
	if err != nil {
		return false, err
	}
	mine := []*store.Posting{p}
	if p.Vacancy != "" {
		if mine, err = tx.Postings(ctx, p.Vacancy); err != nil {
			return false, err
		}
	}
	for _, o := range others {
		for _, m := range mine {
			if o.Source != m.Source {
				continue
			}
			switch {
			case p.Vacancy != "":
				return false, nil // it was told from the other before
			case !o.Open, compareAdverts(&m.Reading, &o.Reading).teaser:
			case o.LastCrawl == a.lease.Crawl || a.late && !a.whole:
				return false, nil
			case !a.late:
				return false, errUnsettled
			}
		}
	}
	return true, nil
}

// unite makes one of several vacancies and returns its id.
func unite(ctx context.Context, tx *store.Tx, same []*sendwatch.Vacancy) (string, error) {
	oldest := same[0]
	for _, v := range same[1:] {
		if v.FirstSeen.Before(oldest.FirstSeen) || v.FirstSeen.Equal(oldest.FirstSeen) && v.ID < oldest.ID {
			oldest = v
		}
	}
	for _, v := range same {
		if v == oldest {
			continue
		}
		if err := unlink(ctx, tx, v); err != nil {
			return "", err
		}
		if err := tx.Unite(ctx, oldest.ID, v.ID); err != nil {
			return "", err
		}
		if err := tx.Append(ctx, sendwatch.Change{Event: sendwatch.VacancyUnited, Vacancy: v.ID, Cause: sendwatch.CauseCrawl}); err != nil {
			return "", err
		}
	}
	return oldest.ID, nil
}
