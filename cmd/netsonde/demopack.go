package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"

	"github.com/klauspost/compress/zstd"
)

// Recordings ship as NAME.tar.zst: outputs of many devices repeat each other,
// and only a compressor that looks across files makes them small (45 kB of
// 2.3 MB, where ZIP needs 280 kB).

// unpacked reads the embedded recording of an incident into memory.
func unpacked(name string) (fs.FS, error) {
	raw, err := demoFiles.ReadFile("demo/" + name + ".tar.zst")
	if err != nil {
		return nil, err
	}
	d, err := zstd.NewReader(bytes.NewReader(raw))
	if err != nil {
		return nil, err
	}
	defer d.Close()
	var mem bytes.Buffer
	w := zip.NewWriter(&mem)
	for t := tar.NewReader(d); ; {
		h, err := t.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		if h.Typeflag != tar.TypeReg {
			continue
		}
		f, err := w.CreateHeader(&zip.FileHeader{Name: path.Clean(h.Name), Method: zip.Store})
		if err != nil {
			return nil, err
		}
		if _, err := io.Copy(f, t); err != nil {
			return nil, err
		}
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return zip.NewReader(bytes.NewReader(mem.Bytes()), int64(mem.Len()))
}

// packed makes what unpacked reads of the recording in fsys, the same bytes
// for the same files.
func packed(fsys fs.FS) ([]byte, error) {
	var out bytes.Buffer
	z, err := zstd.NewWriter(&out, zstd.WithEncoderLevel(zstd.SpeedBestCompression), zstd.WithWindowSize(8<<20))
	if err != nil {
		return nil, err
	}
	t := tar.NewWriter(z)
	err = fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		if err := t.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: int64(len(raw)), Format: tar.FormatPAX}); err != nil {
			return err
		}
		_, err = t.Write(raw)
		return err
	})
	if err := errors.Join(err, t.Close(), z.Close()); err != nil {
		return nil, fmt.Errorf("pack: %w", err)
	}
	return out.Bytes(), nil
}
