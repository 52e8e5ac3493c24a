package main

import (
	"errors"
	"fmt"
	"strings"
	"time"
	_ "time/tzdata" // an image from scratch has no time zones

	"github.com/go-co-op/gocron/v2"
)

// A timetable says when a schedule is due: by a cron expression in a time
// zone, or at an interval. It is immutable.
type timetable struct {
	cron  gocron.Cron // nil for an interval
	wall  bool        // it names hours: it goes by the clock on the wall
	zone  *time.Location
	every time.Duration
	text  string
}

// newTimetable reads what the configuration says. A cron expression that never
// comes true is an error.
func newTimetable(cron, zone string, every time.Duration) (timetable, error) {
	t := timetable{zone: time.Local, every: every}
	var err error
	if zone != "" {
		if t.zone, err = time.LoadLocation(zone); err != nil {
			return t, fmt.Errorf("%q is not a time zone: write one of the tz database, as Europe/Berlin", zone)
		}
	}
	if cron == "" {
		t.text = "every " + every.String()
		return t, nil
	}
	fields := strings.Fields(cron)
	switch {
	case strings.Contains(cron, "TZ="):
		return t, errors.New("the time zone stands in timezone:, not in the expression")
	case strings.HasPrefix(cron, "@every"):
		return t, errors.New("an interval stands in every:, and not here")
	case strings.HasPrefix(cron, "@"):
		t.wall = cron != "@hourly"
	case len(fields) == 5:
		t.wall = !strings.HasPrefix(fields[1], "*")
	}
	t.text = strings.Join(append(fields, t.zone.String()), " ")
	t.cron = gocron.NewDefaultCron(false)
	in := t.zone
	if t.wall {
		in = time.UTC // the wall's clock, read as if it were one without changes
	}
	err = t.cron.IsValid(cron, in, time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC))
	if errors.Is(err, gocron.ErrCronJobInvalid) {
		return t, fmt.Errorf("%q never comes true: there is no such day", cron)
	}
	if err != nil {
		return t, fmt.Errorf("%q is no cron expression (minute hour day month weekday): %w", cron, errors.Unwrap(firstOf(err)))
	}
	return t, nil
}

// firstOf returns the last of joined errors, which is the one that says why.
func firstOf(err error) error {
	if all, ok := err.(interface{ Unwrap() []error }); ok {
		list := all.Unwrap()
		return fmt.Errorf("%w", list[len(list)-1])
	}
	return fmt.Errorf("%w", err)
}

// Next returns the first moment after t at which it is due; for an interval,
// that is one interval later.
//
// Where an expression names hours it goes by the clock on the wall: an hour
// that is skipped in spring is made up when it would have been by the old time,
// and one that comes twice in autumn counts once. An expression for every hour
// goes by elapsed time.
func (t timetable) Next(after time.Time) time.Time {
	if t.cron == nil {
		return after.Add(t.every)
	}
	if !t.wall {
		return t.cron.Next(after.In(t.zone))
	}
	w := onWall(after.In(t.zone)).Add(-4 * time.Hour) // a skipped hour may stand behind the wall's clock
	for range 1000 {
		if w = t.cron.Next(w); w.IsZero() {
			return time.Time{}
		}
		if real := t.offWall(w); real.After(after) {
			return real
		}
	}
	return time.Time{}
}

// onWall is what the clock on the wall shows at t, as if it were UTC.
func onWall(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, time.UTC)
}

// offWall is the moment at which the clock on the wall first shows w; for a
// time that it skips, the moment at which it would have shown it unchanged.
func (t timetable) offWall(w time.Time) time.Time {
	set := time.Date(w.Year(), w.Month(), w.Day(), w.Hour(), w.Minute(), w.Second(), 0, t.zone)
	_, offset := set.Add(-4 * time.Hour).Zone()
	before := w.Add(-time.Duration(offset) * time.Second).In(t.zone) // by the time as it was
	if onWall(before).Equal(w) || !onWall(set).Equal(w) {
		return before
	}
	return set
}

// IsValid is of gocron.Cron; the expression was read when t was made.
func (t timetable) IsValid(string, *time.Location, time.Time) error { return nil }

// last returns the latest moment in (after, now] at which t was due; false if
// there is none. Of many that were missed, that is the one to make up.
func (t timetable) last(after, now time.Time) (time.Time, bool) {
	if t.cron == nil {
		if n := now.Sub(after) / t.every; n > 0 {
			return after.Add(n * t.every), true
		}
		return time.Time{}, false
	}
	var found time.Time
	for back := 8 * 24 * time.Hour; found.IsZero(); back *= 2 { // of a long pause only the end matters
		from := now.Add(-back)
		whole := !from.After(after) || back < 0 // it is longer than a duration holds
		if whole {
			from = after
		}
		for next := t.Next(from); !next.IsZero() && !next.After(now); next = t.Next(next) {
			found = next
		}
		if whole {
			break
		}
	}
	return found, !found.IsZero()
}
