// Package searchtest holds the suite that every search engine must pass.
//
// A Kit is what the suite reads and compiles with: the analyser and the matcher
// over the data that the program ships with. Generate makes vacancies by the
// thousand out of a seed, for property tests and benchmarks. Everything in them
// is invented.
package searchtest
