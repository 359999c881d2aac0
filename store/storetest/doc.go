// Package storetest is the suite that every engine of the store must pass.
package storetest
