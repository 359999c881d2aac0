// Package notifier tells people about the vacancies that fit them, once.
//
// Owing follows the change log: it matches what changed against every active
// subscription and writes an alert into the ledger for each person, vacancy and
// event. The ledger's key is what makes an alert owed once, whatever is crawled,
// read or replayed again. Dispatcher sends what is due: the store freezes a
// person's due alerts into a digest with a Message-ID and leases it; the
// dispatcher renders it, sends it, and reports sent, retry or dropped.
//
// Delivery is at least once. Between the mail server's acceptance and our mark
// there is one window: a kill or a broken connection inside it repeats that one
// message, under the same Message-ID. Nothing else repeats, and nothing is lost.
//
// Links are signed: a token names a purpose and an id, and no password or
// session stands behind it.
package notifier
