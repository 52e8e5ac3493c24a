package policies

import (
	"fmt"
	"slices"
)

// Kind says by which means a query is answered. The zero Kind belongs to the
// zero Query, which every Source refuses.
type Kind uint8

// The kinds of query.
const (
	Show  Kind = iota + 1 // a CLI command, over SSH
	Get                   // a gNMI Get
	Watch                 // a gNMI subscription, or a repeated read, over a bounded window
)

// String returns "show", "get" or "watch".
func (k Kind) String() string {
	switch k {
	case Show:
		return "show"
	case Get:
		return "get"
	case Watch:
		return "watch"
	}
	return "none"
}

// Class says what a query costs the device and the network.
type Class string

// The classes of query.
const (
	Read  Class = "read"  // an ordinary read
	Heavy Class = "heavy" // a full table: bounded, or refused with a narrower suggestion
	Probe Class = "probe" // sends traffic (ping, traceroute): off unless the operator turns it on
)

// A Query is a read that policy has allowed. Its fields are unexported, so no
// other package can make one: text reaches a device only by way of a Platform.
// The zero Query is refused by every Source. A Query is immutable and
// comparable by [Query.Key].
type Query struct {
	kind     Kind
	class    Class
	platform *Platform
	text     string // printed from the parse, not copied from the input
	args     []Arg
	config   bool   // it shows configuration
	filter   Filter // applied by netsonde to the bare answer, never sent
	watch    watch
}

// Kind returns the means by which q is answered; 0 for the zero Query.
func (q Query) Kind() Kind { return q.kind }

// Class returns what q costs.
func (q Query) Class() Class { return q.class }

// Platform returns the name of the grammar that allowed q ("" for the zero
// Query). A Source refuses a Query of a grammar that its device does not take.
func (q Query) Platform() string {
	if q.platform == nil {
		return ""
	}
	return q.platform.Name
}

// Text returns the exact line that is sent for a Show query, or the canonical
// gNMI path ("origin:/a/b[k=v]") for Get and Watch.
func (q Query) Text() string { return q.text }

// Arg returns the value of q's first typed token of the given type, as the
// platform file calls it ("prefix", "interface", "vrf"); "" if there is none.
func (q Query) Arg(kind string) string {
	for _, a := range q.args {
		if a.Type == kind {
			return a.Value
		}
	}
	return ""
}

// Args returns q's typed tokens in their order.
func (q Query) Args() []Arg { return slices.Clone(q.args) }

// Filter returns what netsonde itself applies to the bare answer; nil if none.
func (q Query) Filter() Filter { return q.filter }

// String names q for people and as the key under which its answer is kept:
// the text for Show, "gnmi get PATH" and "gnmi watch PATH MODE EVERY WINDOW"
// for the others. The filter is not part of it.
func (q Query) String() string {
	switch q.kind {
	case Show:
		return q.text
	case Get:
		return "gnmi get " + q.text
	case Watch:
		if q.watch.mode == Repeated {
			return fmt.Sprintf("%s (every %s for %s)", q.text, q.watch.every, q.watch.window)
		}
		return fmt.Sprintf("gnmi watch %s %s %s %s", q.text, q.watch.mode, q.watch.every, q.watch.window)
	}
	return ""
}

// IsZero reports whether q is the zero Query, which nothing may send.
func (q Query) IsZero() bool { return q.kind == 0 || q.text == "" || q.platform == nil }
