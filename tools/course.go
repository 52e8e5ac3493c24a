package tools

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/netsonde/netsonde/devices"
	"github.com/netsonde/netsonde/policies"
)

// A course is what a watch saw, by the things that it saw: counters and
// states, each with its readings in time.
type course struct {
	order    []string
	series   map[string]*series
	marks    []string // gaps, and what is said of the device's clock
	readings int      // of a repeated command
}

// A series is one counter or state over time.
type series struct {
	at     []time.Time
	values []string
}

func (c *course) add(name string, at time.Time, value string) {
	if c.series == nil {
		c.series = map[string]*series{}
	}
	s := c.series[name]
	if s == nil {
		s = &series{}
		c.series[name] = s
		c.order = append(c.order, name)
	}
	s.at, s.values = append(s.at, at), append(s.values, value)
}

// sampledCourse reads the output of a gNMI watch: "TIME PATH: VALUE".
func sampledCourse(out string) (c course) {
	for line := range strings.Lines(out) {
		line = strings.TrimRight(line, "\n")
		stamp, rest, ok := strings.Cut(line, " ")
		at, err := time.Parse(time.RFC3339Nano, stamp)
		start := leafStart(rest)
		switch {
		case strings.HasPrefix(line, "#"):
			c.marks = append(c.marks, line)
		case ok && err == nil && strings.HasPrefix(rest, "#"):
			c.marks = append(c.marks, line)
		case ok && err == nil && start > 0:
			name, value, _ := strings.Cut(rest[start:], ": ")
			c.add(rest[:start]+name, at, value)
		}
	}
	return c
}

// repeatedCourse reads the readings of a repeated command. Lines that differ
// in their numbers only are one line over time: each of its numbers is a
// series, named by the words before it. A line that comes or goes is a series
// of its own.
func repeatedCourse(out string, f policies.Filter) (c course) {
	var at time.Time
	for _, chunk := range strings.Split("\n"+out, "\n"+devices.ReadingMark)[1:] {
		head, body, _ := strings.Cut(chunk, "\n")
		stamp, failure, _ := strings.Cut(head, " ")
		var err error
		if at, err = time.Parse(devices.ReadingTime, stamp); err != nil {
			continue
		}
		if failure != "" {
			c.marks = append(c.marks, "# "+head)
			continue
		}
		if body, err = f.Apply(body); err != nil {
			c.marks = append(c.marks, "# filter not applied: "+err.Error())
		}
		c.readings++
		seen := map[string]int{}
		for line := range strings.Lines(body) {
			line = strings.TrimSpace(line)
			if line == "" {
				continue
			}
			shape, numbers := mold(line)
			seen[shape]++
			id := fmt.Sprintf("%s\x00%d", shape, seen[shape])
			c.add(id, at, "seen")
			for i, n := range numbers {
				c.add(fmt.Sprintf("%s\x00%d", id, i), at, n)
			}
		}
	}
	return c
}

// mold takes the numbers out of a line: "RX 5 packets" is "RX # packets" and 5.
// What belongs to a name (eth1) or an address (10.0.0.1, 0x1f) stays. A
// duration is taken out too, and is no series: every uptime moves.
func mold(line string) (shape string, numbers []string) {
	words := strings.FieldsFunc(line, func(r rune) bool { return r == ' ' || r == '\t' })
	for i, w := range words {
		bare := strings.Trim(w, ",;()%")
		if _, err := strconv.ParseFloat(bare, 64); err == nil && strings.Count(bare, ".") <= 1 && !strings.ContainsAny(bare, "xXnNiI") {
			numbers = append(numbers, bare)
			words[i] = strings.Replace(w, bare, "#", 1)
		} else if duration(bare) {
			words[i] = strings.Replace(w, bare, "~", 1)
		}
	}
	return strings.Join(words, " "), numbers
}

// duration reports whether a word is a length of time as devices print it:
// 00:00:12, 6.411s, 1d02h03m, 35ms.
func duration(w string) bool {
	if w == "" || w[0] < '0' || w[0] > '9' {
		return false
	}
	units := false
	for _, r := range w {
		switch {
		case r >= '0' && r <= '9' || r == '.':
		case strings.ContainsRune("smhdwu:", r):
			units = true
		default:
			return false
		}
	}
	return units
}

// text words the course: what moved first, a line a thing; then how much did
// not, with the error counters among it; then the marks.
func (c course) text() string {
	var moved, still []string
	quiet, zero := 0, 0
	for _, name := range c.order {
		s := c.series[name]
		what, changed := s.reduce()
		if c.readings > 0 {
			what, changed = c.line(name, what, changed)
		}
		switch {
		case changed:
			moved = append(moved, c.label(name)+": "+what)
		case worrying(name) && c.readings == 0 && s.values[len(s.values)-1] == "0":
			zero++
		case worrying(name) && c.readings == 0:
			still = append(still, c.label(name)+": "+s.values[len(s.values)-1])
		default:
			quiet++
		}
	}
	var b strings.Builder
	for _, m := range c.marks {
		b.WriteString(m + "\n")
	}
	if len(moved) == 0 {
		b.WriteString("nothing moved\n")
	} else {
		b.WriteString(hang(strings.Join(moved, "\n") + "\n"))
	}
	if len(still) > 0 {
		b.WriteString("errors and discards that did not move:\n" + hang(strings.Join(still, "\n")+"\n"))
	}
	if zero > 0 {
		fmt.Fprintf(&b, "%d counters of errors and discards stand at 0\n", zero)
	}
	if quiet > 0 {
		fmt.Fprintf(&b, "%d other leaves, lines or numbers did not move\n", quiet)
	}
	return b.String()
}

// worrying reports whether a counter is one whose standing still is news.
func worrying(name string) bool {
	leaf := name[strings.LastIndexByte(name, '/')+1:]
	for _, w := range [...]string{"error", "discard", "drop", "fcs", "crc", "transitions", "flap"} {
		if strings.Contains(leaf, w) {
			return true
		}
	}
	return false
}

// label words the name of a series: the words before the number of a line, or
// the path.
func (c course) label(name string) string {
	parts := strings.Split(name, "\x00")
	if len(parts) < 3 {
		return parts[0]
	}
	words := strings.Fields(parts[0])
	n, _ := strconv.Atoi(parts[2])
	for i, w := range words {
		if strings.Contains(w, "#") {
			if n == 0 {
				words[i] = "[" + w + "]"
				break
			}
			n--
		}
	}
	return strings.Join(words, " ")
}

// line words a series of a repeated command: a line that was not in every
// reading came or went.
func (c course) line(name, what string, changed bool) (string, bool) {
	s := c.series[name]
	if strings.Count(name, "\x00") == 2 {
		return what, changed
	}
	if len(s.at) >= c.readings {
		return "", false
	}
	return fmt.Sprintf("in %d of %d readings, last at %s", len(s.at), c.readings, s.at[len(s.at)-1].Format(clockTime)), true
}

const clockTime = "15:04:05.000Z"

// reduce words a series: a rate for a counter, a range for a gauge, the steps
// of a state.
func (s *series) reduce() (what string, changed bool) {
	first, last := s.values[0], s.values[len(s.values)-1]
	steps := 0
	for i := 1; i < len(s.values); i++ {
		if s.values[i] != s.values[i-1] {
			steps++
		}
	}
	if steps == 0 {
		return first, false
	}
	nums := make([]float64, len(s.values))
	for i, v := range s.values {
		n, err := strconv.ParseFloat(v, 64)
		if err != nil {
			return s.states(steps), true
		}
		nums[i] = n
	}
	steepest := 0.0
	for i := 1; i < len(s.values); i++ {
		step := delta(s.values[i-1], s.values[i])
		if step < 0 {
			return s.gauge(nums), true
		}
		if d := s.at[i].Sub(s.at[i-1]).Seconds(); d > 0 {
			steepest = max(steepest, step/d)
		}
	}
	seconds := s.at[len(s.at)-1].Sub(s.at[0]).Seconds()
	out := fmt.Sprintf("+%s in %.1f s", short(delta(first, last)), seconds)
	if seconds > 0 {
		rate := delta(first, last) / seconds
		out += fmt.Sprintf(" (%s/s", short(rate))
		if steepest > 2*rate && len(nums) > 3 {
			out += ", peak " + short(steepest) + "/s"
		}
		out += ")"
	}
	return out + ", now " + last, true
}

// delta subtracts a from b, whole numbers exactly: a counter of 64 bits does
// not fit a float.
func delta(a, b string) float64 {
	x, err1 := strconv.ParseUint(a, 10, 64)
	y, err2 := strconv.ParseUint(b, 10, 64)
	switch {
	case err1 == nil && err2 == nil && y >= x:
		return float64(y - x)
	case err1 == nil && err2 == nil:
		return -float64(x - y)
	}
	p, _ := strconv.ParseFloat(a, 64)
	q, _ := strconv.ParseFloat(b, 64)
	return q - p
}

// gauge words numbers that also fall.
func (s *series) gauge(nums []float64) string {
	lo, hi := nums[0], nums[0]
	for _, n := range nums {
		lo, hi = min(lo, n), max(hi, n)
	}
	return fmt.Sprintf("%s -> %s, between %s and %s (it fell: a gauge, or the counter was reset)",
		s.values[0], s.values[len(s.values)-1], short(lo), short(hi))
}

// states words the steps of a state; of many, the first and the last.
func (s *series) states(steps int) string {
	const most = 6
	out := []string{s.values[0]}
	told := 0
	for i := 1; i < len(s.values); i++ {
		if s.values[i] == s.values[i-1] {
			continue
		}
		if told++; told > most && told < steps {
			continue
		}
		out = append(out, fmt.Sprintf("%s at %s", s.values[i], s.at[i].Format(clockTime)))
	}
	text := strings.Join(out, " -> ")
	if steps > 1 {
		text += fmt.Sprintf(" (%d changes)", steps)
	}
	return text
}

// short prints a number to three digits or so.
func short(f float64) string {
	if f == math.Trunc(f) || math.Abs(f) >= 100 {
		return strconv.FormatFloat(math.Round(f), 'f', -1, 64)
	}
	return strconv.FormatFloat(f, 'g', 3, 64)
}
