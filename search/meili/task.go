package meili

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/meilisearch/meilisearch-go"
)

// The pauses between two looks at a task.
const (
	firstPause = 10 * time.Millisecond
	lastPause  = 500 * time.Millisecond
	// maxMissed is how many looks in a row may go without an answer.
	maxMissed = 3
)

// enqueue hands the server a task and returns its uid. That the server has taken
// it says nothing of what will come of it.
func (x *Index) enqueue(ctx context.Context, op string, write func(context.Context) (*meilisearch.TaskInfo, error)) (int64, error) {
	var info *meilisearch.TaskInfo
	err := x.send(ctx, op, func(ctx context.Context) (err error) {
		info, err = write(ctx)
		return err
	})
	if err != nil {
		return 0, err
	}
	return info.TaskUID, nil
}

// follow waits for a task and returns what has become of it. The library's own
// wait takes a failed task for a success.
func (x *Index) follow(ctx context.Context, op string, uid int64) error {
	return x.poll(ctx, op, uid, func(ctx context.Context) (bool, error) {
		task, err := x.look(ctx, op, uid)
		switch {
		case err != nil:
			return false, err
		case task.Status == meilisearch.TaskStatusFailed, task.Status == meilisearch.TaskStatusCanceled:
			return false, taskError(op, task)
		}
		return task.Status == meilisearch.TaskStatusSucceeded, nil
	})
}

// poll looks again and again, ever less often, until a task is done. A server that
// misses a look or two, because it is restarted, is looked at again.
func (x *Index) poll(ctx context.Context, op string, uid int64, done func(context.Context) (bool, error)) error {
	waiting, cancel := context.WithTimeout(ctx, x.o.TaskTimeout)
	defer cancel()
	missed := 0
	for pause := firstPause; ; pause = min(pause*3/2, lastPause) {
		ok, err := done(waiting)
		switch {
		case ctx.Err() != nil:
			return fmt.Errorf("meilisearch: %s: %w", op, ctx.Err())
		case waiting.Err() != nil:
			return x.unfinished(op, uid)
		case ok:
			return nil
		case err == nil:
			missed = 0
		case missed == maxMissed || !isUnanswered(err):
			return err
		default:
			missed++
			pause = lastPause
		}
		select {
		case <-time.After(pause):
		case <-waiting.Done():
		}
	}
}

func (x *Index) look(ctx context.Context, op string, uid int64) (task *meilisearch.Task, err error) {
	err = x.ask(ctx, op, func(ctx context.Context) (err error) {
		task, err = x.client.GetTaskWithContext(ctx, uid)
		return err
	})
	return task, err
}

func (x *Index) unfinished(op string, uid int64) error {
	return &Error{Op: op, temporary: true, Message: fmt.Sprintf(
		"task %d is not done after %s; it may still be: see the server's list of tasks", uid, x.o.TaskTimeout)}
}

// taskError is the error of a task that failed or was cancelled. An invalid
// request stays one; the rest, such as a full disk, is the server's to get over.
func taskError(op string, task *meilisearch.Task) error {
	if task.Status == meilisearch.TaskStatusCanceled {
		return &Error{Op: op, Code: "canceled", Message: fmt.Sprintf("somebody cancelled task %d", task.UID), temporary: true}
	}
	return &Error{
		Op: op, Code: cmp.Or(task.Error.Code, "failed"), Message: fmt.Sprintf("task %d failed: %s", task.UID, capped(task.Error.Message)),
		temporary: task.Error.Type != "invalid_request",
	}
}
