package policies

import "embed"

// Files are the data files that ship with the program: platforms, patterns,
// rules, runbooks, openconfig.yaml and root-causes.yaml.
//
//go:embed root-causes.yaml openconfig.yaml platforms patterns rules runbooks
var Files embed.FS
