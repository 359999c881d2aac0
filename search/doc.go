// Package search asks the vacancies that Sendwatch knows.
//
// An Index is an engine that holds what is derived from the open vacancies: the
// embedded one, or a server's. It is disposable. Its truth is the store, and it
// keeps the cursor that says how much of the change log it has seen, so that
// content and cursor always agree.
//
// The Indexer is the reader of the change log that keeps an Index up to date.
// Rebuild empties an Index and fills it again.
//
// A Query is what an engine is asked: a matcher.Filter, which alone decides
// what is found, and an order. For the same Filter every engine finds exactly
// the vacancies that matcher.Filter.Accepts accepts; words rank and never
// filter, and an engine's own idea of typing mistakes stays off. A Result holds
// one page of Hits, the number of all of them, and Facets: for each value of a
// dimension, how many of all the hits have it.
//
// The Service stands before an Index. It takes a Request in a person's words,
// corrects typing mistakes against the index's vocabulary, compiles the
// criteria, and answers with what was found and, when that is nothing, with the
// Relaxations that would find something.
//
// Every engine passes the suite of package searchtest.
package search
