// Package search asks the vacancies that Sendwatch knows.
//
// An Index is an engine that holds what is derived from the open vacancies: the
// embedded one, or a server's. It is disposable. Its truth is the store, and it
// keeps the cursor that says how much of the change log it has seen, so that
// content and cursor always agree.
//
// The Indexer is the reader of the change log that keeps an Index up to date,
// and fills one that is empty. Rebuild fills an Index anew: a Renewable one
// beside what it holds, so that nobody sees it half done.
//
// A Query is what an engine is asked: a matcher.Filter, which alone decides
// what is found, and an order. For the same Filter every engine finds exactly
// the vacancies that matcher.Filter.Accepts accepts, and for the same Sort in
// the same order; words rank and never filter, and an engine's own idea of
// relevance and of typing mistakes stays off. A Result holds one page of Hits,
// the number of all of them, and Facets: for each value of a dimension, how
// many of all the hits have it.
//
// Since engines agree, any of them may answer. A Relay stands before several:
// it asks those that are configured in turn while they are well, and the index
// of this machine when none of them is. Each engine has an Indexer and a cursor
// of its own.
//
// The Service stands before an Index or a Relay. It takes a Request in a
// person's words, corrects typing mistakes against the index's vocabulary,
// compiles the criteria, and answers with what was found and, when that is
// nothing, with the Relaxations that would find something.
//
// Every engine passes the suite of package searchtest.
package search
