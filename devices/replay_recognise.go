package devices

import (
	"io/fs"
	"path"
	"regexp"

	"github.com/netsonde/netsonde/policies"
)

// A mark is what the content of a file tells: a line that only one platform
// prints or, where query is not "", only in the answer to that query.
type mark struct {
	platform, query string
	line            *regexp.Regexp
}

// marks are what platforms, and some of their answers, are recognised by,
// whatever the file is called.
var marks = [...]mark{
	{"frr", "show running-config", regexp.MustCompile(`(?m)^(?:frr version \d|frr defaults )`)},
	{"frr", "show version", regexp.MustCompile(`(?m)^FRRouting \d[\w.-]* \(`)},
	{"frr", "", regexp.MustCompile(`(?m)^(?:Codes: K - kernel route|  Link ups: |VRF Name: default|\s*OSPF Routing Process, Router ID|BGP router identifier .* vrf-id \d|.*watchfrr)`)},
	{"linux", "nft list ruleset", regexp.MustCompile(`(?m)^table (?:ip|ip6|inet|arp|bridge|netdev) \S+ \{`)},
	{"linux", "cat /etc/resolv.conf", regexp.MustCompile(`(?m)^nameserver [0-9a-fA-F:.]+\s*$`)},
	{"linux", "uname -a", regexp.MustCompile(`^Linux \S+ \d+\.\d+`)},
	{"cisco_iosxe", "", regexp.MustCompile(`(?m)^(?:Cisco IOS(?:-XE| XE)? Software|Codes: L - local, C - connected, S - static, R - RIP, M - mobile)`)},
	{"cisco_nxos", "", regexp.MustCompile(`(?m)^(?:Cisco Nexus Operating System|IP Route Table for VRF|!Command: show )`)},
	{"cisco_iosxr", "", regexp.MustCompile(`(?m)^(?:Cisco IOS XR Software|RP/\d+/|!! IOS XR)`)},
	{"arista_eos", "", regexp.MustCompile(`(?m)^(?:Arista |VRF: default\s*$|! device: .*EOS|! Command: show )`)},
	{"juniper_junos", "", regexp.MustCompile(`(?m)^(?:inet6?\.0: \d+ destinations|Physical interface: |Junos: |JUNOS |## Last )`)},
}

// recognised returns the platform in whose grammar most of the device's files
// are named, or whose marks their content has; "" if there is none.
func (d *recordedDevice) recognised() string {
	list, err := fs.ReadDir(d.recording.fsys, d.folder)
	if err != nil {
		return ""
	}
	best, most := "", 1 // nothing at all is recognised by nothing
	marked := d.marked(list)
	for name, p := range d.recording.how.Platforms {
		f := folder{device: d, grammars: []*policies.Platform{p}}
		score := 0
		for i, e := range list {
			if i == maxSample || e.IsDir() {
				break
			}
			score += f.nameScore(e.Name())
		}
		score += 20 * marked[name]
		if score > most || score == most && (name == likeliest || best != likeliest && name < best) {
			best, most = name, score
		}
	}
	return best
}

// likeliest is the platform of files that nothing tells apart from another's.
const likeliest = "frr"

// nameScore says how well the name of a file fits the platform: 6 where its
// own grammar reads it, 4 where the grammar that it also takes does. Devices
// have files of the same names, so what was found is kept.
func (f *folder) nameScore(name string) int {
	own := f.grammars[0]
	key := own.Name + "\n" + name
	if score, ok := f.device.recording.scores[key]; ok {
		return score
	}
	score, tries := 0, 0
	base, _, _ := splitAnswerName(name)
	queryTexts(base, func(text string) bool {
		if q, ok := f.parse(text); ok {
			score = 4
			if q.Platform() == own.Name {
				score = 6
			}
		}
		tries++
		return score == 0 && tries < 12
	})
	f.device.recording.scores[key] = score
	return score
}

// maxSample is how many files are looked at to recognise a platform.
const maxSample = 12

// marked scores, by platform, the marks that the first files' content has.
func (d *recordedDevice) marked(list []fs.DirEntry) map[string]int {
	scores, read := map[string]int{}, 0
	for _, e := range list {
		if read == maxSample {
			break
		}
		if e.IsDir() {
			continue
		}
		read++
		b, _, err := readBounded(d.recording.fsys, path.Join(d.folder, e.Name()), maxHead)
		if err != nil {
			continue
		}
		for _, m := range marks {
			if m.line.Match(b) {
				scores[m.platform]++
			}
		}
	}
	return scores
}
