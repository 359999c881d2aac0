package web

import (
	"context"
	"sync"
	"time"

	"github.com/sendwatch/sendwatch/search"
)

// askedFor is how often each concept is asked for, as far as the newest posts tell.
// It orders a form and nothing else, so it may be an hour old.
type askedFor struct {
	mu  sync.Mutex
	at  time.Time
	num map[string]int
}

const (
	askedOld    = time.Hour
	askedLooked = 5 * search.MaxPerPage
)

// counts returns the counts, made anew when they are old.
func (a *askedFor) counts(ctx context.Context, s *Site) (map[string]int, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if now := s.o.Now(); a.num != nil && now.Sub(a.at) < askedOld {
		return a.num, nil
	}
	ids, _, err := s.first(ctx, search.Request{Sort: search.SortNewest}, askedLooked)
	if err != nil {
		return nil, err
	}
	vs, err := s.o.Store.Vacancies(ctx, ids)
	if err != nil {
		return nil, err
	}
	num := map[string]int{}
	for _, v := range vs {
		for i := range v.Requirements {
			num[v.Requirements[i].ID]++
		}
	}
	if len(num) > 0 { // an index that is only filling up is asked again
		a.at, a.num = s.o.Now(), num
	}
	return num, nil
}
