// Package place turns UK postcodes and place names into points and measures
// between them.
//
// A full postcode ("RG41 2AB") is an outcode ("RG41") and an inward part
// ("2AB"); the outcode and the first digit of the inward part are its sector
// ("RG41 2", also seen as "RG412"). The gazetteer holds the centre of every
// sector; an outcode's centre is the mean of its sectors.
//
// A town is a named point. A county, a region of England or a nation is too
// wide to measure from: it resolves to a Place of precision Region, with its middle
// and its radius, and tells towns of the same name apart. A council area small
// enough to be one place to a traveller (Sandwell, Wirral) counts as a town at the
// middle of its towns. "London" is a town at Charing Cross, because that is how far
// people who say so will travel; "Greater London" is a region.
//
// A name that several towns bear is settled by the county, nation, town or
// postcode beside it, else by usage, else by size where one has ten times the
// people of the next; otherwise it stays unresolved, with a note. A text that lists
// places ("Leeds, Bradford and Wakefield") keeps them all, and an address
// ("Headingley, Leeds") is one place. Words that put the work only near a place are
// kept as such.
package place
