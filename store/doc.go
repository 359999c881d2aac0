// Package store keeps what is true: postings, vacancies, the change log and the
// cursors of its readers, subscriptions and the people behind them, the ledger of
// what is owed and told, digests, suppressions, and the state of every source.
//
// The change log is an ordered list of what happened. Every transaction that
// appends to it begins by taking its head, so the order of sequence numbers is the
// order of commits and there are no gaps: a reader that has seen number n has seen
// everything up to n, for ever.
//
// Work is a row with a due time, a lease and a token: a source to crawl, a host to
// visit, a digest or a confirmation to send. One primitive claims all of them. The
// token fences: whoever lost a lease can no longer report back.
//
// A posting is one advertisement at one source, with the reading made of it. A
// vacancy is the job; its sightings are its postings. An alias is the id of a
// vacancy that proved to be another, older one.
//
// The ledger holds what one person is owed or was told of one vacancy, once for
// each event. A digest is a frozen set of such rows: it is at least once, since
// between a mail server's answer and our mark there is a window.
//
// There are two engines, SQLite and PostgreSQL, and one text of nearly every
// statement: $n placeholders, Unix milliseconds as bigint, JSON as text. What they say
// differently stands in engine.go, sqlite.go and postgres.go. Either has a pool that
// writes and one that can only read. SQLite's writer is one connection, so that
// transactions follow each other; PostgreSQL's run beside each other, and locks.go
// says what they lock, and in which order. Text is cleaned on its way into either.
package store
