// Package meili is the search engine that is a server: an index in Meilisearch,
// shared by every process that asks it.
//
// A vacancy is laid flat by matcher.Attributes and becomes one document. What is
// found is decided by filterable attributes alone, which hold exact values
// (encode.go, filter.go), so that a search finds what matcher.Filter.Accepts
// accepts. The engine's full-text search decides the order and nothing else: it
// looks for the ranked terms in four attributes, one for each search.Level, and
// adds up where it finds them (settings.go says by which rules).
//
// Distances are the one thing in which the server's arithmetic is not ours. It
// is asked for a circle a little wider, and what lies on its rim is measured
// here (near.go).
//
// The cursor is a document of the index, written by the same task as the last
// of the vacancies it covers. A task that is accepted is not yet done: every
// write follows its task to the end.
//
// The layout of the documents is part of the index's uid. Another layout is
// another index, so that an old and a new program can run at once while one
// replaces the other.
package meili
