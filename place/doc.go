// Package place turns UK postcodes and towns into points and measures between them.
package place
