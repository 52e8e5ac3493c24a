package state_test

import (
	"slices"
	"strings"
)

// sortedBy returns rows in the order of their keys.
func sortedBy[T any](rows []T, key func(T) string) []T {
	rows = slices.Clone(rows)
	slices.SortStableFunc(rows, func(a, b T) int { return strings.Compare(key(a), key(b)) })
	return rows
}
