// Package place turns UK postcodes and place names into points and measures
// between them.
//
// A full postcode ("RG41 2AB") is an outcode ("RG41") and an inward part
// ("2AB"); the outcode and the first digit of the inward part are its sector
// ("RG41 2", also seen as "RG412"). The gazetteer holds the centre of every
// sector; an outcode's centre is the mean of its sectors.
//
// A town is a named point. A county, a region of England or a nation is too
// wide to measure from: it resolves to a Place of precision Region, and helps
// to tell towns of the same name apart. A council area small enough to be one
// place to a traveller (Sandwell, Wirral) counts as a town at the middle of its
// towns. "London" is a town at Charing Cross, because that is how far people
// who say so will travel; "Greater London" is a region.
package place
