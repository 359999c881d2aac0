package jobsite

import _ "embed" // for the people below

// People are the subscriptions of eight invented jobseekers, as JSON Lines that
// `sendwatch subscriptions import --confirmed` reads. Their addresses end in a
// domain reserved for examples.
//
//go:embed people.jsonl
var People []byte
