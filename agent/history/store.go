package history

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"time"

	_ "modernc.org/sqlite" // the driver "sqlite"
)

//go:embed migrations/*.sql
var migrations embed.FS

// File is the name of the history in its directory.
const File = "history.db"

// checkedBelow is the size up to which a history is read as a whole when it is
// opened, to find damage early; a larger one is checked by [Store.Check].
const checkedBelow = 16 << 20

// A Store is the history of one state directory. It is safe for concurrent
// use, also by several processes. Its errors are a [*Fault] where somebody can
// do something about it.
type Store struct {
	db   *sql.DB
	file string
	keep Retention
}

// Retention says for how long what is kept; a zero value means the default.
type Retention struct {
	Reports time.Duration // and resolved findings; default 400 days
	Samples time.Duration // of figures; default 70 days: ten weeks of each hour
	Letters time.Duration // delivered and dead; default 30 days
}

func (r Retention) orDefault() Retention {
	const day = 24 * time.Hour
	for _, f := range []struct {
		d *time.Duration
		n time.Duration
	}{{&r.Reports, 400 * day}, {&r.Samples, 70 * day}, {&r.Letters, 30 * day}} {
		if *f.d <= 0 {
			*f.d = f.n
		}
	}
	return r
}

// Open opens the history in dir, and makes it where there is none.
func Open(ctx context.Context, dir string, keep Retention) (*Store, error) {
	file, err := filepath.Abs(filepath.Join(dir, File))
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fault(file, err)
	}
	if err := writable(file); err != nil {
		return nil, fault(file, err)
	}
	v := url.Values{"_txlock": {"immediate"}, "_pragma": {
		"busy_timeout(15000)", "auto_vacuum(2)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)", "temp_store(2)",
	}}
	db, err := sql.Open("sqlite", (&url.URL{Scheme: "file", Path: file, RawQuery: v.Encode()}).String())
	if err != nil {
		return nil, fault(file, err)
	}
	db.SetMaxOpenConns(4)
	s := &Store{db: db, file: file, keep: keep.orDefault()}
	if err := s.migrate(ctx); err != nil {
		return nil, errors.Join(fault(file, err), db.Close())
	}
	if info, err := os.Stat(file); err == nil && info.Size() < checkedBelow {
		if err := s.Check(ctx); err != nil {
			return nil, errors.Join(err, db.Close())
		}
	}
	return s, nil
}

// writable makes the file where there is none, for its owner alone, and finds
// out early that it cannot be written.
func writable(file string) error {
	f, err := os.OpenFile(file, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	return f.Close()
}

// Close closes the history.
func (s *Store) Close() error { return fault(s.file, s.db.Close()) }

// Path is the file that holds the history.
func (s *Store) Path() string { return s.file }

// Check reads the whole history and says what is damaged in it.
func (s *Store) Check(ctx context.Context) error {
	var said string
	if err := s.db.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&said); err != nil {
		return fault(s.file, err)
	}
	if said != "ok" {
		return damaged(s.file, errors.New(said))
	}
	return nil
}

// migrate brings the tables to the newest version, each step whole or not at
// all.
func (s *Store) migrate(ctx context.Context) error {
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return err
	}
	return s.tx(ctx, func(tx *sql.Tx) error {
		var have int
		if err := tx.QueryRowContext(ctx, "PRAGMA user_version").Scan(&have); err != nil {
			return err
		}
		if have > len(names) {
			return fmt.Errorf("it was written by a newer netsonde (its version is %d, this program knows %d): use that one, or another state directory", have, len(names))
		}
		for v := have + 1; v <= len(names); v++ {
			text, err := migrations.ReadFile("migrations/" + strconv.Itoa(v) + ".sql")
			if err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, string(text)); err != nil {
				return fmt.Errorf("migration %d: %w", v, err)
			}
		}
		_, err := tx.ExecContext(ctx, "PRAGMA user_version="+strconv.Itoa(len(names)))
		return err
	})
}

// tx does what do does as a whole, or not at all.
func (s *Store) tx(ctx context.Context, do func(*sql.Tx) error) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return fault(s.file, err)
	}
	if err := do(tx); err != nil {
		_ = tx.Rollback() // the error that led here says more
		return fault(s.file, err)
	}
	return fault(s.file, tx.Commit())
}

// Prune deletes what is older than the retention, seen from now. The last
// report of a scope and open findings stay.
func (s *Store) Prune(ctx context.Context, now time.Time) error {
	old := func(d time.Duration) int64 { return ms(now.Add(-d)) }
	err := s.tx(ctx, func(tx *sql.Tx) error {
		for _, q := range []struct {
			text   string
			before int64
		}{
			{"DELETE FROM reports WHERE at < ? AND seq NOT IN (SELECT max(seq) FROM reports GROUP BY scope)", old(s.keep.Reports)},
			{"DELETE FROM findings WHERE ended < ?", old(s.keep.Reports)},
			{"DELETE FROM silences WHERE ends < ?", old(s.keep.Reports)},
			{"DELETE FROM samples WHERE at < ?", old(s.keep.Samples)},
			{"DELETE FROM letters WHERE done < ?", old(s.keep.Letters)},
		} {
			if _, err := tx.ExecContext(ctx, q.text, q.before); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		_, err = s.db.ExecContext(ctx, "PRAGMA incremental_vacuum(2000)")
	}
	return fault(s.file, err)
}

// ms is a time as the tables have it; 0 for the zero time.
func ms(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// at is the time that a table has; the zero time for 0.
func at(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}
