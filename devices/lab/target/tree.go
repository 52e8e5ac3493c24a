package target

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/openconfig/gnmi/proto/gnmi"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// A leaf is one value of the OpenConfig tree with its full path.
type leaf struct {
	path  *gnmi.Path
	value *gnmi.TypedValue
}

// A branch is a place in the tree under which a collector writes leaves.
type branch struct {
	elems []*gnmi.PathElem
	out   *[]leaf
}

// grow returns the root of a new tree; its leaves are read from *out.
func grow() (root branch, out *[]leaf) {
	out = new([]leaf)
	return branch{out: out}, out
}

// in goes down to a container, or with keys (name, value, ...) to a list entry.
func (b branch) in(name string, keys ...string) branch {
	e := &gnmi.PathElem{Name: name}
	for i := 0; i+1 < len(keys); i += 2 {
		if e.Key == nil {
			e.Key = map[string]string{}
		}
		e.Key[keys[i]] = keys[i+1]
	}
	return branch{elems: append(slices.Clip(b.elems), e), out: b.out}
}

// set writes one leaf. A value of no known type is a fault of this package.
func (b branch) set(name string, v any) {
	*b.out = append(*b.out, leaf{path: &gnmi.Path{Elem: b.in(name).elems}, value: typed(v)})
}

// setText writes a string leaf unless the text is empty.
func (b branch) setText(name, v string) {
	if v != "" {
		b.set(name, v)
	}
}

func typed(v any) *gnmi.TypedValue {
	switch v := v.(type) {
	case string:
		return &gnmi.TypedValue{Value: &gnmi.TypedValue_StringVal{StringVal: v}}
	case bool:
		return &gnmi.TypedValue{Value: &gnmi.TypedValue_BoolVal{BoolVal: v}}
	case int:
		return &gnmi.TypedValue{Value: &gnmi.TypedValue_UintVal{UintVal: uint64(max(v, 0))}}
	case uint64:
		return &gnmi.TypedValue{Value: &gnmi.TypedValue_UintVal{UintVal: v}}
	case []string:
		list := &gnmi.ScalarArray{}
		for _, s := range v {
			list.Element = append(list.Element, typed(s))
		}
		return &gnmi.TypedValue{Value: &gnmi.TypedValue_LeaflistVal{LeaflistVal: list}}
	}
	panic(fmt.Sprintf("target: leaf of type %T", v))
}

// listKeys names the keys of every list that is served: a path that omits
// them means all entries (gNMI specification, 2.2.2), which the cache, whose
// index is positional, cannot know.
var listKeys = map[string][]string{
	"/interfaces/interface":                                     {"name"},
	"subinterfaces/subinterface":                                {"index"},
	"addresses/address":                                         {"ip"},
	"ipv4/neighbors/neighbor":                                   {"ip"},
	"ipv6/neighbors/neighbor":                                   {"ip"},
	"lldp/interfaces/interface":                                 {"name"},
	"interfaces/interface/neighbors/neighbor":                   {"id"},
	"network-instances/network-instance":                        {"name"},
	"protocols/protocol":                                        {"identifier", "name"},
	"bgp/neighbors/neighbor":                                    {"neighbor-address"},
	"afi-safis/afi-safi":                                        {"afi-safi-name"},
	"areas/area":                                                {"identifier"},
	"area/interfaces/interface":                                 {"id"},
	"ospfv2/areas/area/interfaces/interface/neighbors/neighbor": {"router-id"},
	"isis/interfaces/interface":                                 {"interface-id"},
	"levels/level":                                              {"level-number"},
	"adjacencies/adjacency":                                     {"system-id"},
	"ipv4-unicast/ipv4-entry":                                   {"prefix"},
	"ipv6-unicast/ipv6-entry":                                   {"prefix"},
	"next-hop-groups/next-hop-group":                            {"id"},
	"next-hop-group/next-hops/next-hop":                         {"index"},
	"afts/next-hops/next-hop":                                   {"index"},
}

// keysOf returns the keys of the list that the elements lead to: of all
// entries of listKeys that end the path, the longest decides.
func keysOf(elems []*gnmi.PathElem) []string {
	names := ""
	for _, e := range elems {
		names += "/" + e.GetName()
	}
	best, keys := -1, []string(nil)
	for suffix, ks := range listKeys {
		if len(suffix) > best && (names == suffix || strings.HasSuffix(names, "/"+strings.TrimPrefix(suffix, "/"))) {
			best, keys = len(suffix), ks
		}
	}
	return keys
}

// query is a path that a client asked for, made complete: prefix joined,
// module names stripped, omitted keys replaced by "*".
type query struct {
	elems []*gnmi.PathElem
	index []string // as the cache indexes it
}

// root returns the top-level container that q lies under; "" for all.
func (q query) root() string {
	if len(q.elems) == 0 || q.elems[0].GetName() == "*" {
		return ""
	}
	return q.elems[0].GetName()
}

// newQuery completes a client's path. The error is a gRPC status.
func newQuery(prefix, path *gnmi.Path) (query, error) {
	for _, p := range []*gnmi.Path{prefix, path} {
		if o := p.GetOrigin(); o != "" && o != "openconfig" {
			return query{}, status.Errorf(codes.InvalidArgument, "unsupported origin %q: only openconfig is served", o)
		}
	}
	var q query
	for _, e := range slices.Concat(prefix.GetElem(), path.GetElem()) {
		name := e.GetName()
		if name == "..." {
			return query{}, status.Error(codes.InvalidArgument, "the multi-level wildcard ... is not supported")
		}
		if _, local, ok := strings.Cut(name, ":"); ok {
			name = local
		}
		c := &gnmi.PathElem{Name: name, Key: maps.Clone(e.GetKey())}
		q.elems = append(q.elems, c)
		for _, k := range keysOf(q.elems) {
			if c.Key == nil {
				c.Key = map[string]string{}
			}
			if c.Key[k] == "" {
				c.Key[k] = "*"
			}
		}
	}
	q.index = indexOf(q.elems)
	return q, nil
}

// indexOf gives the strings under which the cache keeps a path: names, and
// key values in the order of the keys' names.
func indexOf(elems []*gnmi.PathElem) []string {
	var s []string
	for _, e := range elems {
		s = append(s, e.GetName())
		for _, k := range slices.Sorted(maps.Keys(e.GetKey())) {
			s = append(s, e.GetKey()[k])
		}
	}
	return s
}
