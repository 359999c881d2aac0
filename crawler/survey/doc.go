// Package survey looks at how a site's pages are built and proposes how to read
// them: which links of a list lead to adverts, where the list goes on, which
// element of an advert's page holds which field.
//
// It proposes what the crawler's own rules can say and nothing else, and holds
// every selector against all the pages that it was given, so that a proposal is
// known to read them. It fetches nothing. Pages are hostile; the work on one is
// bounded, whatever it holds.
package survey
