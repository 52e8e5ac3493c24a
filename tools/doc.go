// Package tools is what a model, or the rules, may ask: few, typed, read-only
// functions over one or many devices. A tool is one Go file and one Markdown
// description; its JSON schema is derived from its argument type. A result
// fits a token budget, says what was left out and how to ask for it.
package tools
