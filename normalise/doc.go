// Package normalise turns a posting into a reading: what the advert is, what
// it asks, what it pays, and where it is.
package normalise
