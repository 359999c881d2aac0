// Package configs carries what an operator edits: the configuration file's
// defaults, the sources, the pay scales, the taxonomy, the synonyms and the
// gazetteer. It imports nothing of ours; every package reads its data from an
// fs.FS rooted here, so that data can be replaced without a build.
package configs

import "embed"

// FS holds the data files that are built into the binary.
//
//go:embed taxonomy.yaml payscales/*.yaml gazetteer/*.csv
var FS embed.FS
