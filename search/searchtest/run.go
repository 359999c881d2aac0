package searchtest

import (
	"testing"

	"github.com/sendwatch/sendwatch/search"
)

// Run runs the suite against the engine that open opens. Each call of open
// gives a new, empty index, which is closed when its test ends.
func Run(t *testing.T, open func(t *testing.T) search.Index) {}
