// Package policies holds what may be asked of a device, what may be shown of
// its answer, and what counts as healthy.
//
// It is pure: it imports nothing else of the project and does no I/O beyond a
// given [io/fs.FS]. Its knowledge stands in data files that a network engineer
// can review: platforms/*.yaml (one file a platform: grammar, prompt, reads),
// patterns/*.yaml (secrets), rules/*.yaml (checks), root-causes.yaml (the
// vocabulary of causes) and runbooks/*.md.
//
// The one rule that everything else leans on: a [Query] can only be made by a
// [Platform] parsing text, and what a Query carries is the print of that
// parse. A device accepts nothing but a Query.
package policies
