// Package crawler turns a source into postings.
//
// A source is one configured site. A list is a page that names adverts: a page
// of the national service's API, a sitemap, a feed, or a page of a site's own
// listing. An item is one advert that a list names. A page is what is remembered
// of one fetched address: its validators (ETag and Last-Modified) and the items
// it named. A crawl reads every list, asks for every item, and tells a [Sink]
// about each exactly once: it was read, it has not changed, it is gone, or it
// could not be read.
//
// A crawl is complete when every list was read to its end and every item
// answered. Only a complete crawl may conclude anything from what is missing;
// whether it is also healthy (nothing shrank suspiciously) is for ingest to
// judge. Validators travel with what they validate: a posting's page with its
// posting, a list's page in [Report.Lists] and only after the sink accepted, and
// has stored, all that the list named. A crawl killed at any moment therefore never
// remembers "not modified" of something that was not stored.
//
// Pages are asked for one after the other, and a few ahead of the one that is being
// read and told, so that a host's answer and our work do not wait for each other.
//
// All HTTP policy (robots.txt, pace, caps, private addresses) lives in package
// fetch, all reading of pages in package extract. colly, which drives the visits
// of lists and their selectors, is used here and nowhere else.
package crawler
