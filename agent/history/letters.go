package history

import (
	"context"
	"database/sql"
	"time"

	"github.com/netsonde/netsonde/agent/notify"
)

// An Outbox keeps the letters of agent/notify in the history, so that they
// survive the process.
type Outbox struct{ store *Store }

var _ notify.Outbox = Outbox{}

// Outbox returns the outbox in s.
func (s *Store) Outbox() Outbox { return Outbox{s} }

// Put adds a letter unless one of its Key was ever put.
func (o Outbox) Put(ctx context.Context, l notify.Letter) (bool, error) {
	done, err := o.store.db.ExecContext(ctx, `INSERT OR IGNORE INTO letters (key, receiver, report, news, state, attempts, posted, next, done, fault)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		l.Key, l.Receiver, l.Report, l.News, l.State, l.Attempts, ms(l.Posted), ms(l.Next), null(l.Done), l.Fault)
	if err != nil {
		return false, fault(o.store.file, err)
	}
	n, err := done.RowsAffected()
	return n > 0, fault(o.store.file, err)
}

// Due returns the letters that are to be tried, the oldest first.
func (o Outbox) Due(ctx context.Context, now time.Time, most int) ([]notify.Letter, error) {
	return o.letters(ctx, "state IN (?1, ?2) AND next <= ?3 ORDER BY posted, key LIMIT ?4", notify.Waiting, notify.Sending, ms(now), most)
}

// Letters returns the last most letters in one of the states, or in any
// without one, the newest first: dead letters are shown.
func (o Outbox) Letters(ctx context.Context, most int, state notify.State) ([]notify.Letter, error) {
	return o.letters(ctx, "?1 IN ('', state) ORDER BY posted DESC, key LIMIT ?2", state, most)
}

func (o Outbox) letters(ctx context.Context, where string, args ...any) ([]notify.Letter, error) {
	rows, err := o.store.db.QueryContext(ctx, "SELECT key, receiver, report, news, state, attempts, posted, next, done, fault FROM letters WHERE "+where, args...)
	if err != nil {
		return nil, fault(o.store.file, err)
	}
	defer rows.Close()
	var out []notify.Letter
	for rows.Next() {
		var l notify.Letter
		var posted, next int64
		var done sql.NullInt64
		if err := rows.Scan(&l.Key, &l.Receiver, &l.Report, &l.News, &l.State, &l.Attempts, &posted, &next, &done, &l.Fault); err != nil {
			return nil, fault(o.store.file, err)
		}
		l.Posted, l.Next, l.Done = at(posted), at(next), at(done.Int64)
		out = append(out, l)
	}
	return out, fault(o.store.file, rows.Err())
}

// Update stores how a letter stands.
func (o Outbox) Update(ctx context.Context, l notify.Letter) error {
	_, err := o.store.db.ExecContext(ctx, "UPDATE letters SET state = ?, attempts = ?, next = ?, done = ?, fault = ? WHERE key = ?",
		l.State, l.Attempts, ms(l.Next), null(l.Done), l.Fault, l.Key)
	return fault(o.store.file, err)
}

// null is a time as a table has it; NULL for the zero time.
func null(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return ms(t)
}
