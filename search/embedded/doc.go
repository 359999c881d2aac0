// Package embedded is the search engine that needs no server: a bleve index in
// a directory, held by one process at a time.
package embedded
