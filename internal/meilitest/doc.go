// Package meilitest is a Meilisearch server for tests: an HTTP server on
// loopback, in the test's own process, that answers as the documentation of
// Meilisearch says that the server answers, failures included.
//
// It knows what a client of a document index needs: keys, indexes, settings,
// documents, the queue of asynchronous tasks, search with its filter language,
// facets and ranking, multi-search, swaps and statistics. It has no vectors, no
// dumps, no list of batches, no network of servers and no webhooks, and reads
// Latin script only.
//
// Writes are tasks here as there: a reply of 202 promises nothing, one worker
// carries tasks out in order, nothing of a task is to be seen before it has
// succeeded, and most mistakes are failed tasks rather than refused requests.
//
// What a test of resilience wants is scripted: Stop and Start, Unavailable,
// Slow, Cut, Hold and Release, FailNext, Forget. Time is given; nothing here
// reads the clock.
//
// Error codes, statuses and shapes are those of the real server; the sentences
// of error messages are this package's own. Its answers are held to those that
// version 1.50.0 gave, which stand in testdata/conformance; the tests ask a real
// server as well when TEST_MEILISEARCH_URL names one.
package meilitest
