package searchtest

import (
	"context"
	"maps"
	"slices"
	"sync"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/search"
)

// Engine is a search engine that looks at every vacancy each time. It is what
// other engines are compared with, and stands in for one where a test is about
// something else. It keeps everything in memory, and passes the suite.
type Engine struct {
	kit Kit

	mu      sync.RWMutex
	content content
}

// content is what an engine holds.
type content struct {
	*plain
	cursor int64
}

var _ search.Renewable = (*Engine)(nil)

// NewEngine makes an empty Engine.
func NewEngine(k Kit) *Engine { return &Engine{kit: k, content: content{plain: newPlain(k, nil)}} }

// Search answers a query.
func (x *Engine) Search(ctx context.Context, q search.Query) (search.Result, error) {
	q, err := q.Normalised()
	if err != nil {
		return search.Result{}, err
	}
	x.mu.RLock()
	defer x.mu.RUnlock()
	found := x.content.accepted(&q.Filter)
	res := search.Result{Total: len(found), Hits: []search.Hit{}}
	ordered := x.content.ordered(found, &q.Filter, q.Sort)
	for _, id := range ordered[min(q.Skip(), len(ordered)):min(q.Skip()+q.PerPage, len(ordered))] {
		res.Hits = append(res.Hits, search.Hit{
			ID: id, Score: x.content.score(id, &q.Filter, q.Sort), Miles: x.content.miles(id, q.Filter.Homes),
		})
	}
	if len(q.Facets) > 0 {
		all := x.content.facets(found)
		res.Facets = make(map[string][]search.Facet)
		for _, name := range q.Facets {
			res.Facets[name] = all[name][:min(len(all[name]), search.MaxFacetValues)]
		}
	}
	return res, ctx.Err()
}

// Apply puts and deletes vacancies and moves the cursor.
func (x *Engine) Apply(ctx context.Context, b search.Batch) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	x.content.apply(x.kit, b)
	return nil
}

func (c *content) apply(k Kit, b search.Batch) {
	for _, id := range b.Delete {
		delete(c.vacancies, id)
		delete(c.attributes, id)
		delete(c.texts, id)
	}
	added := newPlain(k, slices.Collect(clones(b.Put)))
	maps.Copy(c.vacancies, added.vacancies)
	maps.Copy(c.attributes, added.attributes)
	maps.Copy(c.texts, added.texts)
	c.cursor = b.Cursor
}

// clones keeps an engine from seeing what becomes of a vacancy that it was given.
func clones(vs []*sendwatch.Vacancy) func(yield func(*sendwatch.Vacancy) bool) {
	return func(yield func(*sendwatch.Vacancy) bool) {
		for _, v := range vs {
			clone := *v
			if !yield(&clone) {
				return
			}
		}
	}
}

// Reset deletes everything.
func (x *Engine) Reset(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	x.content = content{plain: newPlain(x.kit, nil)}
	return nil
}

// Cursor is the last change that the engine has seen.
func (x *Engine) Cursor(ctx context.Context) (int64, error) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return x.content.cursor, ctx.Err()
}

// Vocabulary counts the words of all vacancies.
func (x *Engine) Vocabulary(ctx context.Context) (map[string]int, error) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	out := make(map[string]int)
	for _, text := range x.content.texts {
		for _, word := range text.Words {
			out[word]++
		}
	}
	return out, ctx.Err()
}

// Count is the number of vacancies held.
func (x *Engine) Count(ctx context.Context) (int, error) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return len(x.content.vacancies), ctx.Err()
}

// Close does nothing.
func (x *Engine) Close() error { return nil }

// renewal is content in the making.
type renewal struct {
	engine *Engine
	content
}

// Renew begins an empty engine beside this one.
func (x *Engine) Renew(ctx context.Context) (search.Renewal, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return &renewal{engine: x, content: content{plain: newPlain(x.kit, nil)}}, nil
}

// Apply adds vacancies.
func (r *renewal) Apply(ctx context.Context, b search.Batch) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	r.apply(r.engine.kit, b)
	return nil
}

// Commit puts the new content in the place of the old.
func (r *renewal) Commit(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	r.engine.mu.Lock()
	defer r.engine.mu.Unlock()
	r.engine.content = r.content
	return nil
}

// Discard leaves the new content to the garbage collector.
func (r *renewal) Discard(context.Context) error { return nil }
