package gnmi

import (
	"maps"
	"slices"
	"strings"

	pb "github.com/openconfig/gnmi/proto/gnmi"
	gnmipath "github.com/openconfig/gnmic/pkg/api/path"

	"github.com/netsonde/netsonde/policies"
)

// printPath prints a path below its prefix: keys in the order of their names,
// module prefixes off, no origin: what was asked says which it is.
func printPath(prefix, path *pb.Path) string {
	var b strings.Builder
	for _, p := range []*pb.Path{prefix, path} {
		for _, e := range p.GetElem() {
			b.WriteString("/" + oneLine(localName(e.GetName())))
			for _, k := range slices.Sorted(maps.Keys(e.GetKey())) {
				b.WriteString("[" + oneLine(localName(k)) + "=" + escapeKey(identity(e.GetKey()[k])) + "]")
			}
		}
		for _, name := range p.GetElement() { //nolint:staticcheck // old devices still send the deprecated form
			b.WriteString("/" + oneLine(name))
		}
	}
	return root(b.String())
}

// sentPath prints a path as it is sent, origin and module prefixes included.
func sentPath(p *pb.Path) string {
	s := "/" + gnmipath.GnmiPathToXPath(&pb.Path{Elem: p.GetElem()}, false)
	if p.GetOrigin() != "" {
		s = p.GetOrigin() + ":" + s
	}
	return oneLine(s)
}

// localName takes the module off a name of RFC 7951: "openconfig-if-ip:ipv4".
func localName(name string) string {
	if i := strings.IndexByte(name, ':'); i > 0 {
		return name[i+1:]
	}
	return name
}

// identity takes the module off an identity of OpenConfig that is the value of
// a key, because devices write it with and without.
func identity(s string) string {
	if module, id, ok := strings.Cut(s, ":"); ok && (strings.HasPrefix(module, "openconfig-") || strings.HasPrefix(module, "oc-")) {
		return id
	}
	return s
}

// escapeKey makes a key's value one that ends where it should.
func escapeKey(s string) string {
	return strings.NewReplacer(`\`, `\\`, `]`, `\]`).Replace(oneLine(s))
}

// oneLine makes a name of the device printable, without a line break.
func oneLine(s string) string {
	s = policies.Printable(s)
	return strings.NewReplacer("\n", " ", "\t", " ").Replace(s)
}
