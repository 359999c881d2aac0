package web

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/hashicorp/golang-lru/v2/simplelru"
)

// fresh is for how long a public answer may be used without asking again.
const fresh = "public, max-age=60"

// cacheable answers with what make makes, under an entity tag that is a digest of
// it: the same answer has the same tag, whichever process gives it. Who has it
// already is told so; and while nothing has changed since, at the price of looking
// at the change log.
func (s *Site) cacheable(w http.ResponseWriter, r *http.Request, kind string, make func() ([]byte, error)) error {
	asked := r.URL.Path + "?" + r.URL.RawQuery
	has := r.Header.Values("If-None-Match")
	before := s.position(r.Context())
	if tag, ok := s.tags.get(asked, before); ok && holds(has, tag) {
		s.unchanged(w, tag)
		return nil
	}
	body, err := make()
	if err != nil {
		return err
	}
	body = append(body, '\n')
	sum := sha256.Sum256(body)
	tag := `"` + hex.EncodeToString(sum[:16]) + `"`
	if before == s.position(r.Context()) { // or else it is not known what was answered
		s.tags.put(asked, before, tag)
	}
	if holds(has, tag) {
		s.unchanged(w, tag)
		return nil
	}
	w.Header().Set("ETag", tag)
	w.Header().Set("Cache-Control", fresh)
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // the reader has gone when this fails
	}
	return nil
}

func (s *Site) unchanged(w http.ResponseWriter, tag string) {
	w.Header().Set("ETag", tag)
	w.Header().Set("Cache-Control", fresh)
	w.WriteHeader(http.StatusNotModified)
}

// holds reports whether If-None-Match names a tag. It compares weakly, as RFC 9110
// asks.
func holds(header []string, tag string) bool {
	for _, line := range header {
		for one := range strings.SplitSeq(line, ",") {
			if one = strings.TrimPrefix(strings.TrimSpace(one), "W/"); one == tag || one == "*" {
				return true
			}
		}
	}
	return false
}

// unsettled is the position of a site whose index is not where the change log is:
// what it answers now it may not answer again.
const unsettled = -1

// position is the number of the last change that the store and every engine that
// may answer show, or unsettled.
func (s *Site) position(ctx context.Context) int64 {
	if s.o.Engines == nil {
		return unsettled
	}
	engines, err := s.o.Engines(ctx)
	if err != nil {
		return unsettled
	}
	at, err := s.o.Store.Head(ctx)
	if err != nil {
		return unsettled
	}
	for _, e := range engines {
		if !e.Spare && (!e.Well || e.Cursor != at) {
			return unsettled
		}
	}
	return at
}

// maxTags is how many answers' tags are remembered.
const maxTags = 4096

// tags remembers which tag an address had at a position of the change log.
type tags struct {
	mu  sync.Mutex
	lru *simplelru.LRU[[sha256.Size]byte, tagged]
}

type tagged struct {
	at  int64
	tag string
}

func newTags() (*tags, error) {
	lru, err := simplelru.NewLRU[[sha256.Size]byte, tagged](maxTags, nil)
	if err != nil {
		return nil, fmt.Errorf("entity tags: %w", err)
	}
	return &tags{lru: lru}, nil
}

func (t *tags) get(asked string, at int64) (string, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	known, ok := t.lru.Get(sha256.Sum256([]byte(asked)))
	return known.tag, ok && known.at == at && at != unsettled
}

func (t *tags) put(asked string, at int64, tag string) {
	if at == unsettled {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.lru.Add(sha256.Sum256([]byte(asked)), tagged{at, tag})
}
