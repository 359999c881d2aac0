// Package ingest is the one way in: it crawls sources, decides which vacancy each
// posting belongs to, and lives out the life of a listing.
//
// A crawl leases its source and its host. Every posting it reads is normalised
// first and then recorded: the posting, its page's validators, the vacancy, the keys
// it is recognised by, and what changed, as one row of the change log, all in one
// transaction. Postings are recorded in the order in which they were told, and those
// that are ready together share a transaction, which asks at once what is known of
// them and writes together what is new; what it holds is bounded in number, bytes and
// time. What is seen again as it was appends nothing, and the lists come
// last. So a kill at any moment loses nothing that the next crawl does not ask for
// again, and validators never vouch for what was not stored.
//
// Identity. A posting that was seen before keeps its vacancy. Otherwise it joins
// the vacancy of a posting that is the same by an exact key: the address, an address
// that either states as its own too, a UUID, or the fingerprint (equal text of one
// employer for one place). Failing that it joins by likeness, the one vacancy whose
// employer, title and place agree and whose text is nearly the same or, unless it is
// an agency's, whose closing day is. What a source lists at the same time under two
// references is two jobs unless the text is equal, so an advert that may have
// replaced another is decided on at the end of the crawl. Nothing is joined to what
// closed before the repost window: what is advertised again months later is a new
// vacancy. When two vacancies prove to be one, the older id stays and the other
// becomes its alias; a posting whose text has become another job's leaves, and the
// new vacancy counts as told to whoever was told of the old. These decisions are made
// while holding the head of the change log, one at a time.
//
// An agency's advert that may be of a school's own post stays a vacancy of its own,
// and the two are linked (PossiblySame), both ways and no further.
//
// Health. A bad crawl deletes nothing. A crawl is complete when every list was read
// to its end and every item answered, and healthy when nothing shrank
// suspiciously: not empty when the last healthy crawl was not, not down to half or
// less of four adverts or seven tenths or less of twenty, and not mostly unreadable. Only the closing
// transaction of a complete and healthy crawl closes anything: at once what its own
// page says is gone and what is past its closing date, and what is missing when two
// such crawls in a row have missed it. A source that really shrank is believed
// after three complete crawls in a row that list the same number, the first and
// the last at least a day apart (Options.ShrunkFor): an outage is over by then.
//
// A list of the latest adverts misses nothing. What it leaves out is asked for at its
// own page when it was not seen for three days, and is closed by that page's word, or
// when it twice answers without the advert. What a source published that is no longer
// configured is closed by [Ingest.Sweep], two weeks after it was last seen. A crawl
// that is told to stop gives no verdict.
//
// What becomes of a posting (changed, closed and why, back) is kept as its history.
//
// What was closed and is seen again, not past its closing date, reopens. A vacancy
// is open while one of its postings is.
package ingest
