// Package extract reads postings out of what was fetched: schema.org JobPosting
// as JSON-LD, microdata or RDFa, records of the national service's API and of
// applicant tracking systems, and pages described by rules. It also reads the
// lists that name adverts: API pages, sitemaps and feeds.
//
// It fetches nothing and understands nothing: the text of pay, hours and place is
// carried as the page gives it, for normalise to read. What it does repair is how
// things are written down: broken JSON, escaped markup, dates, addresses in
// parts. Everything it reads is hostile; every function returns an error or an
// answer, in time linear in its input.
package extract
