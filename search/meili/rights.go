package meili

import (
	"context"
	"errors"
	"net/http"

	"github.com/meilisearch/meilisearch-go"
)

// attempt tries whether the key gives a right.
type attempt struct {
	right string
	call  func(context.Context) error
}

// attempts asks for each right in a way that changes nothing: what would write is
// asked with a request that the server refuses as malformed, which it does after
// it has looked at the key.
func (x *Index) attempts() []attempt {
	index := x.client.Index(x.uid)
	const malformed = "{"
	// A key may be bound to our indexes, so what cannot be a uid begins like ours.
	noUID := x.uid + "."
	return []attempt{
		{"search", func(ctx context.Context) error {
			_, err := index.SearchWithContext(ctx, "", &meilisearch.SearchRequest{Limit: 1})
			return err
		}},
		{"documents.get", func(ctx context.Context) error {
			return index.GetDocumentWithContext(ctx, cursorID, nil, &document{})
		}},
		{"documents.add", func(ctx context.Context) error {
			_, err := index.AddDocumentsWithContext(ctx, []byte(malformed), nil)
			return err
		}},
		{"documents.delete", func(ctx context.Context) error {
			_, err := index.DeleteDocumentsWithContext(ctx, nil, nil)
			return err
		}},
		{"indexes.get", func(ctx context.Context) error {
			_, err := x.client.ListIndexesWithContext(ctx, &meilisearch.IndexesQuery{Limit: 1})
			return err
		}},
		{"indexes.create", func(ctx context.Context) error {
			_, err := x.client.CreateIndexWithContext(ctx, &meilisearch.IndexConfig{Uid: noUID})
			return err
		}},
		{"indexes.delete", func(ctx context.Context) error {
			_, err := x.client.DeleteIndexWithContext(ctx, noUID)
			return err
		}},
		{"indexes.swap", func(ctx context.Context) error {
			_, err := x.client.SwapIndexesWithContext(ctx, []*meilisearch.SwapIndexesParams{{Indexes: []string{x.uid}}})
			return err
		}},
		{"settings.get", func(ctx context.Context) error {
			_, err := index.GetRankingRulesWithContext(ctx)
			return err
		}},
		{"settings.update", func(ctx context.Context) error {
			_, err := index.UpdateSettingsWithContext(ctx, &meilisearch.Settings{RankingRules: []string{"?"}})
			return err
		}},
		{"tasks.get", func(ctx context.Context) error {
			_, err := x.client.GetTasksWithContext(ctx, &meilisearch.TasksQuery{Limit: 1})
			return err
		}},
		{"tasks.delete", func(ctx context.Context) error {
			_, err := x.client.DeleteTasksWithContext(ctx, &meilisearch.DeleteTasksQuery{})
			return err
		}},
		{"stats.get", func(ctx context.Context) error {
			_, err := x.client.GetStatsWithContext(ctx, nil)
			return err
		}},
	}
}

// lacks lists the rights that the key does not give.
func (x *Index) lacks(ctx context.Context) ([]string, error) {
	var out []string
	for _, a := range x.attempts() {
		err := x.ask(ctx, "try the key for "+a.right, a.call)
		var e *Error
		switch {
		case err == nil, isCode(err, codeNoIndex), isCode(err, codeNoDocument):
		case isForbidden(err):
			out = append(out, a.right)
		case errors.As(err, &e) && e.Status == http.StatusBadRequest:
		default:
			return nil, err
		}
	}
	return out, nil
}
