package place

import "math"

// earthMiles is the mean radius of the earth (IUGG, 6,371.0088 km) in miles.
const earthMiles = 3958.7613

// Miles is the great-circle distance between two places. It means nothing for
// a place that is not Located; of a nil place it is +Inf.
func Miles(a, b *Place) float64 {
	if a == nil || b == nil {
		return math.Inf(1)
	}
	return point{a.Lat, a.Lon}.miles(point{b.Lat, b.Lon})
}

// point is a position in degrees.
type point struct{ lat, lon float64 }

// miles measures by the haversine formula.
func (p point) miles(q point) float64 {
	const rad = math.Pi / 180
	lat := math.Sin((q.lat - p.lat) * rad / 2)
	lon := math.Sin((q.lon - p.lon) * rad / 2)
	h := lat*lat + math.Cos(p.lat*rad)*math.Cos(q.lat*rad)*lon*lon
	return 2 * earthMiles * math.Asin(math.Sqrt(min(1, h)))
}

// centre is a running mean of points.
type centre struct {
	lat, lon float64
	n        int
}

func (c *centre) add(p point) {
	c.lat += p.lat
	c.lon += p.lon
	c.n++
}

// point is the mean, to the four decimals (about 11 yards) of the data.
func (c *centre) point() point {
	return point{round4(c.lat / float64(c.n)), round4(c.lon / float64(c.n))}
}

func round4(x float64) float64 { return math.Round(x*1e4) / 1e4 }
