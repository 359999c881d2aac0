package place

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strconv"
	"strings"
)

// The files of the gazetteer; configs/gazetteer/README.md names their sources.
const (
	sectorsFile = "gazetteer/postcode-sectors.csv"
	placesFile  = "gazetteer/places.csv"
	aliasesFile = "gazetteer/aliases.csv"
	regionsFile = "gazetteer/regions.csv"
)

// Gazetteer knows the postcode sectors, outcodes, towns and regions of the UK.
// It never changes after Load and is safe for concurrent use.
type Gazetteer struct {
	sectors  map[string]point
	outcodes map[string]point
	towns    map[string][]town
	regions  map[string]region
}

// Load reads the gazetteer's files from fsys, which is rooted at configs/.
func Load(fsys fs.FS) (*Gazetteer, error) {
	g := &Gazetteer{
		sectors:  make(map[string]point, 13_000),
		outcodes: make(map[string]point, 3_100),
		towns:    make(map[string][]town, 6_000),
		regions:  make(map[string]region, 400),
	}
	// Towns lean on outcodes and regions, so the order matters.
	for _, step := range []func(fs.FS) error{g.loadSectors, g.loadRegions, g.loadTowns, g.loadAliases} {
		if err := step(fsys); err != nil {
			return nil, fmt.Errorf("load gazetteer: %w", err)
		}
	}
	g.weigh()
	return g, nil
}

func (g *Gazetteer) loadSectors(fsys fs.FS) error {
	centres := make(map[string]*centre, 3_100)
	err := readCSV(fsys, sectorsFile, "sector,lat,lon", func(row []string) error {
		at, err := parsePoint(row[1], row[2])
		if err != nil {
			return err
		}
		outcode, _, ok := strings.Cut(row[0], " ")
		if !ok {
			return fmt.Errorf("sector %q has no space", row[0])
		}
		g.sectors[row[0]] = at
		c := centres[outcode]
		if c == nil {
			c = &centre{}
			centres[outcode] = c
		}
		c.add(at)
		return nil
	})
	for outcode, c := range centres {
		g.outcodes[outcode] = c.point()
	}
	return err
}

func (g *Gazetteer) loadRegions(fsys fs.FS) error {
	return readCSV(fsys, regionsFile, "region,lat,lon,radius", func(row []string) error {
		at, err := parsePoint(row[1], row[2])
		if err != nil {
			return err
		}
		radius, err := strconv.ParseFloat(row[3], 64)
		if err != nil {
			return err
		}
		key := foldName(row[0])
		g.regions[key] = region{name: row[0], at: at, radius: radius, nation: nations[key]}
		return nil
	})
}

// readCSV calls each for every row of a file whose header must be as named.
func readCSV(fsys fs.FS, name, header string, each func(row []string) error) (err error) {
	f, err := fsys.Open(name)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	r := csv.NewReader(f)
	r.ReuseRecord = true
	r.FieldsPerRecord = strings.Count(header, ",") + 1
	first, err := r.Read()
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if got := strings.Join(first, ","); got != header {
		return fmt.Errorf("%s: header is %q, want %q", name, got, header)
	}
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil {
			err = each(row)
		}
		if err != nil {
			line, _ := r.FieldPos(0)
			return fmt.Errorf("%s: line %d: %w", name, line, err)
		}
	}
}

func parsePoint(lat, lon string) (point, error) {
	a, errA := strconv.ParseFloat(lat, 64)
	o, errO := strconv.ParseFloat(lon, 64)
	return point{a, o}, errors.Join(errA, errO)
}
