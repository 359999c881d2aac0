package meili

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/meilisearch/meilisearch-go"
)

// Health is how the server and the index are, for an operator.
type Health struct {
	// Version is the server's, empty when the key does not allow to ask. Untested says that it is newer than any that the
	// suite has run against.
	Version  string `json:"version"`
	Untested bool   `json:"untested,omitempty"`
	// Index is the uid of the index; Exists is false until it was first filled.
	Index  string `json:"index"`
	Exists bool   `json:"exists"`
	// Lacks are the rights that the key does not give.
	Lacks []string `json:"lacks,omitempty"`
	// Altered are the settings of the index that are not ours.
	Altered   []string `json:"altered,omitempty"`
	Documents int      `json:"documents"`
	Cursor    int64    `json:"cursor"`
	// DatabaseSize is how many bytes the server takes on disk for all its indexes;
	// it never shrinks by itself.
	DatabaseSize int64 `json:"database_size"`
	// Waiting is how many tasks for the index are not finished, and Oldest since
	// when the first of them waits.
	Waiting int        `json:"waiting"`
	Oldest  *time.Time `json:"oldest,omitempty"`
	// LastFailure is the newest task for the index that failed.
	LastFailure *Failure `json:"last_failure,omitempty"`
	// Others are indexes of other layouts. They are removed a week after nothing
	// writes to them any more.
	Others []string `json:"others,omitempty"`
}

// Failure is a task that failed.
type Failure struct {
	Task    int64     `json:"task"`
	At      time.Time `json:"at"`
	Code    string    `json:"code"`
	Message string    `json:"message"`
}

// stuckAfter is how long a task may wait before something is wrong: a full disk
// stops the queue without a word.
const stuckAfter = 10 * time.Minute

// Complaints says, a sentence each, what an operator should look into.
func (h *Health) Complaints(now time.Time) []string {
	var out []string
	say := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	if len(h.Lacks) > 0 {
		say("The key does not allow %s.", strings.Join(h.Lacks, ", "))
	}
	if h.Version == "" {
		say("The key does not allow version, so it is not known whether the server is new enough.")
	}
	if h.Untested {
		say("Meilisearch %s is newer than %d.%d, which was tested.", h.Version, testedVersion[0], testedVersion[1])
	}
	if !h.Exists {
		say("The index %s has not been filled.", h.Index)
	}
	if len(h.Altered) > 0 {
		say("Somebody changed the index's %s: rebuild the index.", strings.Join(h.Altered, ", "))
	}
	if h.Oldest != nil && now.Sub(*h.Oldest) > stuckAfter {
		say("A task has waited since %s: look at the server's disk and log.", h.Oldest.UTC().Format(time.RFC3339))
	}
	return out
}

// Check asks the server how it and the index are. An error means that there is no
// answer, or none that allows us anything.
func (x *Index) Check(ctx context.Context) (Health, error) {
	h := Health{Index: x.uid}
	if err := x.usable(ctx); err != nil {
		return h, err
	}
	if err := x.available(ctx); err != nil {
		return h, err
	}
	if err := x.lookAtVersion(ctx, &h); err != nil {
		return h, err
	}
	var err error
	if h.Lacks, err = x.lacks(ctx); err != nil {
		return h, err
	}
	// What the key does not allow to see is left out: Lacks says why.
	for _, look := range []func(context.Context, *Health) error{
		x.lookAtContent, x.lookAtSettings, x.lookAtSize, x.lookAtTasks, x.lookAtOthers,
	} {
		if err := look(ctx, &h); err != nil && !isForbidden(err) {
			return h, err
		}
	}
	return h, nil
}

func (x *Index) available(ctx context.Context) error {
	return x.ask(ctx, "ask for its health", func(ctx context.Context) error {
		h, err := x.client.HealthWithContext(ctx)
		if err == nil && h.Status != "available" {
			return errors.New("the server says that it is " + capped(h.Status))
		}
		return err
	})
}

// lookAtVersion refuses a server that is too old or of another kind, and leaves
// open which it is when the key does not tell.
func (x *Index) lookAtVersion(ctx context.Context, h *Health) (err error) {
	h.Version, err = x.version(ctx)
	if isForbidden(err) {
		return x.supported(ctx)
	}
	if err != nil {
		return err
	}
	h.Untested = isUntested(h.Version)
	return checkVersion(h.Version)
}

func isForbidden(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Status == http.StatusForbidden
}

func (x *Index) lookAtContent(ctx context.Context, h *Health) error {
	at, err := x.position(ctx, x.uid)
	if err != nil {
		return err
	}
	h.Exists, h.Cursor = at.exists, at.cursor
	h.Documents, err = x.Count(ctx)
	return err
}

// lookAtSettings compares those settings that decide what is found and in which
// order.
func (x *Index) lookAtSettings(ctx context.Context, h *Health) error {
	if !h.Exists {
		return nil
	}
	index := x.client.Index(x.uid)
	want := &x.layout.Settings
	for _, s := range []struct {
		name string
		want any
		get  func(context.Context) (any, error)
	}{
		{"rankingRules", want.RankingRules, got(index.GetRankingRulesWithContext)},
		{"searchableAttributes", want.SearchableAttributes, got(index.GetSearchableAttributesWithContext)},
		{"filterableAttributes", x.layout.Filterable, got(index.GetFilterableAttributesWithContext)},
		{"typoTolerance", want.TypoTolerance, got(index.GetTypoToleranceWithContext)},
		{"pagination", want.Pagination, got(index.GetPaginationWithContext)},
		{"faceting", want.Faceting, got(index.GetFacetingWithContext)},
		{"stopWords", []string{}, got(index.GetStopWordsWithContext)},
		{"separatorTokens", []string{}, got(index.GetSeparatorTokensWithContext)},
		{"dictionary", []string{}, got(index.GetDictionaryWithContext)},
		{"prefixSearch", want.PrefixSearch, got(index.GetPrefixSearchWithContext)},
		{"searchCutoffMs", want.SearchCutoffMs, got(index.GetSearchCutoffMsWithContext)},
	} {
		var is any
		err := x.ask(ctx, "read the setting "+s.name, func(ctx context.Context) (err error) {
			is, err = s.get(ctx)
			return err
		})
		if err != nil {
			return err
		}
		if canonical(is) != canonical(s.want) {
			h.Altered = append(h.Altered, s.name)
		}
	}
	return nil
}

// got lets calls of one shape stand in one list.
func got[T any](get func(context.Context) (T, error)) func(context.Context) (any, error) {
	return func(ctx context.Context) (any, error) { return get(ctx) }
}

// canonical writes a setting so that equal settings are equal texts: its keys
// in one order, whatever type it came in.
func canonical(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	var plain any
	if err := json.Unmarshal(text, &plain); err != nil {
		return ""
	}
	return hash(plain)
}

func (x *Index) lookAtSize(ctx context.Context, h *Health) error {
	return x.ask(ctx, "ask for the size", func(ctx context.Context) error {
		stats, err := x.client.GetStatsWithContext(ctx, nil)
		if err != nil {
			return err
		}
		if size, ok := stats.DatabaseSize.(float64); ok {
			h.DatabaseSize = int64(size)
		}
		return nil
	})
}

func (x *Index) lookAtTasks(ctx context.Context, h *Health) error {
	waiting, err := x.tasks(ctx, &meilisearch.TasksQuery{
		Statuses: []meilisearch.TaskStatus{meilisearch.TaskStatusEnqueued, meilisearch.TaskStatusProcessing}, Reverse: true,
	})
	if err != nil {
		return err
	}
	h.Waiting = int(waiting.Total)
	if len(waiting.Results) > 0 {
		h.Oldest = &waiting.Results[0].EnqueuedAt
	}
	failed, err := x.tasks(ctx, &meilisearch.TasksQuery{Statuses: []meilisearch.TaskStatus{meilisearch.TaskStatusFailed}})
	if err != nil {
		return err
	}
	if len(failed.Results) > 0 {
		t := failed.Results[0]
		h.LastFailure = &Failure{Task: t.UID, At: t.FinishedAt, Code: t.Error.Code, Message: capped(t.Error.Message)}
	}
	return nil
}

// tasks asks for the first of our tasks that fit.
func (x *Index) tasks(ctx context.Context, q *meilisearch.TasksQuery) (found *meilisearch.TaskResult, err error) {
	q.Limit, q.IndexUIDS = 1, []string{x.uid, x.uid + nextSuffix}
	err = x.ask(ctx, "look at the tasks", func(ctx context.Context) (err error) {
		found, err = x.client.GetTasksWithContext(ctx, q)
		return err
	})
	return found, err
}

func (x *Index) lookAtOthers(ctx context.Context, h *Health) error {
	others, err := x.others(ctx)
	for _, other := range others {
		h.Others = append(h.Others, other.UID)
	}
	return err
}
