package policies

import (
	"fmt"
	"strings"
)

// field returns the nth field of a line, from 1; the line itself for 0.
func field(line string, n int, separator string) string {
	if n == 0 {
		return line
	}
	fields := strings.Fields(line)
	if separator != "" {
		fields = strings.Split(line, separator)
	}
	if n > len(fields) {
		return ""
	}
	return fields[n-1]
}

// compareNumbers compares two texts by the numbers in them, so that eth2 comes
// before eth10 and 10.0.2.0 before 10.0.10.0.
func compareNumbers(a, b string) int {
	a, b = strings.TrimLeft(a, " \t"), strings.TrimLeft(b, " \t")
	for a != "" && b != "" {
		da, db := leadingDigits(a), leadingDigits(b)
		if da > 0 && db > 0 {
			na, nb := strings.TrimLeft(a[:da], "0"), strings.TrimLeft(b[:db], "0")
			if len(na) != len(nb) {
				return len(na) - len(nb)
			}
			if c := strings.Compare(na, nb); c != 0 {
				return c
			}
			a, b = a[da:], b[db:]
			continue
		}
		if a[0] != b[0] {
			return int(a[0]) - int(b[0])
		}
		a, b = a[1:], b[1:]
	}
	return len(a) - len(b)
}

// leadingDigits returns how many digits s begins with.
func leadingDigits(s string) int {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return n
}

// cut keeps fields (-f LIST, -d C) or characters (-c LIST) of each line.
func (s Stage) cut() (lineFilter, error) {
	flags, rest, err := s.arguments("s", "dfc")
	if err != nil || len(rest) > 0 {
		return nil, fmt.Errorf("cut takes -d C -f LIST, or -c LIST")
	}
	separator := "\t"
	if d, ok := flags['d']; ok {
		separator = d
	}
	list, byField := flags['f']
	if !byField {
		list = flags['c']
		separator = ""
	}
	if list == "" || byField && separator == "" {
		return nil, fmt.Errorf("cut takes -d C -f LIST, or -c LIST")
	}
	ranges, err := cutRanges(list)
	if err != nil {
		return nil, err
	}
	return func(ls []string) ([]string, error) {
		out := make([]string, len(ls))
		for i, l := range ls {
			out[i] = l
			if parts := strings.Split(l, separator); len(parts) > 1 || !byField {
				out[i] = strings.Join(pick(parts, ranges), separator)
			}
		}
		return out, nil
	}, nil
}

// cutRanges reads 1,3-5,7- as pairs of first and last; a last of 0 is the end.
func cutRanges(list string) ([][2]int, error) {
	var out [][2]int
	for _, item := range strings.Split(list, ",") {
		from, to, isRange := strings.Cut(item, "-")
		r := [2]int{1, 0}
		var err error
		if from != "" {
			if r[0], err = number(from); err != nil || r[0] == 0 {
				return nil, fmt.Errorf("cut: %q is no list such as 1,3-5", list)
			}
		}
		switch {
		case !isRange:
			r[1] = r[0]
		case to != "":
			if r[1], err = number(to); err != nil {
				return nil, fmt.Errorf("cut: %q is no list such as 1,3-5", list)
			}
		}
		out = append(out, r)
	}
	return out, nil
}

func pick(parts []string, ranges [][2]int) (out []string) {
	for i := range parts {
		for _, r := range ranges {
			if i+1 >= r[0] && (r[1] == 0 || i+1 <= r[1]) {
				out = append(out, parts[i])
				break
			}
		}
	}
	return out
}
