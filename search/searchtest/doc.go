// Package searchtest holds the suite that every search engine must pass.
//
// A Kit is what the suite reads and compiles with: the analyser and the matcher
// over the data that the program ships with. A Generator makes vacancies by the
// thousand out of a seed, for property tests and benchmarks. Everything in them
// is invented. An Engine is the plainest engine there is, in memory. Agree
// compares two engines over vacancies from anywhere. A Corpus and
// BenchmarkQuestions are what every engine's benchmarks ask, so that their figures
// compare.
package searchtest
