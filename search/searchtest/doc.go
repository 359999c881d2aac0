// Package searchtest holds the suite that every search engine must pass.
package searchtest
