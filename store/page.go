package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// Item is one advert that a page names.
type Item struct {
	URL       string `json:"url"`
	Reference string `json:"reference,omitempty"`
	// Modified is when the page says that the advert last changed, and Asked when the
	// advert was last asked for while the page said so.
	Modified string `json:"modified,omitempty"`
	Asked    string `json:"asked,omitempty"`
}

// Page is what is remembered of one fetched address: its validators, the adverts
// it named, and the next page of a list.
type Page struct {
	URL          string
	ETag         string
	LastModified string
	Items        []Item
	Next         string
}

// Page returns what is remembered of an address, or the zero Page.
func (s *Store) Page(ctx context.Context, source, url string) (Page, error) {
	p := Page{URL: url}
	var items string
	err := s.read.QueryRowContext(ctx, `SELECT etag, last_modified, items, next FROM page WHERE source = $1 AND url = $2`, source, pageKey(url)).
		Scan(&p.ETag, &p.LastModified, &items, &p.Next)
	if errors.Is(err, sql.ErrNoRows) {
		return Page{}, nil
	}
	if err == nil {
		err = json.Unmarshal([]byte(items), &p.Items)
	}
	if err != nil {
		return Page{}, fmt.Errorf("store: page %s of %s: %w", url, source, err)
	}
	return p, nil
}

// pageKey is the key of an address. The rules that it was read by stand after a #,
// and stay there, so that ForgetPage finds them.
func pageKey(url string) string {
	i := strings.LastIndexByte(url, '#')
	if i < 0 || len(url)-i > mostKey/8 {
		return shortKey(url)
	}
	return shortKey(url[:i]) + cleanText(url[i:])
}

// putPages remembers pages within the transaction of what they validate. A page
// without an address is none; of two of one address the later one counts.
func putPages(ctx context.Context, tx *txn, source string, pages ...Page) error {
	at := map[string]int{}
	var rows [][]any
	for _, p := range pages {
		if p.URL == "" {
			continue
		}
		if p.Items == nil {
			p.Items = []Item{}
		}
		items, err := toJSON(p.Items)
		if err != nil {
			return err
		}
		key := pageKey(p.URL)
		row := []any{source, key, p.ETag, p.LastModified, items, p.Next}
		if i, ok := at[key]; ok {
			rows[i] = row
			continue
		}
		at[key] = len(rows)
		rows = append(rows, row)
	}
	return insertRows(ctx, tx, `INSERT INTO page (source, url, etag, last_modified, items, next) VALUES`, `
		ON CONFLICT (source, url) DO UPDATE SET etag = excluded.etag, last_modified = excluded.last_modified, items = excluded.items, next = excluded.next`, rows)
}

// ForgetPage forgets the validators of an address, by whatever rules it was read:
// the next crawl fetches it whole.
func (s *Store) ForgetPage(ctx context.Context, source, url string) error {
	err := s.inTx(ctx, func(tx *txn) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM page WHERE source = $1 AND (url = $2 OR substr(url, 1, length($3) + 1) = $3 || '#')`,
			source, pageKey(url), shortKey(url))
		return err
	})
	if err != nil {
		return fmt.Errorf("store: forget page %s of %s: %w", url, source, err)
	}
	return nil
}
