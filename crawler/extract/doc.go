// Package extract reads postings out of what was fetched: schema.org JobPosting
// as JSON-LD or microdata, records of the national service's API, and pages
// described by rules. It also reads the lists that name adverts: sitemaps and
// feeds. It fetches nothing and understands nothing: the text of pay, hours and
// place is carried as the page gives it.
package extract
