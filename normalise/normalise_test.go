package normalise_test

import (
	"os"
	"sync"
	"testing"

	"github.com/sendwatch/sendwatch/normalise"
	"github.com/sendwatch/sendwatch/pay"
	"github.com/sendwatch/sendwatch/place"
	"github.com/sendwatch/sendwatch/taxonomy"
	"github.com/sendwatch/sendwatch/terms"
)

// load makes one Normaliser for all tests, from the data the program ships.
var load = sync.OnceValues(func() (*normalise.Normaliser, error) {
	fsys := os.DirFS("../configs")
	var o normalise.Options
	var err error
	if o.Pay, err = pay.Load(fsys); err != nil {
		return nil, err
	}
	if o.Taxonomy, err = taxonomy.Load(fsys); err != nil {
		return nil, err
	}
	if o.Gazetteer, err = place.Load(fsys); err != nil {
		return nil, err
	}
	if o.Terms, err = terms.Load(fsys); err != nil {
		return nil, err
	}
	return normalise.New(o), nil
})

func normaliser(t testing.TB) *normalise.Normaliser {
	t.Helper()
	n, err := load()
	if err != nil {
		t.Fatal(err)
	}
	return n
}
