// Package configs carries what an operator edits and reads it: the
// configuration file, the sources, the pay scales, the taxonomy, the synonyms
// and the gazetteer. It imports nothing of ours: every package reads its data
// from an fs.FS rooted here, so that data can be replaced without a build, and
// cmd maps a Config to each package's own options.
package configs

import "embed"

// FS holds the data files that are built into the binary.
//
//go:embed taxonomy.yaml synonyms.yaml payscales/*.yaml sources/*.yaml gazetteer/*.csv
var FS embed.FS

// Default is the configuration that runs when none is given.
//
//go:embed sendwatch.yaml
var Default []byte
