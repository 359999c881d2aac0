package web

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

const (
	// readyPatience bounds what /readyz asks.
	readyPatience = 3 * time.Second
	// readyLag is how many changes the best search engine may be behind: some
	// seconds of indexing. Beyond, searches would leave too much out.
	readyLag = 5000
)

// readiness is what /readyz answers. Its words are fixed, and hold no secret: what
// went wrong in detail stands in the log.
type readiness struct {
	Ready  bool         `json:"ready"`
	Checks []readyCheck `json:"checks"`
}

type readyCheck struct {
	Name string `json:"name"`
	OK   bool   `json:"ok"`
	Says string `json:"says,omitempty"`
}

func (r *readiness) add(name, fault string) {
	r.Checks = append(r.Checks, readyCheck{Name: name, OK: fault == "", Says: fault})
	r.Ready = r.Ready && fault == ""
}

// readyz says whether requests may be sent here: 200, or 503 with the reasons.
func (s *Site) readyz(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), readyPatience)
	defer cancel()
	ready := s.ready(ctx)
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	if !ready.Ready {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	_ = json.NewEncoder(w).Encode(ready) // the reader has gone when this fails
}

func (s *Site) ready(ctx context.Context) readiness {
	out := readiness{Ready: true}
	h, err := s.o.Store.Health(ctx)
	if err != nil {
		s.o.Log.Warn("not ready: the database does not answer", "error", err)
		out.add("database", "it does not answer")
		return out
	}
	out.add("database", "")
	fault := ""
	if h.Migration != h.KnownMigration {
		fault = fmt.Sprintf("the tables are at version %d, this program knows %d", h.Migration, h.KnownMigration)
	}
	out.add("migrations", fault)
	if s.o.Engines != nil {
		out.add("search", s.searchFault(ctx, h.Head))
	}
	return out
}

// searchFault says what keeps searches from being answered well, if anything does.
func (s *Site) searchFault(ctx context.Context, head int64) string {
	states, err := s.o.Engines(ctx)
	if err != nil {
		s.o.Log.Warn("not ready: the engines do not say how they are", "error", err)
		return "no engine says how it is"
	}
	least := int64(-1)
	for _, e := range states {
		if lag := max(0, head-e.Cursor); e.Well && (least < 0 || lag < least) {
			least = lag
		}
	}
	switch {
	case least < 0:
		return "no engine is well"
	case least > readyLag:
		return fmt.Sprintf("the index is %d changes behind", least)
	}
	return ""
}
