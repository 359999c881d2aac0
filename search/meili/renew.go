package meili

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"regexp"
	"slices"
	"strconv"
	"time"

	"github.com/meilisearch/meilisearch-go"

	"github.com/sendwatch/sendwatch/search"
)

const (
	// nextSuffix names the index that a renewal fills.
	nextSuffix = "-next"
	// inFlight is how many tasks of a renewal the server may have before it. It
	// puts tasks that wait together into one, which is most of what makes filling
	// fast; nobody sees the index yet, so no answer waits for each.
	inFlight = 8
	// keepTasks is how long the server keeps its records of our finished tasks,
	// and keepLayouts how long the index of another layout is kept after its last
	// change: some older program may still run.
	keepTasks   = 7 * 24 * time.Hour
	keepLayouts = 7 * 24 * time.Hour
)

// renewal is an index in the making: under a uid of its own, until Commit gives
// it the uid that is searched.
type renewal struct {
	x   *Index
	uid string
	// created is when the server made the index. It tells it from one that another
	// renewal has put in its place since.
	created time.Time
	// name is the mark of this renewal on the cursor: the uid of the task that made
	// the index, which the server gives out once.
	name string
	// pending are the tasks that were not yet followed to their end.
	pending []int64
}

var _ search.Renewal = (*renewal)(nil)

var errOvertaken = &Error{Op: "rebuild", Message: "another rebuild has begun since and goes on in place of this one"}

// Renew begins an empty index, in place of any that an earlier Renew has left.
func (x *Index) Renew(ctx context.Context) (search.Renewal, error) {
	if err := x.usable(ctx); err != nil {
		return nil, err
	}
	if err := x.supported(ctx); err != nil {
		return nil, err
	}
	r := &renewal{x: x, uid: x.uid + nextSuffix}
	if err := x.drop(ctx, r.uid); err != nil {
		return nil, err
	}
	first, err := x.configure(ctx, r.uid)
	if err != nil {
		return nil, err
	}
	r.name = strconv.FormatInt(first, 10)
	if r.created, err = x.created(ctx, r.uid); err != nil {
		return nil, err
	}
	if err := r.Apply(ctx, search.Batch{}); err != nil {
		return nil, err
	}
	return r, r.settle(ctx, 0)
}

// Apply adds vacancies. What the server makes of them shows at Commit at last.
func (r *renewal) Apply(ctx context.Context, b search.Batch) error {
	if err := r.x.usable(ctx); err != nil {
		return err
	}
	if err := r.current(ctx); err != nil {
		return err
	}
	pend := func(task int64) error {
		r.pending = append(r.pending, task)
		return r.settle(ctx, inFlight)
	}
	if err := r.x.remove(ctx, r.uid, b, pend); err != nil {
		return err
	}
	mark := r.x.mark(b.Cursor)
	mark[attrRenewal] = r.name
	_, err := r.x.put(ctx, r.uid, b.Put, mark, pend)
	return err
}

// current refuses to go on when the index is no longer ours.
func (r *renewal) current(ctx context.Context) error {
	created, err := r.x.created(ctx, r.uid)
	if isCode(err, codeNoIndex) || err == nil && !created.Equal(r.created) {
		return errOvertaken
	}
	return err
}

// created asks when an index was made.
func (x *Index) created(ctx context.Context, uid string) (at time.Time, err error) {
	err = x.ask(ctx, "look for an index", func(ctx context.Context) error {
		i, err := x.client.GetIndexWithContext(ctx, uid)
		if err == nil {
			at = i.CreatedAt
		}
		return err
	})
	return at, err
}

// settle follows the oldest tasks until no more than so many are left.
func (r *renewal) settle(ctx context.Context, most int) error {
	for len(r.pending) > most {
		if err := r.x.follow(ctx, "rebuild", r.pending[0]); err != nil {
			return err
		}
		r.pending = r.pending[1:]
	}
	return nil
}

// Commit lets the two indexes change their uids, which the server does in one
// step, and removes the old one. Cut short before that step it has done nothing;
// cut short after it, it leaves the old index for the next Renew to remove.
func (r *renewal) Commit(ctx context.Context) error {
	if err := r.settle(ctx, 0); err != nil {
		return err
	}
	x := r.x
	if err := x.lock(ctx); err != nil {
		return err
	}
	defer x.unlock()
	if err := r.current(ctx); err != nil {
		return err
	}
	// Both must be there to change places.
	if err := x.ensure(ctx); err != nil {
		return err
	}
	task, err := x.enqueue(ctx, "rebuild: swap the indexes", func(ctx context.Context) (*meilisearch.TaskInfo, error) {
		return x.client.SwapIndexesWithContext(ctx, []*meilisearch.SwapIndexesParams{{Indexes: []string{x.uid, r.uid}}})
	})
	if err == nil {
		err = r.followSwap(ctx, task)
	}
	if err != nil {
		return err
	}
	x.words.forget()
	if err := errors.Join(x.drop(ctx, r.uid), x.tidy(ctx)); err != nil {
		x.o.Log.Warn("what a rebuild has left on the Meilisearch server is not all removed", slog.Any("error", err))
	}
	return nil
}

// followSwap waits for the swap. A key that is bound to our indexes is not shown
// that task, which belongs to no one index: then it has succeeded when the index
// that is searched has this renewal's mark.
func (r *renewal) followSwap(ctx context.Context, task int64) error {
	const op = "rebuild: swap the indexes"
	err := r.x.follow(ctx, op, task)
	if !isCode(err, codeNoTask) {
		return err
	}
	return r.x.poll(ctx, op, task, func(ctx context.Context) (bool, error) {
		at, err := r.x.position(ctx, r.x.uid)
		return at.renewal == r.name, err
	})
}

// Discard removes what was begun, unless another renewal has already.
func (r *renewal) Discard(ctx context.Context) error {
	if err := r.current(ctx); err != nil {
		if errors.Is(err, errOvertaken) {
			return nil
		}
		return err
	}
	return r.x.drop(ctx, r.uid)
}

// drop deletes an index; one that is not there is no error. It is looked for first,
// so that the server keeps no failed task, which would look like trouble.
func (x *Index) drop(ctx context.Context, uid string) error {
	_, err := x.created(ctx, uid)
	if isCode(err, codeNoIndex) {
		return nil
	}
	if err != nil {
		return err
	}
	task, err := x.enqueue(ctx, "delete an index", func(ctx context.Context) (*meilisearch.TaskInfo, error) {
		return x.client.DeleteIndexWithContext(ctx, uid)
	})
	if err == nil {
		err = x.follow(ctx, "delete an index", task)
	}
	if isCode(err, codeNoIndex) {
		return nil
	}
	return err
}

// tidy removes the indexes of layouts that nobody has written to for long, and
// the records of old tasks that went well.
func (x *Index) tidy(ctx context.Context) error {
	others, err := x.others(ctx)
	if err != nil {
		return err
	}
	for _, other := range others {
		if x.o.Now().Sub(other.UpdatedAt) > keepLayouts {
			x.o.Log.Info("the index of another layout is removed", slog.String("index", other.UID))
			if err := x.drop(ctx, other.UID); err != nil {
				return err
			}
		}
	}
	_, err = x.enqueue(ctx, "delete records of old tasks", func(ctx context.Context) (*meilisearch.TaskInfo, error) {
		return x.client.DeleteTasksWithContext(ctx, &meilisearch.DeleteTasksQuery{
			IndexUIDS:        []string{x.uid, x.uid + nextSuffix},
			Statuses:         []meilisearch.TaskStatus{meilisearch.TaskStatusSucceeded},
			BeforeFinishedAt: x.o.Now().Add(-keepTasks),
		})
	})
	return err
}

// others lists the indexes of ours that have another layout.
func (x *Index) others(ctx context.Context) ([]*meilisearch.IndexResult, error) {
	ours := regexp.MustCompile(fmt.Sprintf(`^%s-[0-9a-f]{%d}(%s)?$`, regexp.QuoteMeta(x.o.Name), hashDigits, nextSuffix))
	var list *meilisearch.IndexesResults
	err := x.ask(ctx, "list the indexes", func(ctx context.Context) (err error) {
		list, err = x.client.ListIndexesWithContext(ctx, &meilisearch.IndexesQuery{Limit: 1000})
		return err
	})
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(list.Results, func(i *meilisearch.IndexResult) bool {
		return i == nil || !ours.MatchString(i.UID) || i.UID == x.uid || i.UID == x.uid+nextSuffix
	}), nil
}
