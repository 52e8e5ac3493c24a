package history

import (
	"context"
	"database/sql"
	"errors"
	"math"
	"slices"
	"time"
)

// A Figure is a key figure as one report found it. Of a counter the history
// keeps the rate between reads.
type Figure struct {
	Device, Place, Name, Unit string // Unit is that of what is kept: bit/s for octets times 8
	Counter                   bool
	Value                     float64
}

// The least number of samples that something is judged by, and how far a
// sample may lie off the median, in deviations.
const (
	leastSameHour = 5
	leastAnyHour  = 20
	oddFrom       = 4.0
)

// longestGap is the longest time between two reads of a counter that still
// makes a rate: in a longer one it may have wrapped, or been reset and grown
// beyond its old value.
const longestGap = 7 * 24 * time.Hour

// AddFigures stores the figures of a report made at when, and returns each as
// a series with its last most samples, judged by its own past. It is to be
// called once a report.
func (s *Store) AddFigures(ctx context.Context, when time.Time, fs []Figure, most int) ([]Series, error) {
	var out []Series
	err := s.tx(ctx, func(tx *sql.Tx) error {
		for _, f := range fs {
			id, v, ok, err := sample(ctx, tx, f, when)
			if err != nil {
				return err
			}
			if !ok {
				continue
			}
			x := Series{Device: f.Device, Place: f.Place, Figure: f.Name, Unit: f.Unit}
			if x.Usual, err = usual(ctx, tx, id, when); err != nil {
				return err
			}
			x.Odd = x.Usual != nil && x.Usual.odd(v, f.Unit)
			if _, err := tx.ExecContext(ctx, "INSERT OR REPLACE INTO samples (series, at, value) VALUES (?, ?, ?)", id, ms(when), v); err != nil {
				return err
			}
			if x.Samples, err = samples(ctx, tx, id, most); err != nil {
				return err
			}
			out = append(out, x)
		}
		return nil
	})
	return out, err
}

// sample turns f into the value that is kept; false for the first read of a
// counter and for one that was reset in between.
func sample(ctx context.Context, tx *sql.Tx, f Figure, when time.Time) (id int64, v float64, ok bool, err error) {
	var then int64
	var last float64
	err = tx.QueryRowContext(ctx, "SELECT id, counted_at, counted FROM series WHERE device = ? AND place = ? AND figure = ?", f.Device, f.Place, f.Name).Scan(&id, &then, &last)
	if errors.Is(err, sql.ErrNoRows) {
		err = tx.QueryRowContext(ctx, "INSERT INTO series (device, place, figure, unit) VALUES (?, ?, ?, ?) RETURNING id", f.Device, f.Place, f.Name, f.Unit).Scan(&id)
	}
	if err != nil || !f.Counter {
		return id, f.Value, true, err
	}
	if _, err := tx.ExecContext(ctx, "UPDATE series SET counted_at = ?, counted = ? WHERE id = ?", ms(when), f.Value, id); err != nil {
		return id, 0, false, err
	}
	gap := when.Sub(at(then))
	if then == 0 || gap <= 0 || gap > longestGap || f.Value < last {
		return id, 0, false, nil
	}
	return id, (f.Value - last) / gap.Seconds(), true, nil
}

// usual says what a series was in past weeks at this hour of the week (UTC), or
// at any hour where that is too little to judge by; nil where all is too little.
func usual(ctx context.Context, tx *sql.Tx, id int64, when time.Time) (*Usual, error) {
	same, err := values(ctx, tx, `WITH week (n) AS (VALUES (1), (2), (3), (4), (5), (6), (7), (8), (9), (10))
		SELECT value FROM week CROSS JOIN samples ON series = ?1 AND at >= ?2 - n * 604800000 AND at < ?2 - n * 604800000 + 3600000`, id, ms(when.Truncate(time.Hour)))
	if err != nil || len(same) >= leastSameHour {
		return robust(same, SameHour), err
	}
	all, err := values(ctx, tx, "SELECT value FROM samples WHERE series = ? AND at < ? ORDER BY at DESC LIMIT 500", id, ms(when))
	if err != nil || len(all) < leastAnyHour {
		return nil, err
	}
	return robust(all, AnyHour), nil
}

// robust is the median of vs and the deviation from it.
func robust(vs []float64, of Hours) *Usual {
	if len(vs) == 0 {
		return nil
	}
	m := median(vs)
	off := make([]float64, len(vs))
	for i, v := range vs {
		off[i] = math.Abs(v - m)
	}
	return &Usual{Median: m, Deviation: 1.4826 * median(off), Samples: len(vs), Hours: of}
}

func median(vs []float64) float64 {
	vs = slices.Sorted(slices.Values(vs))
	n := len(vs)
	return (vs[(n-1)/2] + vs[n/2]) / 2
}

// slack is how far a value may be off in any case, by unit: what never moved
// has no deviation.
var slack = map[string]float64{"bit/s": 1e5, "1/s": 0.1, "1": 1}

// odd reports whether v lies outside of what is usual.
func (u Usual) odd(v float64, unit string) bool {
	return math.Abs(v-u.Median) > max(oddFrom*u.Deviation, u.Median/10, slack[unit])
}

func values(ctx context.Context, tx *sql.Tx, query string, args ...any) ([]float64, error) {
	rows, err := tx.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []float64
	for rows.Next() {
		var v float64
		if err := rows.Scan(&v); err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, rows.Err()
}

func samples(ctx context.Context, tx *sql.Tx, id int64, most int) ([]Sample, error) {
	rows, err := tx.QueryContext(ctx, "SELECT at, value FROM samples WHERE series = ? ORDER BY at DESC LIMIT ?", id, most)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Sample
	for rows.Next() {
		var when int64
		var x Sample
		if err := rows.Scan(&when, &x.Value); err != nil {
			return nil, err
		}
		x.At = at(when)
		out = append(out, x)
	}
	slices.Reverse(out)
	return out, rows.Err()
}
