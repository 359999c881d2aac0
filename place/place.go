package place

// Precision says how closely a place is known.
type Precision string

// The precisions, finest first. A postcode resolves to the centre of its sector.
const (
	Sector  Precision = "sector"
	Outcode Precision = "outcode"
	Town    Precision = "town"
	Region  Precision = "region"
)

// Place is a point on the map and what it was read from. The point of a Region
// is only its middle, and distance from there means nothing.
type Place struct {
	// Postcode is as fully as stated ("RG41 2AB", "RG41 2" or "RG41"), or empty.
	Postcode string `json:"postcode"`
	// Name is the town or region, when that is what was read.
	Name      string    `json:"name,omitempty"`
	Lat       float64   `json:"lat"`
	Lon       float64   `json:"lon"`
	Precision Precision `json:"precision"`
	// Radius is how many miles of a Region's middle hold all of it; zero
	// otherwise.
	Radius float64 `json:"radius,omitempty"`
	// Near says that the place is only the nearest that is named: "outskirts of
	// Leeds".
	Near bool `json:"near,omitempty"`
	// Sites are all the places, this one first, where there are several. None of
	// them has Sites of its own.
	Sites []Place `json:"sites,omitempty"`
}

// Located reports whether distance from p means anything.
func (p *Place) Located() bool { return p != nil && p.Precision != Region }
