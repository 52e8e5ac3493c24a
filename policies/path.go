package policies

import (
	"fmt"
	"slices"
	"strings"
)

// The grammar of gNMI paths (gNMI specification 2.2.2, and the path
// conventions of OpenConfig): origin:/element/element[key=value]. It is narrower
// than the specification: no "..." and no escapes, because nothing needs them.

// gnmiPath is a parsed gNMI path.
type gnmiPath struct {
	origin   string // "" where the device's own default is meant
	elements []element
}

// element is one step of a path.
type element struct {
	module, name string
	keys         []key // sorted by name
}

type key struct{ name, value string }

// Get parses a gNMI path. The error is a *Refusal where policy does not allow it.
func (p *Platform) Get(text string) (Query, error) {
	if r := printable(text); r != nil {
		return Query{}, r
	}
	parsed, r := parsePath(strings.TrimSpace(text))
	if r == nil {
		r = p.permit(parsed)
	} else if o := p.permitOrigin(parsed.origin); o != nil {
		r = o
	}
	if r != nil {
		r.Line = visible(text)
		return Query{}, r
	}
	return Query{kind: Get, class: parsed.class(), platform: p, text: parsed.String(), args: parsed.args()}, nil
}

// maxElements bounds the depth of a path.
const maxElements = 40

func parsePath(text string) (gnmiPath, *Refusal) {
	var out gnmiPath
	if i := strings.IndexByte(text, ':'); i > 0 && strings.HasPrefix(text[i+1:], "/") && !strings.Contains(text[:i], "/") {
		out.origin, text = text[:i], text[i+1:]
		if !identifier(out.origin) {
			return gnmiPath{}, &Refusal{Near: out.origin, Reason: "no name of an origin"}
		}
	}
	text = strings.TrimSuffix(strings.TrimPrefix(text, "/"), "/")
	for text != "" {
		if len(out.elements) == maxElements {
			return out, &Refusal{Near: text, Reason: fmt.Sprintf("deeper than %d elements", maxElements)}
		}
		e, rest, r := parseElement(text)
		if r != nil {
			return out, r
		}
		out.elements = append(out.elements, e)
		text = rest
	}
	return out, nil
}

// parseElement reads one element, and the slash behind it, off the front of text.
func parseElement(text string) (element, string, *Refusal) {
	end := strings.IndexAny(text, "/[")
	if end < 0 {
		end = len(text)
	}
	e := element{name: text[:end]}
	if module, name, ok := strings.Cut(e.name, ":"); ok {
		e.module, e.name = module, name
		if !identifier(module) {
			return e, "", &Refusal{Near: module, Reason: "no name of a module"}
		}
	}
	if e.name != "*" && !identifier(e.name) {
		return e, "", &Refusal{Near: text[:end], Reason: "no name of a path element"}
	}
	text = text[end:]
	for strings.HasPrefix(text, "[") {
		inside, rest, ok := strings.Cut(text[1:], "]")
		name, value, isKey := strings.Cut(inside, "=")
		if value = unquoted(value); !ok || !isKey || !identifier(name) || value == "" || strings.ContainsAny(value, `[]\`) {
			return e, "", &Refusal{Near: text, Reason: "want a key such as [name=eth1]"}
		}
		if slices.ContainsFunc(e.keys, func(k key) bool { return k.name == name }) {
			return e, "", &Refusal{Near: name, Reason: "the key is given twice"}
		}
		e.keys = append(e.keys, key{name, value})
		text = rest
	}
	slices.SortFunc(e.keys, func(a, b key) int { return strings.Compare(a.name, b.name) })
	if text == "" {
		return e, "", nil
	}
	if rest, ok := strings.CutPrefix(text, "/"); ok && rest != "" && rest[0] != '/' {
		return e, rest, nil
	}
	return e, "", &Refusal{Near: text, Reason: "want / between elements"}
}

// identifier accepts a YANG identifier (RFC 7950, 6.2).
func identifier(s string) bool {
	if s == "" || len(s) > 128 || !isAlnum(s[0]) && s[0] != '_' {
		return false
	}
	for i := range len(s) {
		if !isAlnum(s[i]) && strings.IndexByte("_-.", s[i]) < 0 {
			return false
		}
	}
	return true
}

// String writes the canonical form: no slash at the end, keys by name.
func (p gnmiPath) String() string {
	var b strings.Builder
	if p.origin != "" {
		b.WriteString(p.origin + ":")
	}
	for _, e := range p.elements {
		b.WriteByte('/')
		if e.module != "" {
			b.WriteString(e.module + ":")
		}
		b.WriteString(e.name)
		for _, k := range e.keys {
			b.WriteString("[" + k.name + "=" + k.value + "]")
		}
	}
	return b.String()
}

// args returns the path's keys, by their names.
func (p gnmiPath) args() (args []Arg) {
	for _, e := range p.elements {
		for _, k := range e.keys {
			args = append(args, Arg{k.name, k.value})
		}
	}
	return args
}

// class is heavy for a whole table of routes.
func (p gnmiPath) class() Class {
	for i, e := range p.elements {
		if e.name != "afts" && e.name != "rib" && e.name != "bgp-rib" && e.name != "lsdb" {
			continue
		}
		if !slices.ContainsFunc(p.elements[i:], func(e element) bool {
			return slices.ContainsFunc(e.keys, func(k key) bool { return k.value != "*" && (k.name == "prefix" || k.name == "lsp-id") })
		}) {
			return Heavy
		}
	}
	return Read
}
