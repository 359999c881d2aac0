package web

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"time"

	"github.com/sendwatch/sendwatch/search"
)

// exportChunk is how many vacancies of an export are in memory at once.
const exportChunk = 200

// exportPause is how long a reader may take for one chunk.
const exportPause = 30 * time.Second

// exported is what the head of an export tells of it.
type exported struct {
	// Total is how many posts the search finds, Given how many stand below at most.
	Total int `json:"total"`
	Given int `json:"given"`
	// Note says that these are not all, and what to do.
	Note string `json:"note,omitempty"`
	// Search is the same search for people; MadeAt when it was asked.
	Search string    `json:"search"`
	MadeAt time.Time `json:"made_at"`
}

// exporter writes an export in some format.
type exporter interface {
	begin(exported) error
	hit(*Hit) error
	// flush sends what was written so far; end writes the last of it.
	flush() error
	end() error
}

// exportFormat makes the exporter of a format, which has a name for files and a
// media type.
type exportFormat func(*Site, io.Writer) (e exporter, extension, kind string)

// export answers with all that a search finds, as it was at one moment: which
// posts, in which order, is asked of the index at once, and what they say is read
// and sent in chunks. An export that fails half way breaks the connection, so that
// nobody takes it for a whole one.
func (s *Site) export(format exportFormat) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		req, err := ParseRequest(r.URL.Query())
		if err != nil {
			return err
		}
		a, err := s.o.Search.Whole(r.Context(), req)
		if err != nil {
			return searchError(err)
		}
		head := exported{
			Total: a.Total, Given: len(a.Hits), MadeAt: s.o.Now().UTC().Truncate(time.Second),
			Search: under(s.o.Links.Base, pathSearch, Values(a.Criteria, req.Sort)),
		}
		name := "sendwatch-" + head.MadeAt.In(london()).Format(time.DateOnly)
		if head.Given < head.Total {
			head.Note = fmt.Sprintf("These are the first %d of %d posts. To get the others, narrow the search: by place, for example.", head.Given, head.Total)
			name += fmt.Sprintf("-first-%d-of-%d", head.Given, head.Total)
		}
		e, extension, kind := format(s, w)
		w.Header().Set("Content-Type", kind)
		w.Header().Set("Content-Disposition", `attachment; filename="`+name+extension+`"`)
		w.Header().Set("Cache-Control", fresh)
		w.Header().Set("X-Robots-Tag", "noindex")
		if r.Method == http.MethodHead {
			return nil
		}
		if err := s.send(r.Context(), http.NewResponseController(w), e, head, a.Hits); err != nil {
			if r.Context().Err() == nil {
				s.o.Log.Error("export broken off", "route", r.Pattern, "error", err)
			}
			panic(http.ErrAbortHandler)
		}
		return nil
	}
}

// send writes an export in chunks, for each of which the reader has time.
func (s *Site) send(ctx context.Context, out *http.ResponseController, e exporter, head exported, found []search.Hit) error {
	if err := e.begin(head); err != nil {
		return err
	}
	for chunk := range slices.Chunk(found, exportChunk) {
		// A writer that knows no deadlines, as in a test, has none.
		_ = out.SetWriteDeadline(s.o.Now().Add(exportPause))
		hs, err := hits(ctx, s.o.Store, s.o.Links.Base, chunk)
		if err != nil {
			return err
		}
		for i := range hs {
			if err := e.hit(&hs[i]); err != nil {
				return err
			}
		}
		if err := e.flush(); err != nil {
			return err
		}
	}
	return e.end()
}

// jsonExport is one JSON object: its head, and the list of the posts.
type jsonExport struct {
	w    io.Writer
	rows int
	err  error
}

func newJSONExport(_ *Site, w io.Writer) (e exporter, extension, kind string) {
	return &jsonExport{w: w}, ".json", "application/json"
}

func (x *jsonExport) write(b ...byte) {
	if x.err == nil {
		_, x.err = x.w.Write(b)
	}
}

func (x *jsonExport) begin(head exported) error {
	b, err := json.Marshal(head)
	if err != nil {
		return err
	}
	x.write(b[:len(b)-1]...) // the object goes on
	x.write([]byte(`,"vacancies":[`)...)
	return x.err
}

func (x *jsonExport) hit(h *Hit) error {
	b, err := json.Marshal(h)
	if err != nil {
		return err
	}
	if x.rows++; x.rows > 1 {
		x.write(',')
	}
	x.write('\n')
	x.write(b...)
	return x.err
}

func (x *jsonExport) flush() error { return x.err }

func (x *jsonExport) end() error {
	x.write([]byte("\n]}\n")...)
	return x.err
}
