package store

import (
	"context"
	"database/sql"
	"encoding/json"
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
	ps, err := s.Pages(ctx, source, []string{url})
	if err != nil || len(ps) == 0 {
		return Page{}, err
	}
	return ps[0], nil
}

// Pages returns what is remembered of addresses, in any order, of those of which
// anything is.
func (s *Store) Pages(ctx context.Context, source string, urls []string) ([]Page, error) {
	addresses := make(map[string]string, len(urls)) // by key
	keys := make([]string, len(urls))
	for i, u := range urls {
		keys[i] = pageKey(u)
		addresses[keys[i]] = u
	}
	var out []Page
	err := eachPart(keys, func(in string, args []any) error {
		ps, err := all(ctx, s.read, scanPage, `SELECT url, etag, last_modified, items, next FROM page WHERE source = $1 AND url IN (`+in+`)`,
			append([]any{source}, args...)...)
		out = append(out, ps...)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("store: %d pages of %s: %w", len(urls), source, err)
	}
	for i := range out {
		out[i].URL = addresses[out[i].URL]
	}
	return out, nil
}

func scanPage(r *sql.Rows) (p Page, err error) {
	var items string
	if err := r.Scan(&p.URL, &p.ETag, &p.LastModified, &items, &p.Next); err != nil {
		return p, err
	}
	return p, json.Unmarshal([]byte(items), &p.Items)
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
