// Package inventory reads the inventories of other tools, so that a lab or a
// network that is described already need not be described again. Each reader
// takes what it understands, tolerates what it does not, and says in its
// warnings what it left out. What a kind of node is (platform, ports, the
// credentials of a fresh lab image) stands in kinds.yaml.
package inventory
