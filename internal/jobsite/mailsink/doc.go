// Package mailsink is a mail server that delivers nothing.
//
// A Sink listens for SMTP on loopback, keeps the newest messages in memory, and
// shows them over HTTP: the list, and of each message its headers, its text part
// and, in a frame that may run and load nothing, its HTML part. The demo sends
// its alerts there, and tests hold conversations with it: Options.Answer makes it
// refuse a step or break the connection as real servers do.
package mailsink
