package policies

import (
	"strings"
	"testing"
)

const sampleConfig = `hostname r1
!
interface eth1
 ip address 10.0.0.1/24
 ip ospf area 0
!
router bgp 65000
 neighbor 10.0.0.2 remote-as 65001
 address-family ipv4 unicast
  network 10.4.0.0/24
 exit-address-family
!
end
`

func TestFilterApply(t *testing.T) {
	p := load(t)["frr"]
	const table = "eth10 up 5\neth2 down 0\neth1 up 17\neth1 up 17\n"
	for _, c := range []struct{ pipe, in, want string }{
		{"| include up", table, "eth10 up 5\neth1 up 17\neth1 up 17\n"},
		{"| include up|down", "x up\ny down\nz\n", "x up\ny down\n"},
		{"| include *>", " *> 10.0.0.0/8\n *  10.1.0.0/16\n", " *> 10.0.0.0/8\n"},
		{`| include "eth1 up"`, table, "eth1 up 17\neth1 up 17\n"},
		{"| exclude up", table, "eth2 down 0\n"},
		{"| except up", table, "eth2 down 0\n"},
		{"| match ETH", table, ""},
		{"| begin eth2", table, "eth2 down 0\neth1 up 17\neth1 up 17\n"},
		{"| find nothing", table, ""},
		{"| section router bgp", sampleConfig, "router bgp 65000\n neighbor 10.0.0.2 remote-as 65001\n address-family ipv4 unicast\n  network 10.4.0.0/24\n exit-address-family\n"},
		{"| section include address-family", sampleConfig, " address-family ipv4 unicast\n  network 10.4.0.0/24\n exit-address-family\n"},
		{"| section exclude interface|router|!", sampleConfig, "hostname r1\nend\n"},
		{"| count", table, "Count: 4 lines\n"},
		{"| count eth1", table, "Number of lines which match regexp = 3\n"},
		{"| last 1", table, "eth1 up 17\n"},
		{"| trim 6", table, "up 5\nown 0\np 17\np 17\n"},
		{"| no-more", table, table},
		{"| nz", "in errors 0\nout errors 3\n", "out errors 3\n"},
		{"| grep -i ETH1", table, "eth10 up 5\neth1 up 17\neth1 up 17\n"},
		{"| grep -v up", table, "eth2 down 0\n"},
		{"| grep -c up", table, "3\n"},
		{"| grep -w eth1", table, "eth1 up 17\neth1 up 17\n"},
		{"| grep -n down", table, "2:eth2 down 0\n"},
		{"| grep -o 'eth[0-9]*'", table, "eth10\neth2\neth1\neth1\n"},
		{"| grep -A1 eth10", table, "eth10 up 5\neth2 down 0\n"},
		{"| grep -B 1 -m 1 down", table, "eth10 up 5\neth2 down 0\n"},
		{"| grep -C1 2", "a\nb\n2\nc\nd\n", "b\n2\nc\n"},
		{"| grep -F 1.1", "1.1\n1x1\n", "1.1\n"},
		{`| egrep "up|down" | head -1`, table, "eth10 up 5\n"},
		{"| utility egrep down", table, "eth2 down 0\n"},
		{"| head -n 2", table, "eth10 up 5\neth2 down 0\n"},
		{"| tail -1", table, "eth1 up 17\n"},
		{"| tail -n +4", table, "eth1 up 17\n"},
		{"| wc -l", table, "4\n"},
		{"| wc", table, "4 12 45\n"},
		{"| sort", table, "eth1 up 17\neth1 up 17\neth10 up 5\neth2 down 0\n"},
		{"| sort -V | uniq", table, "eth1 up 17\neth2 down 0\neth10 up 5\n"},
		{"| sort -k 3 -n -r | head -1", table, "eth1 up 17\n"},
		{"| sort -u", "b\na\nb\n", "a\nb\n"},
		{"| uniq -c", "a\na\nb\n", "      2 a\n      1 b\n"},
		{"| uniq -d", "a\na\nb\n", "a\n"},
		{"| cut -d' ' -f1", table, "eth10\neth2\neth1\neth1\n"},
		{"| cut -d ' ' -f 1,3-", table, "eth10 5\neth2 0\neth1 17\neth1 17\n"},
		{"| cut -c1-3", table, "eth\neth\neth\neth\n"},
		{"| jq -r .a[0].b", `{"a":[{"b":"x"}]}`, "x\n"},
		{"| jq -c '.a[] | .b'", `{"a":[{"b":1},{"b":{"c":2}}]}`, "1\n{\"c\":2}\n"},
		{"| jq '.[\"10.0.0.0/8\"].n'", `{"10.0.0.0/8":{"n":12345678901}}`, "12345678901\n"},
		{"| jq -c keys", `{"b":1,"a":2}`, "[\"a\",\"b\"]\n"},
		{"| jq -r '.a[] | select(.up) | \"\\(.n) \\(.m)\"'", `{"a":[{"n":"eth1","m":9000,"up":true},{"n":"eth2","m":1500,"up":false}]}`, "eth1 9000\n"},
		{"| jq -c 'map(.n)'", `[{"n":1},{"n":2}]`, "[1,2]\n"},
		{"| jq -r 'to_entries[] | [.key, .value.s] | @tsv'", `{"p":{"s":"up"}}`, "p\tup\n"},
		{"| jq -c 'env, $ENV'", `{}`, "{}\n{}\n"},
		{"| jq '.a | length'", `{"a":[1,2,3]}`, "3\n"},
	} {
		q, err := p.Show("show version " + c.pipe)
		if err != nil {
			t.Errorf("%s: %v", c.pipe, err)
			continue
		}
		got, err := q.Filter().Apply(c.in)
		if err != nil || got != c.want {
			t.Errorf("%s: %q, %v; want %q", c.pipe, got, err, c.want)
		}
	}
}

func TestFilterKeepsItsInput(t *testing.T) {
	for _, f := range []Filter{{{"include", "b"}}, {{"sort", ""}}, {{"trim", "1"}}, {{"cut", "-c1"}}} {
		in := strings.Clone("b1\na1\n")
		if _, err := f.Apply(in); err != nil || in != "b1\na1\n" {
			t.Errorf("%v: %v, input is now %q", f, err, in)
		}
	}
}

func TestFilterErrors(t *testing.T) {
	p := load(t)["frr"]
	for _, c := range []struct{ pipe, near string }{
		{"| grep", "wants an expression"},
		{"| grep -z x", "takes no flag -z"},
		{"| head -n x", "is no number"},
		{"| head /etc/shadow x", "reads no file"},
		{"| sort -o /tmp/x", "sort takes"},
		{"| cut -f1 -d", "cut takes"},
		{"| uniq in out", "uniq takes"},
		{"| wc /etc/shadow", "wc takes"},
		{"| jq 'map(.a'", "is no program"},
		{"| jq 'import \"a\" as a; .'", "cannot load module"},
		{"| jq '.a |'", "is no program"},
		{"| nonsense", "no filter"},
		{"| no-more x", "takes no argument"},
	} {
		if _, err := p.Show("show version " + c.pipe); err == nil || !strings.Contains(err.Error(), c.near) {
			t.Errorf("%s: %v, want %q", c.pipe, err, c.near)
		}
	}
	q, err := p.Show("show version | jq .a")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := q.Filter().Apply("no json"); err == nil || !strings.Contains(err.Error(), "no JSON") {
		t.Errorf("jq of text: %v", err)
	}
}
