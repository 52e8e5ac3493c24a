package history

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path"
	"strings"
	"time"
)

// A Silence says of which findings not to tell for a while, and why. All of
// its matchers that are not empty must match; one of them is not empty.
type Silence struct {
	ID          int64
	Maintenance bool   // a maintenance window: announced work, not a known fault
	Finding     string // id of a finding
	Rule        string // id of a rule, or a pattern: bgp_*
	Location    string // r3, r3:eth1 or a pattern; a device matches all that is on it
	Reason      string
	Author      string
	Begins      time.Time
	Ends        time.Time
}

// Active reports whether s holds at t.
func (s Silence) Active(t time.Time) bool { return !t.Before(s.Begins) && t.Before(s.Ends) }

// Matches reports whether s is about the finding with that id and identity.
func (s Silence) Matches(id string, i Identity) bool {
	if s.Finding != "" && !strings.HasPrefix(id, s.Finding) || s.Rule != "" && !match(s.Rule, i.Rule) {
		return false
	}
	if s.Location == "" {
		return true
	}
	for _, l := range i.Locations {
		if match(s.Location, l) {
			return true
		}
		for _, end := range strings.Split(l, "--") {
			device, _, _ := strings.Cut(end, ":")
			if match(s.Location, end) || match(s.Location, device) {
				return true
			}
		}
	}
	return false
}

// String words it for a report.
func (s Silence) String() string {
	kind := "silence"
	if s.Maintenance {
		kind = "maintenance"
	}
	return fmt.Sprintf("%s %d until %s: %s", kind, s.ID, s.Ends.UTC().Format("2006-01-02 15:04 UTC"), s.Reason)
}

// match holds a pattern with * and ? against a name; interfaces have slashes.
func match(pattern, name string) bool {
	flat := strings.NewReplacer("/", "\x01").Replace
	ok, err := path.Match(flat(pattern), flat(name))
	return err == nil && ok
}

// Valid says what is wrong with a silence that somebody wants to add at now.
func (s Silence) Valid(now time.Time) error {
	switch {
	case s.Finding == "" && s.Rule == "" && s.Location == "":
		return errors.New("a silence that matches everything would hide every fault: name a finding, a rule or a location")
	case strings.TrimSpace(s.Reason) == "":
		return errors.New("a silence needs a reason")
	case !s.Ends.After(s.Begins):
		return fmt.Errorf("it would end (%s) before it begins (%s)", s.Ends.Format(time.RFC3339), s.Begins.Format(time.RFC3339))
	case !s.Ends.After(now):
		return fmt.Errorf("its end %s is past", s.Ends.Format(time.RFC3339))
	}
	for _, p := range []string{s.Rule, s.Location} {
		if _, err := path.Match(p, ""); err != nil {
			return fmt.Errorf("%q is no pattern: %w", p, err)
		}
	}
	return nil
}

// Silence adds a silence, and returns it with its number.
func (s *Store) Silence(ctx context.Context, x Silence, now time.Time) (Silence, error) {
	if err := x.Valid(now); err != nil {
		return x, err
	}
	done, err := s.db.ExecContext(ctx, "INSERT INTO silences (maintenance, finding, rule, location, reason, author, begins, ends) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
		x.Maintenance, x.Finding, x.Rule, x.Location, x.Reason, x.Author, ms(x.Begins), ms(x.Ends))
	if err != nil {
		return x, fault(s.file, err)
	}
	x.ID, err = done.LastInsertId()
	return x, fault(s.file, err)
}

// Silences returns all silences that are kept, also those that have ended.
func (s *Store) Silences(ctx context.Context) ([]Silence, error) {
	list, err := silences(ctx, s.db)
	return list, fault(s.file, err)
}

func silences(ctx context.Context, q querier) ([]Silence, error) {
	rows, err := q.QueryContext(ctx, "SELECT id, maintenance, finding, rule, location, reason, author, begins, ends FROM silences ORDER BY ends, id")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Silence
	for rows.Next() {
		var x Silence
		var begins, ends int64
		if err := rows.Scan(&x.ID, &x.Maintenance, &x.Finding, &x.Rule, &x.Location, &x.Reason, &x.Author, &begins, &ends); err != nil {
			return nil, err
		}
		x.Begins, x.Ends = at(begins), at(ends)
		out = append(out, x)
	}
	return out, rows.Err()
}

// Unsilence ends a silence at now. It stays listed as past; one that has not
// begun is deleted.
func (s *Store) Unsilence(ctx context.Context, id int64, now time.Time) error {
	return s.tx(ctx, func(tx *sql.Tx) error {
		done, err := tx.ExecContext(ctx, "UPDATE silences SET ends = ? WHERE id = ? AND ends > ?", ms(now), id, ms(now))
		if err != nil {
			return err
		}
		if n, err := done.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, fmt.Errorf("silence %d has ended or is %w", id, ErrUnknown))
		}
		_, err = tx.ExecContext(ctx, "DELETE FROM silences WHERE id = ? AND ends <= begins", id)
		return err
	})
}
