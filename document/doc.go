// Package document turns the files that adverts come in into blocks of text.
//
// A document is a list of blocks in reading order. A block is a heading, a
// paragraph, an item of a list, or a row of a table with its cells. Whatever
// the file was (HTML, Markdown, plain text, DOCX or PDF), a reader that walks
// blocks sees the same thing.
//
// Everything read here comes from strangers. The text readers (FromHTML,
// FromMarkdown, FromText) never fail: they read what they can of the first
// MaxText bytes and stop at MaxBlocks blocks. Open reads a file by its
// extension and fails when the file cannot be read as what it claims to be.
package document
