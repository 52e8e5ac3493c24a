package history

import (
	"bytes"
	"compress/gzip"
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"github.com/netsonde/netsonde/devices/state"
)

// Counts returns the figures of the last report of a scope, for the rules that
// compare with it; a nil Past before the first.
func (s *Store) Counts(ctx context.Context, scope string) (state.Past, error) {
	var raw []byte
	err := s.db.QueryRowContext(ctx, "SELECT figures FROM counts WHERE scope = ?", scope).Scan(&raw)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fault(s.file, err)
	}
	r, err := gzip.NewReader(bytes.NewReader(raw))
	if err != nil {
		return nil, fault(s.file, err)
	}
	var fs []state.Figure
	if err := json.NewDecoder(r).Decode(&fs); err != nil {
		return nil, fault(s.file, err)
	}
	type key struct{ place, name string }
	by := make(map[key]state.Figure, len(fs))
	for _, f := range fs {
		by[key{f.Place, f.Name}] = f
	}
	return func(place, name string) (state.Figure, bool) {
		f, ok := by[key{place, name}]
		return f, ok
	}, nil
}

// SetCounts keeps the figures of a report in the place of those of the one
// before it.
func (s *Store) SetCounts(ctx context.Context, scope string, fs []state.Figure) error {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if err := json.NewEncoder(w).Encode(fs); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	_, err := s.db.ExecContext(ctx, "INSERT INTO counts (scope, figures) VALUES (?1, ?2) ON CONFLICT (scope) DO UPDATE SET figures = ?2", scope, b.Bytes())
	return fault(s.file, err)
}
