package target

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/openconfig/gnmi/proto/gnmi"
)

// node is one container, list or leaf while a subtree is turned into JSON.
// Only one of its fields is set.
type node struct {
	leaf     any
	children map[string]*node
	entries  map[string]*node // of a list, by key values
}

// modules are the names by which RFC 7951 qualifies a member: at the top of a
// value and where a member is of another module than its parent.
var modules = map[string]string{
	"system": "openconfig-system", "interfaces": "openconfig-interfaces", "lldp": "openconfig-lldp",
	"network-instances": "openconfig-network-instance",
}

var augments = map[string]string{
	"ipv4": "openconfig-if-ip", "ipv6": "openconfig-if-ip", "ethernet": "openconfig-if-ethernet",
}

// encodeNode returns the value of one node of the tree, given all leaves
// under it; depth is how many elements of their paths lead to it.
func encodeNode(leaves []leaf, depth int, e gnmi.Encoding) (*gnmi.TypedValue, error) {
	root := &node{}
	for _, l := range leaves {
		n := root
		for _, elem := range l.path.GetElem()[depth:] {
			n = n.child(elem)
		}
		v, err := plain(l, e)
		if err != nil {
			return nil, err
		}
		n.leaf = v
	}
	top := ""
	if e == gnmi.Encoding_JSON_IETF {
		top = modules[leaves[0].path.GetElem()[0].GetName()]
	}
	return marshal(root.value(top, e), e)
}

// encodeLeaf returns the value of one leaf.
func encodeLeaf(l leaf, e gnmi.Encoding) (*gnmi.TypedValue, error) {
	if e == gnmi.Encoding_PROTO {
		return l.value, nil
	}
	v, err := plain(l, e)
	if err != nil {
		return nil, err
	}
	return marshal(v, e)
}

func marshal(v any, e gnmi.Encoding) (*gnmi.TypedValue, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	if e == gnmi.Encoding_JSON {
		return &gnmi.TypedValue{Value: &gnmi.TypedValue_JsonVal{JsonVal: b}}, nil
	}
	return &gnmi.TypedValue{Value: &gnmi.TypedValue_JsonIetfVal{JsonIetfVal: b}}, nil
}

func (n *node) child(e *gnmi.PathElem) *node {
	if n.children == nil {
		n.children = map[string]*node{}
	}
	c := n.children[e.GetName()]
	if c == nil {
		c = &node{}
		n.children[e.GetName()] = c
	}
	if len(e.GetKey()) == 0 {
		return c
	}
	if c.entries == nil {
		c.entries = map[string]*node{}
	}
	key := fmt.Sprint(indexOf([]*gnmi.PathElem{e}))
	entry := c.entries[key]
	if entry == nil {
		entry = &node{}
		for k, v := range e.GetKey() {
			entry.child(&gnmi.PathElem{Name: k}).leaf = v
		}
		c.entries[key] = entry
	}
	return entry
}

// value returns what encoding/json writes for n; module qualifies the names
// of its members ("" for none).
func (n *node) value(module string, e gnmi.Encoding) any {
	switch {
	case n.entries != nil:
		list := []any{}
		for _, k := range slices.Sorted(maps.Keys(n.entries)) {
			list = append(list, n.entries[k].value("", e))
		}
		return list
	case n.children != nil:
		object := map[string]any{}
		for name, c := range n.children {
			m := module
			if a, ok := augments[name]; ok && e == gnmi.Encoding_JSON_IETF {
				m = a
			}
			if m != "" {
				name = m + ":" + name
			}
			object[name] = c.value("", e)
		}
		return object
	}
	return n.leaf
}

// plain returns a leaf's value for encoding/json. RFC 7951, 6.1: 64-bit
// numbers are strings in JSON_IETF.
func plain(l leaf, e gnmi.Encoding) (any, error) {
	switch v := l.value.GetValue().(type) {
	case *gnmi.TypedValue_StringVal:
		return v.StringVal, nil
	case *gnmi.TypedValue_BoolVal:
		return v.BoolVal, nil
	case *gnmi.TypedValue_UintVal:
		if e == gnmi.Encoding_JSON_IETF && wide(l.path) {
			return strconv.FormatUint(v.UintVal, 10), nil
		}
		return v.UintVal, nil
	case *gnmi.TypedValue_LeaflistVal:
		list := []any{}
		for _, x := range v.LeaflistVal.GetElement() {
			list = append(list, x.GetStringVal())
		}
		return list, nil
	}
	return nil, fmt.Errorf("leaf of type %T", l.value.GetValue())
}

// wide says whether the model types a leaf as a 64-bit number.
func wide(p *gnmi.Path) bool {
	elems := p.GetElem()
	name := elems[len(elems)-1].GetName()
	for _, e := range elems[:len(elems)-1] {
		switch e.GetName() {
		case "counters", "messages", "afts":
			return true
		}
	}
	return name == "last-established" || name == "established-transitions"
}
