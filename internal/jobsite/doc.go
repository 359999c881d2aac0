// Package jobsite is a small fictional world for the demo, the tests and the
// benchmarks: four job sites of different make that publish invented adverts
// on loopback, as real sites would.
//
// A world has days. An advert is live from one day to another, may come back
// under a new reference (a re-post), and may stand on several sites (a copy).
// A fault makes every site misbehave in one way: lists come empty or halved
// while the pages behind them still answer, or every page fails. The world
// counts the requests each site saw, so that a test can check manners from the
// server's side.
//
// The sites: "national" speaks the public API of the national vacancy service,
// "agency" publishes JSON-LD with a sitemap and a feed, "council" has plain
// tables behind a list of several pages, "school" a single page with links.
package jobsite
