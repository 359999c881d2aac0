package meili

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"

	"github.com/meilisearch/meilisearch-go"

	"github.com/sendwatch/sendwatch"
	"github.com/sendwatch/sendwatch/search"
)

// maxPayload is how many bytes one request carries, far below the 100 MB that a
// server takes unless it is told otherwise.
const maxPayload = 16 << 20

// Apply puts and deletes vacancies and moves the cursor. Deletions go first, then
// documents, in as many tasks as they need; the cursor goes with the last one,
// so that it never stands ahead of what it covers.
func (x *Index) Apply(ctx context.Context, b search.Batch) error {
	if err := x.lock(ctx); err != nil {
		return err
	}
	defer x.unlock()
	if err := x.ensure(ctx); err != nil {
		return err
	}
	follow := func(task int64) error { return x.follow(ctx, "write vacancies", task) }
	if err := x.remove(ctx, x.uid, b, follow); err != nil {
		return err
	}
	words, err := x.put(ctx, x.uid, b.Put, x.mark(b.Cursor), follow)
	if err != nil {
		x.words.forget() // some of it may have come through
		return err
	}
	x.words.learn(words)
	return nil
}

// remove deletes what a batch deletes. done is called with the task.
func (x *Index) remove(ctx context.Context, uid string, b search.Batch, done func(task int64) error) error {
	gone := deleted(b)
	if len(gone) == 0 {
		return nil
	}
	task, err := x.enqueue(ctx, "delete vacancies", func(ctx context.Context) (*meilisearch.TaskInfo, error) {
		return x.client.Index(uid).DeleteDocumentsWithContext(ctx, gone, nil)
	})
	if err != nil {
		return err
	}
	return done(task)
}

// deleted are the ids that a batch deletes and does not put. The index holds no
// others than isID lets in.
func deleted(b search.Batch) []string {
	put := make(map[string]bool, len(b.Put))
	for _, v := range b.Put {
		put[v.ID] = true
	}
	var gone []string
	for _, id := range b.Delete {
		if isID(id) && !put[id] {
			gone = append(gone, id)
		}
	}
	return gone
}

// put writes vacancies and, last, one document more, and returns the words of
// each vacancy. done is called with each task, in order, before the next is sent.
func (x *Index) put(ctx context.Context, uid string, vs []*sendwatch.Vacancy, last document, done func(task int64) error) (words [][]string, err error) {
	var p payload
	for _, v := range vs {
		if !isID(v.ID) {
			return nil, &Error{Op: "write vacancies", Message: fmt.Sprintf(
				"the id %q cannot be one here: lower-case letters, digits and hyphens can", capped(v.ID))}
		}
		d, found := x.document(v)
		words = append(words, found)
		text, err := json.Marshal(d)
		if err != nil {
			return nil, &Error{Op: "write vacancies", Message: fmt.Sprintf("vacancy %s cannot be written as JSON", v.ID), cause: err}
		}
		if p.full(len(text)) {
			if err := x.flush(ctx, uid, &p, done); err != nil {
				return nil, err
			}
		}
		p.add(text)
	}
	text, err := json.Marshal(last)
	if err != nil {
		return nil, fmt.Errorf("meilisearch: write the cursor: %w", err)
	}
	p.add(text)
	return words, x.flush(ctx, uid, &p, done)
}

// flush sends a payload and begins it anew.
func (x *Index) flush(ctx context.Context, uid string, p *payload, done func(task int64) error) error {
	task, err := x.enqueue(ctx, "write vacancies", func(ctx context.Context) (*meilisearch.TaskInfo, error) {
		return x.client.Index(uid).AddDocumentsWithContext(ctx, p.array(), &meilisearch.DocumentOptions{PrimaryKey: ptr(attrID)})
	})
	if err != nil {
		return err
	}
	*p = payload{}
	return done(task)
}

// payload is a list of documents in the making.
type payload struct {
	text  bytes.Buffer
	count int
}

// full reports whether another document of so many bytes must wait.
func (p *payload) full(bytes int) bool {
	return p.count > 0 && (p.count >= search.MaxBatch || p.text.Len()+bytes > maxPayload)
}

func (p *payload) add(document []byte) {
	if p.count > 0 {
		p.text.WriteByte(',')
	}
	p.text.Write(document)
	p.count++
}

func (p *payload) array() []byte {
	out := make([]byte, 0, p.text.Len()+2)
	out = append(out, '[')
	out = append(out, p.text.Bytes()...)
	return append(out, ']')
}

// Reset deletes everything and puts the cursor back to zero, in one task.
func (x *Index) Reset(ctx context.Context) error {
	if err := x.lock(ctx); err != nil {
		return err
	}
	defer x.unlock()
	defer x.words.forget()
	task, err := x.enqueue(ctx, "empty the index", func(ctx context.Context) (*meilisearch.TaskInfo, error) {
		return x.client.Index(x.uid).DeleteAllDocumentsWithContext(ctx, nil)
	})
	if err == nil {
		err = x.follow(ctx, "empty the index", task)
	}
	if isCode(err, codeNoIndex) {
		return nil
	}
	return err
}

// Count is the number of vacancies held.
func (x *Index) Count(ctx context.Context) (int, error) {
	if err := x.usable(ctx); err != nil {
		return 0, err
	}
	res, err := x.search(ctx, "count vacancies", &meilisearch.SearchRequest{
		Filter: []string{is(attrMark, markVacancy)}, HitsPerPage: ptr(int64(0)), Page: 1,
	})
	if err != nil {
		return 0, err
	}
	return int(res.TotalHits), nil
}
