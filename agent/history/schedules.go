package history

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// A Turn is the last run of a schedule.
type Turn struct {
	Schedule string
	Due      time.Time // the moment that it was for
	Began    time.Time
	Ended    time.Time // zero: it runs, or its process died
	Outcome  string    // id of its report, or why there is none
}

// Begin notes that a run begins.
func (s *Store) Begin(ctx context.Context, t Turn) error {
	_, err := s.db.ExecContext(ctx, `INSERT INTO schedules (name, due, began, ended, outcome) VALUES (?1, ?2, ?3, NULL, '')
		ON CONFLICT (name) DO UPDATE SET due = ?2, began = ?3, ended = NULL, outcome = ''`, t.Schedule, ms(t.Due), ms(t.Began))
	return fault(s.file, err)
}

// End notes that a run ended.
func (s *Store) End(ctx context.Context, t Turn) error {
	_, err := s.db.ExecContext(ctx, "UPDATE schedules SET ended = ?, outcome = ? WHERE name = ? AND began = ?", ms(t.Ended), t.Outcome, t.Schedule, ms(t.Began))
	return fault(s.file, err)
}

// Turn returns the last run of a schedule; false if it never ran.
func (s *Store) Turn(ctx context.Context, schedule string) (Turn, bool, error) {
	t := Turn{Schedule: schedule}
	var due, began int64
	var ended sql.NullInt64
	err := s.db.QueryRowContext(ctx, "SELECT due, began, ended, outcome FROM schedules WHERE name = ?", schedule).Scan(&due, &began, &ended, &t.Outcome)
	if errors.Is(err, sql.ErrNoRows) {
		return t, false, nil
	}
	t.Due, t.Began, t.Ended = at(due), at(began), at(ended.Int64)
	return t, err == nil, fault(s.file, err)
}
