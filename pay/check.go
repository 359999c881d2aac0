package pay

import (
	"fmt"
	"io/fs"
)

// Fault is a figure of the pay scales that does not follow from the others.
type Fault struct {
	File  string `json:"file"`  // below payscales: "njc.yaml"
	Where string `json:"where"` // "2025-26 point 5"
	What  string `json:"what"`  // what stands there and what was expected
}

// Check holds the pay scales below the root of fsys against their own
// arithmetic: printed hourly rates against the hourly formula, each award against
// the one before it and its rise, points against their order, grades against
// their spine, term-time shares against their formula; and that every figure
// names a source and a status that the file explains. It gives the faults in the
// order of the files, and how many figures it held against something.
//
// The error is that of Load: files that cannot be read at all.
func Check(fsys fs.FS) (faults []Fault, figures int, err error) {
	if _, err := Load(fsys); err != nil {
		return nil, 0, err
	}
	c := checker{fsys: fsys, points: map[string]map[int]spinePoint{}}
	for _, check := range []func() error{c.spine, c.london, c.teachers, c.grades, c.shares, c.wages} {
		if err := check(); err != nil {
			return nil, 0, err
		}
	}
	return c.faults, c.figures, nil
}

type checker struct {
	fsys    fs.FS
	file    string
	faults  []Fault
	figures int
	// points are the NJC points of each award.
	points map[string]map[int]spinePoint
}

// read reads a file and makes it the one that faults are found in.
func (c *checker) read(name string, into any) error {
	c.file = name
	return readYAML(c.fsys, "payscales/"+name, into)
}

// expect counts a figure and notes a fault unless it is right.
func (c *checker) expect(right bool, where, what string, args ...any) {
	c.figures++
	if !right {
		c.faults = append(c.faults, Fault{File: c.file, Where: where, What: fmt.Sprintf(what, args...)})
	}
}
