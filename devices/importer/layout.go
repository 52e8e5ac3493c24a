package importer

import (
	"io/fs"
	"path"
	"strings"
)

// A layout is how a source arranges its files.
type layout string

const (
	plainLayout   layout = "folders"      // one folder a device, or files that tell their device
	batfishLayout layout = "batfish"      // configs/NAME.cfg, hosts/NAME.json
	clabLayout    layout = "containerlab" // NODE/config/..., topology-data.json, ansible-inventory.yml
)

// An arrangement says whether a file is all there is of a source.
type arrangement string

const (
	single arrangement = "single"
	among  arrangement = "among others"
)

// layout looks for the files that only one kind of source has.
func (g *gathering) layout() layout {
	list, err := fs.ReadDir(g.fsys, ".")
	if err != nil {
		return plainLayout
	}
	configs := false
	for _, e := range list {
		switch n := e.Name(); {
		case n == "topology-data.json", n == "ansible-inventory.yml", n == "nornir-simple-inventory.yml":
			return clabLayout
		case n == "configs" && e.IsDir():
			configs = true
		}
	}
	if configs {
		return batfishLayout
	}
	return plainLayout
}

// place reads a file in the way of the layout.
func (g *gathering) place(name string, l layout) {
	folders := strings.Split(path.Dir(name), "/")
	if path.Dir(name) == "." {
		folders = nil
	}
	switch l {
	case batfishLayout:
		if len(folders) > 0 && folders[0] != "configs" {
			g.left(Item{File: name, Left: "of a Batfish snapshot, only configs/ is read"})
			return
		}
	case clabLayout:
		if len(folders) == 0 {
			g.left(Item{File: name, Left: "of a containerlab lab, only the nodes' folders are read"})
			return
		}
		g.node(name, folders[0])
		return
	}
	if strings.HasPrefix(path.Base(name), ".") || bookkeeping(path.Base(name)) {
		g.left(Item{File: name, Left: "not about a device"})
		return
	}
	g.text(name, g.owner(name, folders), among)
}

// bookkeeping are the files of archives that hold no configuration.
func bookkeeping(base string) bool {
	switch base {
	case "router.db", "routers.all", "routers.up", "routers.down", "config", "crash", "pid", "recording.yaml", "index.jsonl", "README.md", "README", "LICENSE":
		return true
	}
	return false
}

// node reads a file of a containerlab node: its saved configuration.
func (g *gathering) node(name, node string) {
	switch base := path.Base(name); {
	case strings.HasPrefix(base, "startup-config"), base == "frr.conf", base == "config.json", base == "config.cfg", base == "config.txt",
		strings.HasSuffix(base, ".cfg"), strings.HasSuffix(base, ".conf"), base == "config_db.json", base == "juniper.conf":
		g.text(name, node, among)
	default:
		g.left(Item{File: name, Left: "not a saved configuration"})
	}
}

// owner returns the device of a file by its folder: the folder's own name,
// where the files in it are named like commands. In an archive, where each
// file is a configuration, the folders are groups, and the answer is "".
func (g *gathering) owner(name string, folders []string) string {
	if len(folders) == 0 {
		return ""
	}
	first, _, _ := strings.Cut(path.Base(name), "_")
	if commandLike(strings.TrimSuffix(first, ".txt")) || strings.Contains(path.Base(name), " ") {
		return folders[len(folders)-1]
	}
	list, err := fs.ReadDir(g.fsys, path.Dir(name))
	if err != nil {
		return ""
	}
	for i, e := range list {
		first, _, found := strings.Cut(e.Name(), "_")
		if i < 200 && found && commandLike(first) {
			return folders[len(folders)-1]
		}
	}
	return ""
}
