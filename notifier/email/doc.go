// Package email writes Sendwatch's messages and hands them to a mail server.
//
// A digest is one message to one person about the vacancies that fit: each
// entry is one vacancy with what is new about it and why it fits. A
// confirmation asks a person who signed up to say that it was they (double
// opt-in). A notice tells the operator of alarms. A Renderer makes each into a Message: finished bytes with a text
// and an HTML part, so that what is sent again is what was sent before. A
// Sender passes messages to an SMTP server over connections that it keeps while
// a batch lasts, and answers with a SendError that says what to do next.
//
// Everything in a vacancy was written by strangers. Titles and texts are folded
// to one line, cut to a length, and escaped by html/template; only http and
// https addresses become links; no text of theirs can start a header. Addresses
// of people appear in messages and on the wire, and never in an error or a log.
package email
