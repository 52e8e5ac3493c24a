package state

import (
	"encoding/json"
	"testing"
)

func TestParseJSON(t *testing.T) {
	for _, tc := range []struct {
		in   string
		docs int
		bad  bool
	}{
		{"", 0, false},
		{"{}", 1, false},
		{"[1, -2.5e3, true, null, \"a\\u0041\\/\"]", 1, false},
		{"{\"a\":1}\n{\"b\":[]}\n", 2, false},
		{"{\"a\":{\"b\":", 1, true},
		{"{\"a\" 1}", 1, true},
		{"[1 2]", 1, true},
		{"no json", 0, true},
		{"{\"a\":\"\n\"}", 1, true},
	} {
		docs, err := parseJSON(tc.in)
		if len(docs) != tc.docs || (err != nil) != tc.bad {
			t.Errorf("parseJSON(%q) = %d documents, %v", tc.in, len(docs), err)
		}
	}
	docs, err := parseJSON("{\n \"a\": {\n  \"x\\/y\": \"z\"\n }\n}")
	if err != nil || docs[0].at("a", "x/y").scalar() != "z" || docs[0].at("a", "x/y").line != 2 {
		t.Errorf("docs = %+v, %v: want z on the third line", docs, err)
	}
	if docs[0].at("no", "such").str("key") != "" || docs[0].get("a").count("n") != -1 {
		t.Error("what is missing must read as nothing")
	}
}

// FuzzParseJSON compares with encoding/json: what is valid there is read here.
func FuzzParseJSON(f *testing.F) {
	f.Add(`{"a":[1,2,{"b":null}],"c":"\u00e9\n"}`)
	f.Fuzz(func(t *testing.T, s string) {
		docs, err := parseJSON(s)
		var v any
		if json.Unmarshal([]byte(s), &v) == nil && (err != nil || len(docs) != 1) && depth(v) < maxDepth {
			t.Errorf("valid JSON %q: %d documents, %v", s, len(docs), err)
		}
	})
}

func depth(v any) int {
	deepest := 0
	switch x := v.(type) {
	case map[string]any:
		for _, y := range x {
			deepest = max(deepest, depth(y))
		}
	case []any:
		for _, y := range x {
			deepest = max(deepest, depth(y))
		}
	}
	return deepest + 1
}
