// Package fetch does polite and safe HTTP.
//
// Polite: an identified user agent with a contact, robots.txt (RFC 9309), one
// request at a time and a pace for each host, Crawl-delay and Retry-After,
// conditional requests. Safe: a cap on decoded bytes and on what HTML unfolds to,
// a limit on every phase, private addresses refused after resolution, every
// redirect checked like a first request, no proxy from the environment.
//
// The pace is the longest of what the source says, what robots.txt asks for and
// what the host's own answers have taught: one that labours or says it is
// overloaded is asked more rarely, and the gap is kept from the end of an answer.
// A host's booked moments and its robots.txt are kept through [Hosts], so that
// several processes share one manner; a [Pacer] shares what they have learned as
// well. What a source allows beyond the defaults is a
// [Policy]. A [RoundTripper] does the same for a library that wants to drive the
// requests itself. Whatever goes wrong with an address is an [*Error], which says
// whether a later try may succeed.
package fetch
