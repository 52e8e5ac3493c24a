package state

import "strings"

// frrConfig reads `show running-config`. FRR indents by one space a level;
// "exit", "exit-address-family" and "!" close what stands open.
func frrConfig(d *Device, t *text) {
	found := false
	for _, line := range t.lines {
		found = found || strings.HasPrefix(line, "frr version ")
	}
	if !found { // a pager or a lack of rights can leave only the frame
		t.fail("no line begins with frr version")
		return
	}
	d.Config = NewConfig(t.answer.Output, t.ref(-1))
}

// NewConfig reads a configuration whose indentation gives the depth. Comment
// lines and the lines that only close a section are left out. Line numbers
// count from 1 in text.
func NewConfig(text string, ref Ref) *Config {
	root := &ConfigLine{}
	open := []*ConfigLine{root}
	depth := []int{-1}
	for i, line := range strings.Split(strings.ReplaceAll(text, "\r", ""), "\n") {
		words := strings.TrimSpace(line)
		if skipConfig(words) {
			continue
		}
		in := indent(line)
		for in <= depth[len(depth)-1] {
			open, depth = open[:len(open)-1], depth[:len(depth)-1]
		}
		c := &ConfigLine{Text: words, Line: i + 1}
		parent := open[len(open)-1]
		parent.Children = append(parent.Children, c)
		open, depth = append(open, c), append(depth, in)
	}
	return &Config{Ref: ref, Lines: root.Children}
}

func skipConfig(words string) bool {
	switch words {
	case "", "!", "end", "exit", "exit-address-family", "exit-vrf", "exit-vni", "exit1", "Building configuration...", "Current configuration:":
		return true
	}
	return strings.HasPrefix(words, "!") || strings.HasPrefix(words, "Current configuration :")
}
