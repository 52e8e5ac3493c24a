package gnmi

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	pb "github.com/openconfig/gnmi/proto/gnmi"
)

// leaf is one value and where it stands.
type leaf struct {
	path  string
	value string // on one line
}

func (l leaf) line() string { return l.path + ": " + l.value }

// flatten turns one update into its leaves: one where the value is a scalar,
// as many as there are where it is JSON.
func flatten(prefix *pb.Path, u *pb.Update) []leaf {
	path := printPath(prefix, u.GetPath())
	v := u.GetVal()
	if v == nil && u.GetValue() != nil { //nolint:staticcheck // old devices still send the deprecated form
		return flattenJSON(path, u.GetValue().GetValue())
	}
	switch x := v.GetValue().(type) {
	case *pb.TypedValue_JsonVal:
		return flattenJSON(path, x.JsonVal)
	case *pb.TypedValue_JsonIetfVal:
		return flattenJSON(path, x.JsonIetfVal)
	case *pb.TypedValue_AsciiVal:
		return flattenText(path, x.AsciiVal)
	}
	return []leaf{{path, scalar(v)}}
}

// flattenText gives a text of many lines a leaf a line, so that each can be
// quoted.
func flattenText(path, text string) []leaf {
	text = strings.TrimRight(text, "\n")
	if !strings.Contains(text, "\n") {
		return []leaf{{path, word(text)}}
	}
	var out []leaf
	i := 0
	for line := range strings.Lines(text) {
		i++
		out = append(out, leaf{fmt.Sprintf("%s[line=%d]", path, i), word(strings.TrimRight(line, "\r\n"))})
	}
	return out
}

func flattenJSON(path string, raw []byte) []leaf {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return []leaf{{path, fmt.Sprintf("(unreadable JSON of %d bytes: %s)", len(raw), word(err.Error()))}}
	}
	if path == "/" {
		path = ""
	}
	var out []leaf
	walk(path, v, &out)
	return out
}

// walk writes the leaves under v, which is a value of encoding/json.
func walk(path string, v any, out *[]leaf) {
	switch v := v.(type) {
	case map[string]any:
		if len(v) == 0 {
			*out = append(*out, leaf{root(path), "{}"})
		}
		for name, child := range v {
			walk(path+"/"+oneLine(localName(name)), child, out)
		}
	case []any:
		walkList(path, v, out)
	default:
		*out = append(*out, leaf{root(path), jsonWord(v)})
	}
}

func root(path string) string {
	if path == "" {
		return "/"
	}
	return path
}

// walkList writes a list of entries with their keys in the path, and a
// leaf-list as one leaf.
func walkList(path string, list []any, out *[]leaf) {
	if !slices.ContainsFunc(list, isObject) {
		words := make([]string, len(list))
		for i, v := range list {
			words[i] = jsonWord(v)
		}
		*out = append(*out, leaf{root(path), "[" + strings.Join(words, ", ") + "]"})
		return
	}
	seen := map[string]int{}
	for i, v := range list {
		entry, ok := v.(map[string]any)
		if !ok {
			walk(fmt.Sprintf("%s[#=%d]", path, i+1), v, out)
			continue
		}
		keys := keysOf(entry)
		at := path
		for _, k := range keys {
			at += "[" + oneLine(localName(k)) + "=" + escapeKey(identity(keyWord(entry[k]))) + "]"
		}
		if seen[at]++; len(keys) == 0 || seen[at] > 1 {
			at += fmt.Sprintf("[#=%d]", i+1)
		}
		if len(keys) == len(entry) {
			walk(at, v, out)
			continue
		}
		for name, child := range entry {
			if !slices.Contains(keys, name) {
				walk(at+"/"+oneLine(localName(name)), child, out)
			}
		}
	}
}

func isObject(v any) bool { _, ok := v.(map[string]any); return ok }

// keysOf guesses the names of an entry's keys without a schema. In a list of
// OpenConfig style the entry's own scalars are its keys, for all else stands
// in the containers "config" and "state"; in another list the key is the
// first of the usual names.
func keysOf(entry map[string]any) (keys []string) {
	styled := false
	for name, v := range entry {
		switch local := localName(name); v.(type) {
		case map[string]any:
			styled = styled || local == "state" || local == "config"
		case []any:
		default:
			keys = append(keys, name)
		}
	}
	if styled {
		slices.Sort(keys)
		return keys
	}
	for _, usual := range [...]string{"name", "id", "index", "identifier", "address", "ip", "prefix", "interface-name", "interface-id", "ip-prefix", "neighbor-address", "key"} {
		for _, k := range keys {
			if localName(k) == usual {
				return []string{k}
			}
		}
	}
	return nil
}
