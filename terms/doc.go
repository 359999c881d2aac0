// Package terms turns words into terms: folded stems, synonym groups and bigrams.
package terms
