package devices

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/netsonde/netsonde/policies"
)

// A Loading is what an inventory is read with: everything that the file itself
// cannot know.
type Loading struct {
	File      string                           // its path: for messages, and relative paths start at its folder
	Home      string                           // the user's home, for "~/" and the default known_hosts; "" for none
	User      string                           // login name where the file gives none
	Env       func(name string) (string, bool) // resolves "env:NAME"; nil leaves every reference unresolved
	Platforms map[string]*policies.Platform    // platform names and their aliases; nil accepts any name
}

// Canonical returns the canonical name of a platform, given it or one of its
// aliases.
func (l Loading) Canonical(platform string) (string, error) {
	if l.Platforms == nil || l.Platforms[platform] != nil {
		return platform, nil
	}
	var all []string
	for name, p := range l.Platforms {
		if slices.ContainsFunc(p.Aliases, func(a string) bool { return strings.EqualFold(a, platform) }) {
			return name, nil
		}
		all = append(append(all, name), p.Aliases...)
	}
	slices.Sort(all)
	return platform, fmt.Errorf("unknown platform %q%s (known: %s)", platform, policies.Nearest(platform, all), strings.Join(sortedKeys(l.Platforms), ", "))
}

// Secret resolves a reference: "env:NAME" or "file:PATH". Anything else is the
// secret itself, and open says so. Without an Env no reference is resolved,
// and the secret is zero.
func (l Loading) Secret(ref string) (s Secret, open bool, err error) {
	if name, ok := strings.CutPrefix(ref, "env:"); ok {
		if l.Env == nil {
			return Secret{}, false, nil
		}
		v, ok := l.Env(name)
		if !ok || v == "" {
			return Secret{}, false, fmt.Errorf("environment variable %s is not set", name)
		}
		return NewSecret(v), false, nil
	}
	if path, ok := strings.CutPrefix(ref, "file:"); ok {
		if l.Env == nil {
			return Secret{}, false, nil
		}
		text, err := os.ReadFile(l.Path(path))
		if err != nil {
			return Secret{}, false, err
		}
		return NewSecret(strings.TrimRight(string(text), "\r\n")), false, nil
	}
	return NewSecret(ref), ref != "", nil
}

// Path makes p absolute: "~/" is the user's home, and a relative path starts
// at the folder of File.
func (l Loading) Path(p string) string { return resolvePath(p, filepath.Dir(l.File), l.Home) }

func resolvePath(p, folder, home string) string {
	switch rest, isHome := strings.CutPrefix(p, "~/"); {
	case p == "":
		return ""
	case isHome && home != "":
		return filepath.Join(home, rest)
	case filepath.IsAbs(p):
		return p
	}
	return filepath.Join(folder, p)
}

// KnownHosts returns the user's own known_hosts file, in a list; an empty list
// without a home.
func (l Loading) KnownHosts() []string {
	if l.Home == "" {
		return nil
	}
	return []string{filepath.Join(l.Home, ".ssh", "known_hosts")}
}
