package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/sendwatch/sendwatch/configs"
	"github.com/sendwatch/sendwatch/search"
	"github.com/sendwatch/sendwatch/search/embedded"
	"github.com/sendwatch/sendwatch/search/meili"
)

const (
	// muchBehind is how many changes an index may be behind without a word.
	muchBehind = 1000
	// failureNews is how long a failed task of Meilisearch is spoken of.
	failureNews = 24 * time.Hour
)

// checkEmbedded looks at the index in the data folder: it asks the serve that holds
// it, or opens it when nobody does.
func (d *doctor) checkEmbedded(ctx context.Context) []finding {
	dir := filepath.Join(d.cfg.DataDir, "index")
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		return []finding{fine("%s is not there yet; the first search or serve makes it", dir)}
	}
	if cursor, err := asked(ctx, d.cfg); err == nil {
		return []finding{d.judgeLag(ctx, cursor, "held by serve, at change %d", cursor)}
	}
	ix, err := embedded.Open(ctx, embedded.Options{Dir: dir, Matcher: d.matcher, Terms: d.terms, Log: quiet()})
	if errors.Is(err, search.ErrBusy) {
		return []finding{warn("look at that process", "another process holds %s and does not answer", dir)}
	}
	if err != nil {
		return []finding{fail("remove "+dir+"; it is built anew from the database", "%v", err)}
	}
	at, err := ix.Cursor(ctx)
	n, err2 := ix.Count(ctx)
	if err := errors.Join(err, err2, ix.Close()); err != nil {
		return []finding{fail("remove "+dir+"; it is built anew from the database", "%v", err)}
	}
	return []finding{d.judgeLag(ctx, at, "%s at change %d", plural(n, "vacancy,", "vacancies,"), at)}
}

// judgeLag says where an index stands, and how far behind that is.
func (d *doctor) judgeLag(ctx context.Context, cursor int64, format string, args ...any) finding {
	behind, known := d.lag(ctx, cursor)
	said := fmt.Sprintf(format, args...)
	switch {
	case !known:
		return fine("%s; how far behind that is, the database does not say", said)
	case behind > muchBehind:
		return warn("is a serve with the role web running? sendwatch index brings it up to date", "%s, %d changes behind", said, behind)
	case behind > 0:
		return fine("%s, %s behind", said, plural(int(behind), "change", "changes"))
	}
	return fine("%s, up to date", said)
}

// nodeName names a Meilisearch server.
func nodeName(address string) string {
	_, name, _ := strings.Cut(address, "://")
	return "meilisearch " + name
}

func (d *doctor) checkNode(ctx context.Context, address string) []finding {
	key, err := configs.Secret(d.cfg.Search.MeilisearchKeyFile)
	if err != nil {
		return []finding{fail("correct search.meilisearch_key_file, or the file", "search.meilisearch_key_file: %v", err)}
	}
	const start = "start it, or correct search.meilisearch_url and search.meilisearch_key_file; meanwhile the embedded index answers"
	ix, err := meili.Open(ctx, meili.Options{URL: address, Key: key, Matcher: d.matcher, Terms: d.terms, Now: d.now})
	if err != nil {
		return []finding{fail(start, "%v", err)}
	}
	h, err := ix.Check(ctx)
	if err := errors.Join(err, ix.Close()); err != nil {
		return []finding{fail(start, "%v", err)}
	}
	found := []finding{d.judgeNode(ctx, h)}
	h.Exists = true // that it is not is judged
	for _, complaint := range h.Complaints(d.now()) {
		found = append(found, warn("", "%s", complaint))
	}
	if f := h.LastFailure; f != nil && d.now().Sub(f.At) < failureNews {
		found = append(found, warn("look at the server's log; sendwatch reindex fills the index anew", "task %d failed at %s (%s): %s", f.Task, clock(f.At), f.Code, f.Message))
	}
	return found
}

// judgeNode says what a server holds, and how far behind that is.
func (d *doctor) judgeNode(ctx context.Context, h meili.Health) finding {
	if h.Exists {
		return d.judgeLag(ctx, h.Cursor, "Meilisearch %s, %s at change %d, %s on disk",
			h.Version, plural(h.Documents, "vacancy,", "vacancies,"), h.Cursor, size(uint64(max(0, h.DatabaseSize))))
	}
	if head, known := d.lag(ctx, 0); known && head == 0 {
		return fine("Meilisearch %s, and nothing to hold yet", h.Version)
	}
	return warn("a serve with the role web fills it, or once: sendwatch index", "Meilisearch %s holds nothing yet; the embedded index answers", h.Version)
}
