package history

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/klauspost/compress/zstd"

	"github.com/netsonde/netsonde/agent"
	"github.com/netsonde/netsonde/policies"
)

// ErrUnknown is the error for a report or silence that the history does not
// hold.
var ErrUnknown = errors.New("not in the history")

// timelineLength is how many reports a timeline tells of.
const timelineLength = 50

// Past returns what a report of scope is compared with.
func (s *Store) Past(ctx context.Context, scope string, flaps Flapping, now time.Time) (Past, error) {
	var p Past
	err := s.tx(ctx, func(tx *sql.Tx) (err error) {
		p, err = past(ctx, tx, scope, now.Add(-flaps.orDefault().Window))
		return err
	})
	return p, err
}

func past(ctx context.Context, tx *sql.Tx, scope string, from time.Time) (Past, error) {
	p := Past{Swings: map[string]int{}}
	var when int64
	err := tx.QueryRowContext(ctx, "SELECT id, at, verdict FROM reports WHERE scope = ? ORDER BY seq DESC LIMIT 1", scope).Scan(&p.Report, &when, &p.Verdict)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return p, err
	}
	p.At = at(when)
	if p.Open, err = entries(ctx, tx, "scope = ? AND ended IS NULL", scope); err != nil {
		return p, err
	}
	rows, err := tx.QueryContext(ctx, "SELECT id, count(*) FROM findings WHERE scope = ? AND since >= ? GROUP BY id", scope, ms(from))
	if err != nil {
		return p, err
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		var n int
		if err := rows.Scan(&id, &n); err != nil {
			return p, err
		}
		p.Swings[id] = n
	}
	return p, rows.Err()
}

// querier is a transaction or the database itself.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// entries reads findings.
func entries(ctx context.Context, q querier, where string, args ...any) ([]Entry, error) {
	rows, err := q.QueryContext(ctx, "SELECT scope, id, rule, locations, key, state, since, last, seen, why, doc FROM findings WHERE "+where, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Entry
	for rows.Next() {
		var e Entry
		var places, doc string
		var since, last int64
		if err := rows.Scan(&e.Scope, &e.ID, &e.Rule, &places, &e.Key, &e.State, &since, &last, &e.Seen, &e.Why, &doc); err != nil {
			return nil, err
		}
		e.Since, e.Last = at(since), at(last)
		if err := errors.Join(json.Unmarshal([]byte(places), &e.Locations), json.Unmarshal([]byte(doc), &e.Finding)); err != nil {
			return nil, fmt.Errorf("finding %s: %w", e.ID, err)
		}
		out = append(out, e)
	}
	return out, rows.Err()
}

// Add compares e.Report with the past of its scope, stores it whole, and
// returns it with its delta and timeline. After an error nothing of it is
// stored. e needs ID, Scope, At and Report.
func (s *Store) Add(ctx context.Context, e Edition, flaps Flapping) (Edition, error) {
	flaps = flaps.orDefault()
	err := s.tx(ctx, func(tx *sql.Tx) error {
		p, err := past(ctx, tx, e.Scope, e.At.Add(-flaps.Window))
		if err != nil {
			return err
		}
		silences, err := silences(ctx, tx)
		if err != nil {
			return err
		}
		e.Delta = Comparison{Past: p, Report: e.Report, At: e.At, Flapping: flaps, Silences: silences}.Compare()
		e.Kept = true
		if err := insertReport(ctx, tx, e); err != nil {
			return err
		}
		if err := storeEntries(ctx, tx, e); err != nil {
			return err
		}
		e.Timeline, err = timeline(ctx, tx, e.Scope, timelineLength)
		return err
	})
	if err != nil {
		return Edition{}, err
	}
	return e, nil
}

func insertReport(ctx context.Context, tx *sql.Tx, e Edition) error {
	doc, err := pack(e)
	if err != nil {
		return err
	}
	p := e.Point()
	_, err = tx.ExecContext(ctx, `INSERT INTO reports (id, scope, schedule, at, verdict, critical, major, minor, warning, not_evaluated, new, resolved, changed, took, summary, told, doc)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?)`,
		e.ID, e.Scope, e.Schedule, ms(e.At), p.Verdict, p.Critical, p.Major, p.Minor, p.Warning, p.NotEvaluated, p.New, p.Resolved, p.Changed, p.Took.Milliseconds(), p.Summary, doc)
	return err
}

// storeEntries brings the findings of a scope to what e's delta says.
func storeEntries(ctx context.Context, tx *sql.Tx, e Edition) error {
	update, err := tx.PrepareContext(ctx, "UPDATE findings SET severity = ?, state = ?, last = ?, seen = ?, why = ?, doc = ?, ended = ? WHERE scope = ? AND id = ? AND ended IS NULL")
	if err != nil {
		return err
	}
	defer update.Close()
	insert, err := tx.PrepareContext(ctx, "INSERT INTO findings (severity, state, last, seen, why, doc, scope, id, rule, locations, key, since) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
	if err != nil {
		return err
	}
	defer insert.Close()
	for _, x := range e.Delta.Entries() {
		doc, err := json.Marshal(x.Finding)
		if err != nil {
			return err
		}
		var ended any
		if x.Seen == 0 {
			ended = ms(e.At)
		}
		done, err := update.ExecContext(ctx, x.Finding.Severity, x.State, ms(x.Last), x.Seen, x.Why, doc, ended, e.Scope, x.ID)
		if err != nil {
			return err
		}
		if n, err := done.RowsAffected(); err != nil || n > 0 {
			if err != nil {
				return err
			}
			continue
		}
		places, err := json.Marshal(x.Locations)
		if err != nil {
			return err
		}
		if _, err := insert.ExecContext(ctx, x.Finding.Severity, x.State, ms(x.Last), x.Seen, x.Why, doc, e.Scope, x.ID, x.Rule, string(places), x.Key, ms(x.Since)); err != nil {
			return err
		}
	}
	return nil
}

// Explain stores what a model made of a report, or why it did not.
func (s *Store) Explain(ctx context.Context, e Edition) error {
	doc, err := pack(e)
	if err != nil {
		return err
	}
	_, err = s.db.ExecContext(ctx, "UPDATE reports SET doc = ? WHERE id = ?", doc, e.ID)
	return fault(s.file, err)
}

// SetPage stores the page of a report, as it was made of all answers: of those
// the history keeps only what findings cite.
func (s *Store) SetPage(ctx context.Context, id string, html []byte) error {
	doc, err := press(html)
	if err != nil {
		return err
	}
	_, err = s.db.ExecContext(ctx, "UPDATE reports SET page = ? WHERE id = ?", doc, id)
	return fault(s.file, err)
}

// Page returns the page of a report; ErrUnknown for one without.
func (s *Store) Page(ctx context.Context, id string) ([]byte, error) {
	var doc []byte
	err := s.db.QueryRowContext(ctx, "SELECT page FROM reports WHERE id = ?", id).Scan(&doc)
	if errors.Is(err, sql.ErrNoRows) || err == nil && doc == nil {
		return nil, fmt.Errorf("page of report %q: %w", id, ErrUnknown)
	}
	if err != nil {
		return nil, fault(s.file, err)
	}
	html, err := unpress(doc)
	if err != nil {
		return nil, damaged(s.file, err)
	}
	return html, nil
}

// Edition returns the report of that id, an unambiguous beginning of it, or
// "latest", with its timeline.
func (s *Store) Edition(ctx context.Context, id string) (Edition, error) {
	var e Edition
	rows, err := s.db.QueryContext(ctx, "SELECT doc FROM reports WHERE id = ?1 OR ?1 = 'latest' OR substr(id, 1, length(?1)) = ?1 ORDER BY id = ?1 DESC, seq DESC LIMIT 2", id)
	if err != nil {
		return e, fault(s.file, err)
	}
	defer rows.Close()
	var docs [][]byte
	for rows.Next() {
		var doc []byte
		if err := rows.Scan(&doc); err != nil {
			return e, fault(s.file, err)
		}
		docs = append(docs, doc)
	}
	if err := rows.Err(); err != nil {
		return e, fault(s.file, err)
	}
	if len(docs) == 0 {
		return e, fmt.Errorf("report %q: %w", id, ErrUnknown)
	}
	if e, err = unpack(docs[0]); err != nil {
		return e, damaged(s.file, err)
	}
	if len(docs) > 1 && e.ID != id && id != "latest" {
		return Edition{}, fmt.Errorf("report %q: several begin so: %w", id, ErrUnknown)
	}
	e.Timeline, err = timeline(ctx, s.db, e.Scope, timelineLength)
	for i, p := range e.Timeline { // what came later is not of this report
		if p.Report == e.ID {
			e.Timeline = e.Timeline[:i+1]
			break
		}
	}
	return e, fault(s.file, err)
}

// Timeline returns the last most reports of a scope; of all scopes for "".
func (s *Store) Timeline(ctx context.Context, scope string, most int) (Timeline, error) {
	t, err := timeline(ctx, s.db, scope, most)
	return t, fault(s.file, err)
}

func timeline(ctx context.Context, q querier, scope string, most int) (Timeline, error) {
	rows, err := q.QueryContext(ctx, `SELECT id, schedule, at, verdict, critical, major, minor, warning, not_evaluated, new, resolved, changed, took, summary FROM reports
		WHERE scope = ?1 OR ?1 = '' ORDER BY seq DESC LIMIT ?2`, scope, most)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out Timeline
	for rows.Next() {
		var p Point
		var when, took int64
		if err := rows.Scan(&p.Report, &p.Schedule, &when, &p.Verdict, &p.Critical, &p.Major, &p.Minor, &p.Warning, &p.NotEvaluated, &p.New, &p.Resolved, &p.Changed, &took, &p.Summary); err != nil {
			return nil, err
		}
		p.At, p.Took = at(when), time.Duration(took)*time.Millisecond
		out = append(out, p)
	}
	slices.Reverse(out)
	return out, rows.Err()
}

// Findings returns the findings of a scope ("" for all) that stand, and those
// resolved since from, the latest first.
func (s *Store) Findings(ctx context.Context, scope string, from time.Time) ([]Entry, error) {
	es, err := entries(ctx, s.db, "(scope = ?1 OR ?1 = '') AND (ended IS NULL OR ended >= ?2) ORDER BY ended IS NULL DESC, since DESC", scope, ms(from))
	return es, fault(s.file, err)
}

// Untold returns the ids of reports of schedules whose news do not stand in the
// outbox, the oldest first: the process died in between.
func (s *Store) Untold(ctx context.Context) ([]string, error) {
	rows, err := s.db.QueryContext(ctx, "SELECT id FROM reports WHERE told = 0 AND schedule <> '' ORDER BY seq")
	if err != nil {
		return nil, fault(s.file, err)
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, fault(s.file, err)
		}
		out = append(out, id)
	}
	return out, fault(s.file, rows.Err())
}

// Told marks a report as told.
func (s *Store) Told(ctx context.Context, id string) error {
	_, err := s.db.ExecContext(ctx, "UPDATE reports SET told = 1 WHERE id = ?", id)
	return fault(s.file, err)
}

// Point is e in a timeline.
func (e Edition) Point() Point {
	p := Point{Report: e.ID, Schedule: e.Schedule, At: e.At, Verdict: e.Report.Verdict, NotEvaluated: len(e.Report.NotEvaluated), Changed: e.Delta.Changed(),
		New: len(e.Delta.New), Resolved: len(e.Delta.Resolved), Took: time.Duration(e.Report.Usage.Seconds * float64(time.Second)), Summary: e.Report.Summary}
	for _, f := range e.Report.Findings {
		switch f.Severity {
		case policies.Critical:
			p.Critical++
		case policies.Major:
			p.Major++
		case policies.Minor:
			p.Minor++
		default:
			p.Warning++
		}
	}
	return p
}

// slim returns r without the answers that no finding cites: the journal of the
// run has them.
func slim(r agent.Report) agent.Report {
	cited := map[string]bool{}
	for _, f := range r.Findings {
		for _, e := range f.Evidence {
			cited[e.Observation] = true
		}
	}
	r.Seen = slices.Clone(r.Seen)
	for i := range r.Seen {
		if !cited[r.Seen[i].ID] {
			r.Seen[i].Output = ""
		}
	}
	return r
}

// pack writes an edition as the table has it: without what is read anew.
func pack(e Edition) ([]byte, error) {
	e.Timeline, e.Report = nil, slim(e.Report)
	raw, err := json.Marshal(e)
	if err != nil {
		return nil, err
	}
	return press(raw)
}

func press(raw []byte) ([]byte, error) {
	w, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1))
	if err != nil {
		return nil, err
	}
	defer w.Close()
	return w.EncodeAll(raw, nil), nil
}

func unpress(doc []byte) ([]byte, error) {
	r, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1))
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return r.DecodeAll(doc, nil)
}

func unpack(doc []byte) (Edition, error) {
	var e Edition
	raw, err := unpress(doc)
	if err != nil {
		return e, err
	}
	return e, json.Unmarshal(raw, &e)
}
