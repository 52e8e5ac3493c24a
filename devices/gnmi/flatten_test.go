package gnmi

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	pb "github.com/openconfig/gnmi/proto/gnmi"
	"google.golang.org/protobuf/types/known/anypb"
)

// TestFlattenValues has a value of every type that the protocol has, the
// deprecated ones too.
func TestFlattenValues(t *testing.T) {
	list := &pb.ScalarArray{Element: []*pb.TypedValue{
		{Value: &pb.TypedValue_StringVal{StringVal: "a"}}, {Value: &pb.TypedValue_UintVal{UintVal: 2}}}}
	for want, v := range map[string]*pb.TypedValue{
		"/p: text":                               {Value: &pb.TypedValue_StringVal{StringVal: "text"}},
		`/p: ""`:                                 {Value: &pb.TypedValue_StringVal{StringVal: ""}},
		`/p: " spaces "`:                         {Value: &pb.TypedValue_StringVal{StringVal: " spaces "}},
		`/p: "\"quoted\""`:                       {Value: &pb.TypedValue_StringVal{StringVal: `"quoted"`}},
		"/p: a\ufffdb":                           {Value: &pb.TypedValue_StringVal{StringVal: "a\ufffd\u202eb"}},
		"/p: -5":                                 {Value: &pb.TypedValue_IntVal{IntVal: -5}},
		"/p: 18446744073709551615":               {Value: &pb.TypedValue_UintVal{UintVal: 1<<64 - 1}},
		"/p: true":                               {Value: &pb.TypedValue_BoolVal{BoolVal: true}},
		"/p: 0.25":                               {Value: &pb.TypedValue_DoubleVal{DoubleVal: 0.25}},
		"/p: 0.5":                                {Value: &pb.TypedValue_FloatVal{FloatVal: 0.5}},
		"/p: -0.05":                              {Value: &pb.TypedValue_DecimalVal{DecimalVal: &pb.Decimal64{Digits: -5, Precision: 2}}},
		"/p: AQI=":                               {Value: &pb.TypedValue_BytesVal{BytesVal: []byte{1, 2}}},
		"/p: [a, 2]":                             {Value: &pb.TypedValue_LeaflistVal{LeaflistVal: list}},
		"/p: (3 bytes of protobuf, not decoded)": {Value: &pb.TypedValue_ProtoBytes{ProtoBytes: []byte("abc")}},
		"/p: (protobuf message x.Y, not decoded)": {Value: &pb.TypedValue_AnyVal{AnyVal: &anypb.Any{TypeUrl: "x.Y"}}},
		"/p: (no value)":              {},
		"/p: 7":                       {Value: &pb.TypedValue_JsonVal{JsonVal: []byte("7")}},
		"/p: null":                    {Value: &pb.TypedValue_JsonIetfVal{JsonIetfVal: []byte("null")}},
		"/p: [null]":                  {Value: &pb.TypedValue_JsonIetfVal{JsonIetfVal: []byte("[null]")}},
		"/p: {}":                      {Value: &pb.TypedValue_JsonIetfVal{JsonIetfVal: []byte("{}")}},
		"/p: []":                      {Value: &pb.TypedValue_JsonIetfVal{JsonIetfVal: []byte("[]")}},
		"/p: 1.7976931348623157e+309": {Value: &pb.TypedValue_JsonIetfVal{JsonIetfVal: []byte("1.7976931348623157e+309")}},
		"/p: (unreadable JSON of 4 bytes: unexpected EOF)": {Value: &pb.TypedValue_JsonIetfVal{JsonIetfVal: []byte(`{"a"`)}},
		"/p: one line": {Value: &pb.TypedValue_AsciiVal{AsciiVal: "one line\n"}},
		"/p[line=1]: first\n/p[line=2]: \" second\"": {Value: &pb.TypedValue_AsciiVal{AsciiVal: "first\r\n second\n"}},
	} {
		if got := lines(flatten(nil, &pb.Update{Path: pathOf(t, "/p"), Val: v})); got != want {
			t.Errorf("%v:\ngot  %s\nwant %s", v, got, want)
		}
	}
	old := &pb.Update{Path: &pb.Path{Element: []string{"a", "b"}}, Value: &pb.Value{Value: []byte(`"x"`), Type: pb.Encoding_JSON}}
	if got := lines(flatten(nil, old)); got != "/a/b: x" {
		t.Errorf("the deprecated form: %s", got)
	}
}

func lines(ls []leaf) string {
	sortLeaves(ls)
	var out []string
	for _, l := range ls {
		out = append(out, l.line())
	}
	return strings.Join(out, "\n")
}

func TestFlattenLists(t *testing.T) {
	for name, tc := range map[string]struct{ in, want string }{
		"two keys, an identity": {
			`{"protocol":[{"identifier":"openconfig-policy-types:BGP","name":"BGP","state":{"enabled":true}}]}`,
			"/protocol[identifier=BGP][name=BGP]/state/enabled: true"},
		"only keys": {
			`{"next-hop":[{"index":"1"},{"index":"2"}]}`,
			"/next-hop[index=1]/index: 1\n/next-hop[index=2]/index: 2"},
		"native style": {
			`{"interface":[{"admin-state":"enable","name":"ethernet-1/1","mtu":9232}]}`,
			"/interface[name=ethernet-1/1]/admin-state: enable\n/interface[name=ethernet-1/1]/mtu: 9232"},
		"no usual key": {
			`{"rule":[{"x":1,"y":2},{"x":3}]}`,
			"/rule[#=1]/x: 1\n/rule[#=1]/y: 2\n/rule[#=2]/x: 3"},
		"the same key twice": {
			`{"e":[{"name":"a","v":1},{"name":"a","v":2}]}`,
			"/e[name=a]/v: 1\n/e[name=a][#=2]/v: 2"},
		"mixed": {
			`{"e":[{"name":"a","v":1},5]}`,
			"/e[#=2]: 5\n/e[name=a]/v: 1"},
		"leaf-list of identities": {
			`{"oc-x:types":["m:A","m:B"]}`, "/types: [m:A, m:B]"},
		"list at the top": {
			`[{"name":"a","v":1}]`, "/[name=a]/v: 1"},
	} {
		t.Run(name, func(t *testing.T) {
			got := lines(flatten(nil, &pb.Update{Path: &pb.Path{}, Val: &pb.TypedValue{Value: &pb.TypedValue_JsonIetfVal{JsonIetfVal: []byte(tc.in)}}}))
			if name == "list at the top" {
				got = strings.Replace(got, "[name", "/[name", 1)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestNatural(t *testing.T) {
	in := []leaf{{path: "/i[n=eth10]/a"}, {path: "/i[n=eth2]/a"}, {path: "/i-b"}, {path: "/i"}, {path: "/i/z"}, {path: "/i[n=eth02]/b"}}
	sortLeaves(in)
	var got []string
	for _, l := range in {
		got = append(got, l.path)
	}
	want := []string{"/i", "/i/z", "/i[n=eth2]/a", "/i[n=eth02]/b", "/i[n=eth10]/a", "/i-b"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// FuzzFlatten holds that no JSON of a device breaks the form: one line a
// leaf, printable, with a path before it.
func FuzzFlatten(f *testing.F) {
	f.Add([]byte(`{"a":[{"name":"x\ny","b":"\u001b[2J"}],"c\u0000d":[1,[2]]}`))
	f.Add([]byte(`[[],{},null,"",-0]`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		for _, l := range flattenJSON("/p", raw) {
			if line := l.line(); !strings.HasPrefix(line, "/p") || strings.ContainsAny(line, "\n\r\x1b\x00") {
				t.Fatalf("%q gives the line %q", raw, line)
			}
		}
	})
}
