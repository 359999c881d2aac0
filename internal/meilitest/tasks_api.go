package meilitest

import (
	"net/http"
	"slices"
	"strconv"
	"time"
)

func taskRoutes() []route {
	return []route{
		{"GET /tasks", "tasks.get", reading(listTasks)},
		{"DELETE /tasks", "tasks.delete", deleteTasks},
		{"POST /tasks/cancel", "tasks.cancel", cancelTasks},
		{"GET /tasks/{task}", "tasks.get", reading(getTask)},
	}
}

// taskFilter is which tasks are meant.
type taskFilter struct {
	uids, statuses, types, indexes, canceledBy []string
	enqueued, started, finished                span
}

// span is a time between two, neither of them included.
type span struct{ after, before time.Time }

func (f *taskFilter) params() map[string]param {
	return map[string]param{
		"uids": numbersParam("invalid_task_uids", &f.uids), "statuses": wordsParam("invalid_task_statuses", &f.statuses, taskStatuses),
		"types": wordsParam("invalid_task_types", &f.types, taskTypes), "indexUids": uidsParam(&f.indexes),
		"canceledBy":      numbersParam("invalid_task_canceled_by", &f.canceledBy),
		"afterEnqueuedAt": dateParam("invalid_task_after_enqueued_at", &f.enqueued.after), "beforeEnqueuedAt": dateParam("invalid_task_before_enqueued_at", &f.enqueued.before),
		"afterStartedAt": dateParam("invalid_task_after_started_at", &f.started.after), "beforeStartedAt": dateParam("invalid_task_before_started_at", &f.started.before),
		"afterFinishedAt": dateParam("invalid_task_after_finished_at", &f.finished.after), "beforeFinishedAt": dateParam("invalid_task_before_finished_at", &f.finished.before),
	}
}

func numbersParam(code string, to *[]string) param {
	p := listParam(code, to)
	return param{code, func(s string) bool {
		return p.read(s) && !slices.ContainsFunc(*to, func(n string) bool {
			_, err := strconv.ParseUint(n, 10, 32)
			return err != nil
		})
	}}
}

func wordsParam(code string, to *[]string, words []string) param {
	p := listParam(code, to)
	return param{code, func(s string) bool {
		return p.read(s) && !slices.ContainsFunc(*to, func(w string) bool { return !slices.Contains(words, w) })
	}}
}

func uidsParam(to *[]string) param {
	p := listParam("invalid_index_uid", to)
	return param{p.code, func(s string) bool {
		return p.read(s) && !slices.ContainsFunc(*to, func(uid string) bool { return checkUID(uid) != nil })
	}}
}

// dateParam reads a day or a moment.
func dateParam(code string, to *time.Time) param {
	return param{code, func(s string) bool {
		for _, layout := range []string{time.RFC3339, time.DateOnly} {
			if t, err := time.Parse(layout, s); err == nil {
				*to = t
				return true
			}
		}
		return false
	}}
}

// fits says whether the filter means a task.
func (f *taskFilter) fits(t *task) bool {
	by := ""
	if t.canceledBy != nil {
		by = strconv.Itoa(*t.canceledBy)
	}
	return among(f.uids, strconv.Itoa(t.uid)) && among(f.statuses, t.status) && among(f.types, t.kind) &&
		among(f.indexes, t.index) && among(f.canceledBy, by) &&
		f.enqueued.holds(t.enqueued) && f.started.holds(t.started) && f.finished.holds(t.finished)
}

// among says whether a value is in a list; an empty list means all values.
func among(list []string, v string) bool { return len(list) == 0 || slices.Contains(list, v) }

func (s span) holds(t time.Time) bool {
	if s.after.IsZero() && s.before.IsZero() {
		return true
	}
	return !t.IsZero() && (s.after.IsZero() || t.After(s.after)) && (s.before.IsZero() || t.Before(s.before))
}

// maySee says whether a key may know of a task.
func (k *apiKey) maySee(t *task) bool {
	return k.everyIndex() || t.index != "" && k.mayIndex(t.index)
}

func listTasks(c *call) (int, any, error) {
	var f taskFilter
	limit, from, reverse := 20, -1, false
	params := f.params()
	params["limit"] = countParam("invalid_task_limit", &limit)
	params["from"] = countParam("invalid_task_from", &from)
	params["reverse"] = boolParam("invalid_task_reverse", &reverse)
	if err := decodeQuery(c.query, params); err != nil {
		return 0, nil, err
	}
	var found []taskView
	for _, t := range c.s.tasks {
		if c.key.maySee(t) && f.fits(t) {
			found = append(found, t.view())
		}
	}
	total := len(found)
	if !reverse {
		slices.Reverse(found)
	}
	if from >= 0 {
		found = slices.DeleteFunc(found, func(v taskView) bool { return reverse && v.UID < from || !reverse && v.UID > from })
	}
	list := struct {
		Results []taskView `json:"results"`
		Total   int        `json:"total"`
		Limit   int        `json:"limit"`
		From    *int       `json:"from"`
		Next    *int       `json:"next"`
	}{Results: found[:min(limit, len(found))], Total: total, Limit: limit}
	if len(found) > 0 && limit > 0 {
		list.From = &found[0].UID
	}
	if len(found) > limit {
		list.Next = &found[limit].UID
	}
	if list.Results == nil {
		list.Results = []taskView{}
	}
	return http.StatusOK, list, nil
}

func getTask(c *call) (int, any, error) {
	uid, err := strconv.ParseUint(c.PathValue("task"), 10, 32)
	if err != nil {
		return 0, nil, fail("invalid_task_uids", "Task uid `%s` is invalid. It should only contain numeric characters.", c.PathValue("task"))
	}
	for _, t := range c.s.tasks {
		if t.uid == int(uid) && c.key.maySee(t) {
			return http.StatusOK, t.view(), nil
		}
	}
	return 0, nil, fail("task_not_found", "Task `%d` not found.", uid)
}

// someTasks reads which tasks to cancel or delete; that must be said.
func someTasks(c *call) (*taskFilter, error) {
	f := &taskFilter{}
	params := f.params()
	if len(c.query) == 0 {
		return nil, fail("missing_task_filters", "Say which tasks are meant: nothing is asked of all of them without a word.")
	}
	return f, decodeQuery(c.query, params)
}

// asAsked is the query of a request as details tell it.
func asAsked(c *call) string { return "?" + c.URL.RawQuery }

func cancelTasks(c *call) (int, any, error) {
	f, err := someTasks(c)
	if err != nil {
		return 0, nil, err
	}
	matched := c.s.match(c.key, f)
	return c.enqueue(&task{
		kind:    taskCancelation,
		details: map[string]any{"matchedTasks": len(matched), "canceledTasks": nil, "originalFilter": asAsked(c)},
		run: func(s *Server, t *task) error {
			n := 0
			for _, other := range matched {
				if other.status == enqueued || other.status == processing {
					other.status, other.canceledBy = canceled, &t.uid
					other.batch, other.started, other.finished = t.batch, t.started, s.o.Now()
					other.run = nil
					other.settle()
					n++
				}
			}
			t.details["canceledTasks"] = n
			return nil
		},
	})
}

func deleteTasks(c *call) (int, any, error) {
	f, err := someTasks(c)
	if err != nil {
		return 0, nil, err
	}
	matched := c.s.match(c.key, f)
	return c.enqueue(&task{
		kind:    taskDeletion,
		details: map[string]any{"matchedTasks": len(matched), "deletedTasks": nil, "originalFilter": asAsked(c)},
		run: func(s *Server, t *task) error {
			before := len(s.tasks)
			s.tasks = slices.DeleteFunc(s.tasks, func(other *task) bool {
				return slices.Contains(matched, other) && other.status != enqueued && other.status != processing
			})
			t.details["deletedTasks"] = before - len(s.tasks)
			return nil
		},
	})
}

func (s *Server) match(k *apiKey, f *taskFilter) []*task {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var found []*task
	for _, t := range s.tasks {
		if k.maySee(t) && f.fits(t) {
			found = append(found, t)
		}
	}
	return found
}
