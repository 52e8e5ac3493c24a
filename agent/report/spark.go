package report

import (
	"fmt"
	"html/template"
	"math"
	"slices"
	"strconv"
	"strings"
)

const (
	sparkWidth  = 160.0
	sparkHeight = 36.0
)

// spark draws a series as a line, with the band of what is usual behind it and
// a dot at the last value. It is numbers only.
func spark(s Series) template.HTML {
	if len(s.Values) == 0 {
		return ""
	}
	low, high := slices.Min(s.Values), slices.Max(s.Values)
	band := s.Usual != 0 || s.Deviation != 0
	if band {
		low, high = math.Min(low, s.Usual-2*s.Deviation), math.Max(high, s.Usual+2*s.Deviation)
	}
	span := high - low
	y := func(v float64) float64 {
		if span == 0 {
			return sparkHeight / 2
		}
		return 3 + (sparkHeight-6)*(1-(v-low)/span)
	}
	x := func(i int) float64 {
		if len(s.Values) == 1 {
			return sparkWidth - 4
		}
		return 3 + (sparkWidth-7)*float64(i)/float64(len(s.Values)-1)
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="spark" viewBox="0 0 %.0f %.0f" aria-hidden="true" focusable="false">`, sparkWidth, sparkHeight)
	if band {
		top, bottom := y(s.Usual+2*s.Deviation), y(s.Usual-2*s.Deviation)
		fmt.Fprintf(&b, `<rect class="usual" x="0" y="%.1f" width="%.0f" height="%.1f"/>`, top, sparkWidth, math.Max(bottom-top, 1))
	}
	b.WriteString(`<polyline points="`)
	for i, v := range s.Values {
		fmt.Fprintf(&b, "%.1f,%.1f ", x(i), y(v))
	}
	last := len(s.Values) - 1
	fmt.Fprintf(&b, `"/><circle cx="%.1f" cy="%.1f" r="2.6"/></svg>`, x(last), y(s.Values[last]))
	return template.HTML(b.String())
}

// figure writes a value with its unit, in a size that a person reads: "1.2 Mbit/s".
func figure(v float64, unit string) string {
	prefix := ""
	if unit == "bit/s" || unit == "B" || unit == "1/s" {
		for _, p := range [...]string{"k", "M", "G", "T"} {
			if math.Abs(v) < 1000 {
				break
			}
			v, prefix = v/1000, p
		}
	}
	text := strconv.FormatFloat(v, 'g', 3, 64)
	if math.Abs(v) >= 100 && math.Abs(v) < 1e15 {
		text = strconv.FormatFloat(v, 'f', 0, 64)
	}
	if unit == "" || unit == "1" {
		return text
	}
	return text + " " + prefix + unit
}
