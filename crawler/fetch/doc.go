// Package fetch does polite and safe HTTP.
//
// Polite: an identified user agent with a contact, robots.txt (RFC 9309), one
// connection and a pace for each host, Crawl-delay and Retry-After, conditional
// requests. Safe: a cap on decoded bytes, a limit on every phase, private
// addresses refused after resolution, every redirect checked like a first
// request, no proxy from the environment.
//
// A host's pace and its robots.txt are kept through [Hosts], so that several
// processes share one manner. What a source allows beyond the defaults is a
// [Policy]. A [RoundTripper] does the same for a library that wants to drive the
// requests itself. Whatever goes wrong with an address is an [*Error], which says
// whether a later try may succeed.
package fetch
