package store_test

import (
	"testing"

	"github.com/sendwatch/sendwatch/store"
)

func TestUnnumbered(t *testing.T) {
	for query, want := range map[string]string{
		`SELECT 1`:                              `SELECT 1`,
		`SELECT a FROM b WHERE c = $1`:          `SELECT a FROM b WHERE c = ?`,
		`VALUES ($1, $2), ($3, $4)`:             `VALUES (?, ?), (?, ?)`,
		`$1$2$3$4$5$6$7$8$9$10$11`:              `???????????`,
		`SET a = $1 WHERE b = $2 AND c < $1`:    `SET a = $1 WHERE b = $2 AND c < $1`,
		`VALUES ($2, $1)`:                       `VALUES ($2, $1)`,
		`VALUES ($1, $01)`:                      `VALUES ($1, $01)`,
		`VALUES ($1, 'costs $', $2)`:            `VALUES ($1, 'costs $', $2)`,
		`VALUES ($1, $name)`:                    `VALUES ($1, $name)`,
		`VALUES ($99999999999999999999999, $1)`: `VALUES ($99999999999999999999999, $1)`,
		`a$`:                                    `a$`,
	} {
		if got := store.Unnumbered(query); got != want {
			t.Errorf("%s became %s, want %s", query, got, want)
		}
	}
}
