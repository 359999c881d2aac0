package ingest

import (
	"context"
	"net/url"
	"strings"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/store"
)

// The kinds of key by which a posting is recognised as another one's job, beside
// its own source and reference.
const (
	keyURL         = "url"
	keyFingerprint = "fingerprint"
)

// keysOf returns the keys of a posting.
func keysOf(p *sendwatch.Posting, r *sendwatch.Reading) []store.Key {
	var keys []store.Key
	if u := canonicalURL(p.URL); u != "" {
		keys = append(keys, store.Key{Kind: keyURL, Value: u})
	}
	if r.Fingerprint != "" {
		keys = append(keys, store.Key{Kind: keyFingerprint, Value: r.Fingerprint})
	}
	return keys
}

// canonicalURL folds the ways in which one address is written: scheme and www, the
// host's capitals, a closing slash, the fragment, and what trackers add. Empty when
// the address names no page of its own.
func canonicalURL(s string) string {
	u, err := url.Parse(strings.TrimSpace(s))
	if err != nil || u.Host == "" || strings.Trim(u.Path, "/") == "" && u.RawQuery == "" {
		return ""
	}
	q := u.Query()
	for name := range q {
		if strings.HasPrefix(name, "utm_") || name == "gclid" || name == "fbclid" {
			q.Del(name)
		}
	}
	out := strings.TrimPrefix(strings.ToLower(u.Host), "www.") + strings.TrimRight(u.EscapedPath(), "/")
	if query := q.Encode(); query != "" {
		out += "?" + query
	}
	return out
}

// identify decides which vacancy a posting belongs to, and unites vacancies that
// prove to be one: the oldest stays. The caller holds the head of the change log,
// so nobody decides beside it.
func (in *Ingest) identify(ctx context.Context, tx *store.Tx, p *store.Posting) (string, error) {
	kin, err := tx.Kin(ctx, p.Source, p.Reference, p.Keys)
	if err != nil {
		return "", err
	}
	var same []*sendwatch.Vacancy
	seen := map[string]bool{}
	consider := func(id string, accept func(*sendwatch.Vacancy) bool) error {
		if id == "" || seen[id] {
			return nil
		}
		v, err := tx.Vacancy(ctx, id)
		if err != nil {
			return err
		}
		if accept == nil || accept(v) {
			seen[id] = true
			same = append(same, v)
		}
		return nil
	}
	if err := consider(p.Vacancy, nil); err != nil {
		return "", err
	}
	for _, k := range kin {
		if !k.Open && (k.ClosedAt == nil || in.Now().Sub(*k.ClosedAt) > in.Repost) {
			continue
		}
		accept := func(*sendwatch.Vacancy) bool { return true }
		if k.Kind == keyURL && k.Source == p.Source {
			// One page may carry several adverts; under one title they are one.
			accept = func(v *sendwatch.Vacancy) bool { return sameTitle(v.Title, p.Reading.Title) }
		}
		if err := consider(k.Vacancy, accept); err != nil {
			return "", err
		}
	}
	if len(same) == 0 {
		return in.NewID(), nil
	}
	return unite(ctx, tx, same)
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
		if err := tx.Unite(ctx, oldest.ID, v.ID); err != nil {
			return "", err
		}
		if err := tx.Append(ctx, sendwatch.Change{Event: sendwatch.VacancyUnited, Vacancy: v.ID, Cause: sendwatch.CauseCrawl}); err != nil {
			return "", err
		}
	}
	return oldest.ID, nil
}

func sameTitle(a, b string) bool {
	fold := func(s string) string { return strings.Join(strings.Fields(strings.ToLower(s)), " ") }
	return fold(a) == fold(b)
}
