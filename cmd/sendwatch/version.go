package main

import "runtime/debug"

// stamped is the version where the build has no repository to read it from: the
// linker sets it with -X main.stamped=VERSION.
var stamped string

// version is the stamped version, else the module's, else the revision it was
// built from.
func version() string {
	if stamped != "" {
		return stamped
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			return "0-" + s.Value[:12]
		}
	}
	return "0-dev"
}
