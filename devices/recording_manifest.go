package devices

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// manifestName is the file that says what a recording holds.
const manifestName = "recording.yaml"

// recordingVersion is the version of the format that is written.
const recordingVersion = 1

// A manifest is the content of recording.yaml.
type manifest struct {
	Version    int              `yaml:"version"`
	CapturedAt time.Time        `yaml:"captured_at,omitempty"`
	Devices    []manifestDevice `yaml:"devices"`
	Links      []string         `yaml:"links,omitempty"`
}

// A manifestDevice is one device of a recording. Folder is where its answers
// are, if that is not the folder of its name.
type manifestDevice struct {
	Name     string   `yaml:"name"`
	Platform string   `yaml:"platform,omitempty"`
	Address  string   `yaml:"address,omitempty"`
	Groups   []string `yaml:"groups,omitempty"`
}

func (m manifest) find(name string) int {
	return slices.IndexFunc(m.Devices, func(d manifestDevice) bool { return d.Name == name })
}

func (m manifest) encode() ([]byte, error) {
	slices.SortFunc(m.Devices, func(a, b manifestDevice) int { return strings.Compare(a.Name, b.Name) })
	b, err := yaml.Marshal(m)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", manifestName, err)
	}
	return append([]byte("# A recording of network state, made by netsonde. One folder a device,\n# one plain file an answer.\n"), b...), nil
}

// parseManifest reads a manifest. Each fault names its line; what is sound
// stays usable.
func parseManifest(b []byte) (m manifest, faults []error) {
	file, err := parser.ParseBytes(b, 0)
	if err != nil {
		return m, []error{fmt.Errorf("%s: %s", manifestName, strings.TrimSpace(yaml.FormatError(err, false, true)))}
	}
	if len(file.Docs) == 0 || file.Docs[0].Body == nil {
		return m, []error{fmt.Errorf("%s: empty: want version, captured_at, devices", manifestName)}
	}
	r := manifestReader{m: &m}
	var values []*ast.MappingValueNode
	switch body := file.Docs[0].Body.(type) {
	case *ast.MappingNode:
		values = body.Values
	case *ast.MappingValueNode:
		values = []*ast.MappingValueNode{body}
	default:
		r.fault(body, "want a mapping of version, captured_at, devices, links")
	}
	for _, v := range values {
		r.member(v)
	}
	if m.Version > recordingVersion {
		r.faults = append(r.faults, fmt.Errorf("%s: version %d is newer than this program knows (%d): some of it may not be read", manifestName, m.Version, recordingVersion))
	}
	return m, r.faults
}

type manifestReader struct {
	m      *manifest
	faults []error
}

func (r *manifestReader) fault(n ast.Node, format string, args ...any) {
	r.faults = append(r.faults, fmt.Errorf("%s:%d: %s", manifestName, n.GetToken().Position.Line, fmt.Sprintf(format, args...)))
}

func (r *manifestReader) decode(n ast.Node, v any) bool {
	err := yaml.NodeToValue(n, v, yaml.Strict())
	if err == nil {
		return true
	}
	msg, line := err.Error(), n.GetToken().Position.Line
	var at yaml.Error
	if errors.As(err, &at) {
		msg = at.GetMessage()
		if tk := at.GetToken(); tk != nil {
			line = tk.Position.Line
		}
	}
	r.faults = append(r.faults, fmt.Errorf("%s:%d: %s", manifestName, line, strings.ReplaceAll(msg, "\n", " ")))
	return false
}

// member reads one top-level member.
func (r *manifestReader) member(v *ast.MappingValueNode) {
	switch name := v.Key.GetToken().Value; name {
	case "version":
		r.decode(v.Value, &r.m.Version)
	case "captured_at":
		r.decode(v.Value, &r.m.CapturedAt)
	case "links":
		r.decode(v.Value, &r.m.Links)
	case "devices":
		list, ok := v.Value.(*ast.SequenceNode)
		if !ok {
			if v.Value.Type() != ast.NullType {
				r.fault(v.Value, "devices must be a list")
			}
			return
		}
		for _, n := range list.Values {
			r.device(n)
		}
	default:
		r.fault(v.Key, "unknown key %q: want version, captured_at, devices, links", name)
	}
}

func (r *manifestReader) device(n ast.Node) {
	var d manifestDevice
	if !r.decode(n, &d) && d.Name == "" {
		return
	}
	if d.Name == "" {
		r.fault(n, "a device without a name")
		return
	}
	if r.m.find(d.Name) >= 0 {
		r.fault(n, "the device %q is listed twice; the first one counts", d.Name)
		return
	}
	r.m.Devices = append(r.m.Devices, d)
}

// readManifest reads DIR/recording.yaml; ok is false where there is none.
func readManifest(fsys fs.FS) (m manifest, ok bool, faults []error) {
	b, cut, err := readBounded(fsys, manifestName, maxManifest)
	if errors.Is(err, fs.ErrNotExist) {
		return m, false, nil
	}
	if err != nil {
		return m, false, []error{fmt.Errorf("%s: %w", manifestName, err)}
	}
	if cut {
		return m, false, []error{fmt.Errorf("%s: larger than %d bytes; not read", manifestName, maxManifest)}
	}
	m, faults = parseManifest(b)
	return m, true, faults
}

const maxManifest = 16 << 20
