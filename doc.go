// Package sendwatch holds the nouns that the rest of the program speaks in.
//
// A posting is one advertisement of a job as one source publishes it. A reading
// is what normalise understood of a posting. A vacancy is the job itself: the
// merged readings of every posting that advertises it, under an id that is
// minted once and never computed. A sighting says where and when a vacancy was
// seen.
//
// A subscription is what a person asked to be told about: criteria (a saved
// search), and perhaps a candidate (what the person holds, wants and refuses).
// A match is the answer to "does this vacancy fit that subscription", with its
// reasons. An alert is a match that is owed to a person; a digest is the message
// that carries a person's alerts.
//
// The package does no I/O and knows no email address: addresses, consent and
// tokens belong to subscribers, which only store and notifier handle.
package sendwatch
