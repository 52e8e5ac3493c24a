package state

import "strings"

// matchQuery matches the words of a query against a pattern and returns the
// words that stand for its names. A pattern is words separated by spaces:
//
//	word      itself
//	a|b       one of them
//	<name>    any one word that is no keyword, kept under name; <prefix> a prefix or address
//	[a <b>]   the words inside, or nothing (no nesting)
//	...       any further words
func matchQuery(pattern string, words []string) (map[string]string, bool) {
	args := map[string]string{}
	if !matchWords(strings.Fields(pattern), words, args) {
		return nil, false
	}
	return args, true
}

func matchWords(pat, words []string, args map[string]string) bool {
	if len(pat) == 0 {
		return len(words) == 0
	}
	if pat[0] == "..." {
		return true
	}
	if strings.HasPrefix(pat[0], "[") {
		group, rest := optional(pat)
		if matchWords(append(group, rest...), words, args) {
			return true
		}
		return matchWords(rest, words, args)
	}
	if len(words) == 0 {
		return false
	}
	if name, ok := strings.CutPrefix(pat[0], "<"); ok {
		if !fits(strings.TrimSuffix(name, ">"), words[0]) || !matchWords(pat[1:], words[1:], args) {
			return false
		}
		args[strings.TrimSuffix(name, ">")] = words[0]
		return true
	}
	for alt := range strings.SplitSeq(pat[0], "|") {
		if alt == words[0] || pat[0] == words[0] {
			return matchWords(pat[1:], words[1:], args)
		}
	}
	return false
}

// fits reports whether a word can stand for a name: a prefix is one, and no
// name is a keyword.
func fits(name, word string) bool {
	if name == "prefix" {
		_, ok := prefix(word)
		return ok
	}
	switch word {
	case "json", "detail", "vrf", "summary", "brief", "neighbor", "interface", "status", "description", "descriptions", "counters", "terse", "extensive", "advertised-routes":
		return false
	}
	return true
}

// optional splits pat after its first group and takes the brackets off.
func optional(pat []string) (group, rest []string) {
	for i, w := range pat {
		w, end := strings.CutSuffix(w, "]")
		group = append(group, strings.TrimPrefix(w, "["))
		if end {
			return group, pat[i+1:]
		}
	}
	return group, nil
}

// narrowed reports whether the words of a query ask for less than the table.
func narrowed(args map[string]string) bool {
	for k, v := range args {
		if k != "lines" && v != "all" && v != "main" {
			return true
		}
	}
	return false
}
