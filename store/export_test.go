package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
)

// Schema returns the columns of every table, as "table.column", and of those that
// hold text how they are collated.
func Schema(ctx context.Context, s *Store) (columns []string, collations map[string]string, err error) {
	query := `SELECT m.name || '.' || c.name, '' FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table'`
	if s.rowLocks {
		query = `SELECT table_name || '.' || column_name, CASE WHEN data_type = 'text' THEN COALESCE(collation_name, 'the default') ELSE '' END
			FROM information_schema.columns WHERE table_schema = current_schema()`
	}
	collations = map[string]string{}
	_, err = all(ctx, s.read, func(r *sql.Rows) (struct{}, error) {
		var column, collation string
		err := r.Scan(&column, &collation)
		if !strings.HasPrefix(column, "goose_") && !strings.HasPrefix(column, "sqlite_") {
			columns = append(columns, column)
			collations[column] = collation
		}
		return struct{}{}, err
	}, query)
	slices.Sort(columns)
	return columns, collations, err
}

// CopiedTables are the tables that Copy copies.
func CopiedTables() []string { return slices.Sorted(slices.Values(copiedTables)) }

// Dump returns every row of every table as text, sorted.
func Dump(ctx context.Context, s *Store) (map[string][]string, error) {
	columns, _, err := Schema(ctx, s)
	if err != nil {
		return nil, err
	}
	of := map[string][]string{}
	for _, c := range columns {
		table, column, _ := strings.Cut(c, ".")
		of[table] = append(of[table], column)
	}
	out := map[string][]string{}
	for table, names := range of {
		rows, err := all(ctx, s.read, func(r *sql.Rows) (string, error) {
			values, into := make([]any, len(names)), make([]any, len(names))
			for i := range values {
				into[i] = &values[i]
			}
			err := r.Scan(into...)
			return fmt.Sprintf("%q", values), err
		}, `SELECT `+strings.Join(names, ", ")+` FROM `+table)
		if err != nil {
			return nil, err
		}
		slices.Sort(rows)
		out[table] = rows
	}
	return out, nil
}

// Sabotage writes a row as no release has written it for long.
func Sabotage(ctx context.Context, s *Store, statement string) error {
	_, err := s.write.ExecContext(ctx, statement)
	return err
}

// Settings returns settings of the server as the two pools see them: one value where
// they agree, else that of the writers and that of the readers.
func Settings(ctx context.Context, s *Store, names ...string) (out []string, err error) {
	for _, name := range names {
		var write, read string
		if err := s.write.QueryRowContext(ctx, `SELECT current_setting($1)`, name).Scan(&write); err != nil {
			return nil, err
		}
		if err := s.read.QueryRowContext(ctx, `SELECT current_setting($1)`, name).Scan(&read); err != nil {
			return nil, err
		}
		if write != read {
			write += " " + read
		}
		out = append(out, write)
	}
	return out, nil
}

// WriteAtOnce writes to a store on SQLite without waiting for other processes.
func WriteAtOnce(ctx context.Context, s *Store) error {
	if _, err := s.write.ExecContext(ctx, `PRAGMA busy_timeout = 0`); err != nil {
		return fmt.Errorf("hurry: %w", err)
	}
	_, err := s.write.ExecContext(ctx, `DELETE FROM work`)
	return err
}

// Unnumbered is how SQLite is given a statement.
func Unnumbered(query string) string { return unnumbered(query) }

// Again reports whether a transaction that ended so would be run again.
func Again(s *Store, err error) bool { return s.again(err) }
