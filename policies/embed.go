package policies

import "embed"

// Files are the data files that ship with the program: platforms, patterns,
// rules, runbooks, recipes for read-only accounts, openconfig.yaml and root-causes.yaml.
//
//go:embed root-causes.yaml openconfig.yaml platforms patterns recipes rules runbooks
var Files embed.FS
