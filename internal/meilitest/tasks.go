package meilitest

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"time"
)

// The states of a task.
const (
	enqueued   = "enqueued"
	processing = "processing"
	succeeded  = "succeeded"
	failed     = "failed"
	canceled   = "canceled"
)

// The types of tasks that this server makes, and those it only knows by name.
const (
	documentAdditionOrUpdate = "documentAdditionOrUpdate"
	documentDeletion         = "documentDeletion"
	settingsUpdate           = "settingsUpdate"
	indexCreation            = "indexCreation"
	indexUpdate              = "indexUpdate"
	indexDeletion            = "indexDeletion"
	indexSwap                = "indexSwap"
	taskCancelation          = "taskCancelation"
	taskDeletion             = "taskDeletion"
)

var taskTypes = []string{documentAdditionOrUpdate, "documentEdition", documentDeletion, settingsUpdate, indexCreation,
	indexDeletion, indexUpdate, indexSwap, taskCancelation, taskDeletion, "dumpCreation", "snapshotCreation", "export",
	"upgradeDatabase", "indexCompaction", "networkTopologyChange"}

var taskStatuses = []string{enqueued, processing, succeeded, failed, canceled}

// task is one piece of work.
type task struct {
	uid                         int
	batch                       *int
	index                       string
	status, kind                string
	canceledBy                  *int
	details                     map[string]any
	err                         *apiError
	enqueued, started, finished time.Time
	metadata                    string
	// batches says that the task is done together with its neighbours.
	batches bool
	// mayCreate says that the caller's key may create the index it writes to.
	mayCreate bool
	// run carries the task out: all of it, or nothing and an error. It is called
	// with the lock held and writes what came of it into details.
	run func(s *Server, t *task) error
}

// enqueue takes a task in and answers with its summary. Tasks about other tasks
// are answered with 200, all others with 202.
func (c *call) enqueue(t *task) (int, any, error) {
	s := c.s
	s.mu.Lock()
	defer s.mu.Unlock()
	// A key that may create indexes may do so by writing to one.
	t.mayCreate = c.key.may("indexes.create")
	t.metadata = c.query.Get("customMetadata")
	status := http.StatusAccepted
	if t.kind == taskCancelation || t.kind == taskDeletion {
		status = http.StatusOK
	}
	return status, s.add(t), nil
}

// add puts a task at the end of the queue. The caller holds the lock.
func (s *Server) add(t *task) taskSummary {
	t.uid, t.status = s.nextTask, enqueued
	s.nextTask++
	t.enqueued = s.o.Now()
	s.tasks = append(s.tasks, t)
	s.wake.Broadcast()
	return taskSummary{t.uid, nullable(t.index), t.status, t.kind, stamp(t.enqueued), t.metadata}
}

// work carries out tasks until the server is closed.
func (s *Server) work() {
	defer close(s.working)
	s.mu.Lock()
	defer s.mu.Unlock()
	for {
		t := s.next()
		for !s.closed && (s.down || s.held || t == nil) {
			s.wake.Wait()
			t = s.next()
		}
		if s.closed {
			return
		}
		s.process(t)
	}
}

// next is the task to carry out: cancelations first, then deletions of tasks,
// then all others in order.
func (s *Server) next() *task {
	var first *task
	urgency := func(t *task) int {
		switch t.kind {
		case taskCancelation:
			return 0
		case taskDeletion:
			return 1
		}
		return 2
	}
	for _, t := range s.tasks {
		if t.status == enqueued && (first == nil || urgency(t) < urgency(first)) {
			first = t
		}
	}
	return first
}

// process carries out a batch of tasks. It lets go of the lock between the start
// and the work, so that they are seen processing; when the server is stopped,
// its data forgotten or a task cancelled in that moment, nothing happens.
func (s *Server) process(first *task) {
	number, now := s.batches, s.o.Now()
	batch := s.batchOf(first)
	for _, t := range batch {
		t.status, t.started, t.batch = processing, now, &number
	}
	s.wake.Broadcast()
	s.mu.Unlock()
	s.mu.Lock()
	batch = slices.DeleteFunc(batch, func(t *task) bool { return t.status != processing || !slices.Contains(s.tasks, t) })
	if s.down || s.closed {
		for _, t := range batch {
			t.status, t.started, t.batch = enqueued, time.Time{}, nil
		}
		return
	}
	if len(batch) == 0 {
		return
	}
	s.batches++
	s.carryOut(batch)
}

// batchOf gives a task with those after it that are done together with it:
// additions and deletions of documents of one index, up to the first task of
// another kind.
func (s *Server) batchOf(first *task) []*task {
	batch := []*task{first}
	if !first.batches {
		return batch
	}
	for _, t := range s.tasks[slices.Index(s.tasks, first)+1:] {
		if t.status != enqueued || t.index != first.index && t.index != "" {
			continue
		}
		if !t.batches {
			break
		}
		batch = append(batch, t)
	}
	return batch
}

// carryOut does the tasks of a batch, each for itself. Only a place that is none
// spoils all of them: it is found when the others are done already. That takes
// an index which reads places, so there is one to go back to.
func (s *Server) carryOut(batch []*task) {
	var before *index
	if x, ok := s.indexes[batch[0].index]; ok && len(batch) > 1 {
		before = x.clone()
	}
	errs := make([]error, len(batch))
	var spoilt error
	for i, t := range batch {
		errs[i] = s.run(t)
		var e *apiError
		if errors.As(errs[i], &e) && e.code == badGeo {
			spoilt = e
		}
	}
	if spoilt != nil && before != nil {
		s.indexes[batch[0].index] = before
	}
	for i, t := range batch {
		if spoilt != nil {
			errs[i] = spoilt
		}
		s.finish(t, errs[i])
	}
}

func (s *Server) run(t *task) error {
	if len(s.failures) > 0 {
		code := s.failures[0]
		s.failures = s.failures[1:]
		return fail(code, "The test asked for this task to fail.")
	}
	return t.run(s, t)
}

// finish writes down what came of a task.
func (s *Server) finish(t *task, err error) {
	t.finished = s.o.Now()
	t.run = nil
	t.status = succeeded
	if err != nil {
		t.status = failed
		if !errors.As(err, &t.err) {
			t.err = fail("internal", "%v", err)
		}
	}
	t.settle()
	s.updated = t.finished
	if x, ok := s.indexes[t.index]; ok && t.status == succeeded {
		x.updated = t.finished
	}
	s.wake.Broadcast()
}

// settle turns what a task has not counted, or not kept, to zero: null stands for
// "not known yet" only.
func (t *task) settle() {
	for _, name := range []string{"indexedDocuments", "deletedDocuments", "canceledTasks", "deletedTasks"} {
		if v, ok := t.details[name]; ok && (v == nil || t.status != succeeded) {
			t.details[name] = 0
		}
	}
}

// taskSummary is the reply to a request that made a task.
type taskSummary struct {
	TaskUID    int     `json:"taskUid"`
	IndexUID   *string `json:"indexUid"`
	Status     string  `json:"status"`
	Type       string  `json:"type"`
	EnqueuedAt string  `json:"enqueuedAt"`
	Metadata   string  `json:"customMetadata,omitempty"`
}

// taskView is a task as it is told.
type taskView struct {
	UID        int            `json:"uid"`
	BatchUID   *int           `json:"batchUid"`
	IndexUID   *string        `json:"indexUid"`
	Status     string         `json:"status"`
	Type       string         `json:"type"`
	CanceledBy *int           `json:"canceledBy"`
	Details    map[string]any `json:"details,omitempty"`
	Error      *apiError      `json:"error"`
	Duration   *string        `json:"duration"`
	EnqueuedAt string         `json:"enqueuedAt"`
	StartedAt  *string        `json:"startedAt"`
	FinishedAt *string        `json:"finishedAt"`
	Metadata   string         `json:"customMetadata,omitempty"`
}

func (t *task) view() taskView {
	v := taskView{
		UID: t.uid, BatchUID: t.batch, IndexUID: nullable(t.index), Status: t.status, Type: t.kind,
		CanceledBy: t.canceledBy, Details: maps.Clone(t.details), Error: t.err, EnqueuedAt: stamp(t.enqueued), Metadata: t.metadata,
	}
	if !t.started.IsZero() {
		v.StartedAt = nullable(stamp(t.started))
	}
	if !t.finished.IsZero() {
		v.FinishedAt = nullable(stamp(t.finished))
		if !t.started.IsZero() {
			v.Duration = nullable(isoDuration(t.finished.Sub(t.started)))
		}
	}
	return v
}

func nullable(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

// isoDuration writes a duration as ISO 8601 does, with three, six or nine
// decimals, as few as needed.
func isoDuration(d time.Duration) string {
	seconds, nanos := int64(d/time.Second), int64(d%time.Second)
	switch {
	case nanos == 0:
		return fmt.Sprintf("PT%dS", seconds)
	case nanos%int64(time.Millisecond) == 0:
		return fmt.Sprintf("PT%d.%03dS", seconds, nanos/int64(time.Millisecond))
	case nanos%int64(time.Microsecond) == 0:
		return fmt.Sprintf("PT%d.%06dS", seconds, nanos/int64(time.Microsecond))
	}
	return fmt.Sprintf("PT%d.%09dS", seconds, nanos)
}
