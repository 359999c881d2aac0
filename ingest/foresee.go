package ingest

import (
	"context"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/store"
)

// foreseenTogether is how many adverts it is asked of at once what is known of them.
const foreseenTogether = 64

// foresee has the transaction ask in a few statements what the entries will be looked
// up by. Most adverts of a crawl are new, and of those nothing is known.
func foresee(ctx context.Context, tx *store.Tx, entries []entry) error {
	var f store.Foreseen
	for _, e := range entries {
		a, ok := e.(*arrival)
		if !ok {
			continue
		}
		f.Postings = append(f.Postings, &store.Posting{Source: a.content.Source, Reference: a.content.Reference, Content: a.content, Keys: a.keys})
		f.Keys = append(f.Keys, exactKeys(a.keys)...)
		for _, k := range a.keys {
			if k.Kind == keyLike {
				f.Keys = append(f.Keys, k)
			}
		}
		f.VacancyKeys = append(f.VacancyKeys, copyKeys(alone(&a.reading), a.signs)...)
	}
	return tx.Foresee(ctx, f)
}

// alone is the vacancy of one open posting, as far as its reading goes.
func alone(r *sendwatch.Reading) *sendwatch.Vacancy {
	return &sendwatch.Vacancy{State: sendwatch.VacancyOpen, Reading: *r}
}
