// Package embedded is the search engine that needs no server: a bleve index in
// a directory, held by one process at a time.
//
// A vacancy is laid flat by matcher.Attributes and becomes one document of
// fields. The fields of the filter hold exact terms, so that what is found is
// what matcher.Filter.Accepts accepts, word for word and mile for mile; the
// fields of the ranking say at which search.Level a term stands, and decide
// nothing but the order. Bleve's own weights are not used: the order is that of
// search.Sort. The fields and their options stand in the table of schema.go.
//
// The schema's hash is part of the directory's name. A directory of another
// schema, and one that cannot be read, is removed and begun anew with the cursor
// at zero: the index is derived, and whoever opened it fills it again.
//
// The cursor stands among the index's internal values, written by the same
// batch as the vacancies it covers: a batch is durable when Apply returns, and
// after a kill content and cursor agree.
package embedded
