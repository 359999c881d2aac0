package store

import (
	"context"
	"fmt"
	"slices"
)

// late is what a transaction of the log writes at its end, many rows in a
// statement, since nothing reads it before: changes, pages, and the addresses of
// what could be read again.
type late struct {
	changes [][]any
	pages   []pagesOf
	read    []readAgain
}

// pagesOf are pages of one source.
type pagesOf struct {
	source string
	pages  []Page
}

// readAgain are addresses of one source whose adverts could be read.
type readAgain struct {
	source string
	urls   []string
}

// page adds a page.
func (l *late) page(source string, p Page) {
	if n := len(l.pages); n > 0 && l.pages[n-1].source == source {
		l.pages[n-1].pages = append(l.pages[n-1].pages, p)
		return
	}
	l.pages = append(l.pages, pagesOf{source, []Page{p}})
}

// clear adds an address.
func (l *late) clear(source, url string) {
	if n := len(l.read); n > 0 && l.read[n-1].source == source {
		l.read[n-1].urls = append(l.read[n-1].urls, shortKey(url))
		return
	}
	l.read = append(l.read, readAgain{source, []string{shortKey(url)}})
}

// write writes it all. The changes' numbers begin at first.
func (l *late) write(ctx context.Context, tx *txn, first int64) error {
	for _, p := range l.pages {
		if err := putPages(ctx, tx, p.source, p.pages...); err != nil {
			return fmt.Errorf("put %d pages of %s: %w", len(p.pages), p.source, err)
		}
	}
	for _, r := range l.read {
		slices.Sort(r.urls)
		if err := eachPart(slices.Compact(r.urls), func(in string, args []any) error {
			_, err := tx.ExecContext(ctx, `DELETE FROM quarantine WHERE source = $1 AND url IN (`+in+`)`, append([]any{r.source}, args...)...)
			return err
		}); err != nil {
			return fmt.Errorf("clear the quarantine of %s: %w", r.source, err)
		}
	}
	for i := range l.changes {
		l.changes[i][0] = first + int64(i)
	}
	if err := insertRows(ctx, tx, `INSERT INTO change_log (seq, event, vacancy, subscription, fields, cause, at) VALUES`, ``, l.changes); err != nil {
		return fmt.Errorf("append %d changes: %w", len(l.changes), err)
	}
	return nil
}
