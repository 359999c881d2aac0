package place

import (
	"errors"
	"io/fs"
)

// ErrUnknown says that a place could not be found in the gazetteer.
var ErrUnknown = errors.New("unknown place")

// Gazetteer knows the postcode sectors, outcodes, towns and regions of the UK.
type Gazetteer struct{}

// Query is everything an advert says about where the work is.
type Query struct {
	Postcode string
	Area     string
	Location string
}

// Load reads gazetteer/postcode-sectors.csv and gazetteer/places.csv.
func Load(fsys fs.FS) (*Gazetteer, error) { return &Gazetteer{}, nil }

// Resolve finds the finest place that q names, or nil.
func (g *Gazetteer) Resolve(q Query) *Place { return nil }

// Find resolves what a person typed.
func (g *Gazetteer) Find(near string) (*Place, error) { return nil, ErrUnknown }

// Miles is the great-circle distance between two places.
func Miles(a, b *Place) float64 { return 0 }
