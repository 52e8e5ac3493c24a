package devices

import (
	"fmt"
	"unicode"
)

// printable quotes s where it holds anything but printable characters, so that
// an error line stays one line.
func printable(s string) string {
	for _, r := range s {
		if !unicode.IsPrint(r) {
			return fmt.Sprintf("%q", s)
		}
	}
	return s
}
