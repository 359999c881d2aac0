package searchtest_test

import (
	"testing"

	"github.com/sendwatch/sendwatch/search"
	"github.com/sendwatch/sendwatch/search/searchtest"
)

// TestEngine holds that the suite asks nothing but what the plainest engine does.
func TestEngine(t *testing.T) {
	searchtest.Run(t, func(t *testing.T) search.Index { return searchtest.NewEngine(searchtest.NewKit(t)) })
}
