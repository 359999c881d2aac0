// Package matcher decides whether a vacancy fits a saved search or a candidate.
package matcher
