// Package report renders what an investigation found, and the topology that it
// was found in, for readers other than the terminal: JSON, Markdown, a page of
// HTML, JUnit and SARIF; DOT, Mermaid and SVG.
//
// Names and texts may come from devices: every renderer escapes them for its
// format, and none makes a link, a script or a remote reference of them.
package report
