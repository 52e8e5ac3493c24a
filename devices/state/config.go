package state

// A Config is a device's configuration as a tree: each line with the lines
// below it. The platform's own indentation or closing words give the depth.
type Config struct {
	Ref   Ref
	Lines []*ConfigLine
}

// A ConfigLine is one line of a configuration and what stands under it.
type ConfigLine struct {
	Text     string // without indentation
	Line     int    // in the text it was read from, from 1
	Children []*ConfigLine

	from string // the query of another answer that it was read from; "" for the Config's own
}
