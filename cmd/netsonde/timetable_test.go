package main

import (
	"strings"
	"testing"
	"time"
)

func table(t *testing.T, cron, zone string, every time.Duration) timetable {
	t.Helper()
	tt, err := newTimetable(cron, zone, every)
	if err != nil {
		t.Fatal(err)
	}
	return tt
}

// dues lists when tt is due from a moment on, by the clock of its zone.
func dues(tt timetable, from time.Time, n int) string {
	var out []string
	for range n {
		from = tt.Next(from)
		out = append(out, from.In(tt.zone).Format("02 15:04 MST"))
	}
	return strings.Join(out, ", ")
}

// Of many moments that were missed the last is made up, once, however far
// apart they are.
func TestTheLastMomentThatWasMissed(t *testing.T) {
	now := time.Date(2026, 4, 25, 12, 0, 0, 0, time.UTC)
	for cron, want := range map[string]string{
		"0 7 1 * *": "2026-04-01 07:00", "0 7 1 1 *": "2026-01-01 07:00", "0 7 1,15 * *": "2026-04-15 07:00",
		"0 7 * * *": "2026-04-25 07:00", "* * 1-31 1 *": "2026-01-31 23:59", "0 0 29 2 *": "2024-02-29 00:00",
	} {
		tt := table(t, cron, "UTC", 0)
		due, ok := tt.last(time.Date(2022, 12, 31, 0, 0, 0, 0, time.UTC), now)
		if got := due.UTC().Format("2006-01-02 15:04"); !ok || got != want {
			t.Errorf("%s: got %s %v, want %s", cron, got, ok, want)
		}
		if again, ok := tt.last(due, now); ok {
			t.Errorf("%s: made up once more for %s", cron, again)
		}
	}
}

func TestTimetablesOverDaylightSaving(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	spring := time.Date(2026, 3, 28, 12, 0, 0, 0, berlin) // 02:00 becomes 03:00 on the 29th
	autumn := time.Date(2026, 10, 24, 12, 0, 0, 0, berlin)
	for _, c := range []struct {
		cron string
		from time.Time
		want string
	}{
		{"30 2 * * *", spring, "29 03:30 CEST, 30 02:30 CEST, 31 02:30 CEST"},
		{"30 2 * * *", autumn, "25 02:30 CEST, 26 02:30 CET, 27 02:30 CET"},
		{"0 6 * * *", spring, "29 06:00 CEST, 30 06:00 CEST, 31 06:00 CEST"},
		{"0 6 * * *", autumn, "25 06:00 CET, 26 06:00 CET, 27 06:00 CET"},
		{"0,30 1-3 * * 0", spring, "29 01:00 CET, 29 01:30 CET, 29 03:00 CEST"},
		{"0 * * * *", time.Date(2026, 3, 29, 0, 30, 0, 0, berlin), "29 01:00 CET, 29 03:00 CEST, 29 04:00 CEST"},
		{"0 * * * *", time.Date(2026, 10, 25, 1, 30, 0, 0, berlin), "25 02:00 CEST, 25 02:00 CET, 25 03:00 CET"},
		{"@daily", spring, "29 00:00 CET, 30 00:00 CEST, 31 00:00 CEST"},
		{"0 0 29 2 *", autumn, "29 00:00 CET, 29 00:00 CET, 29 00:00 CET"},
	} {
		if got := dues(table(t, c.cron, "Europe/Berlin", 0), c.from, 3); got != c.want {
			t.Errorf("%s from %s:\n got %s\nwant %s", c.cron, c.from, got, c.want)
		}
	}
	// in the second pass of an hour that came once already
	again := time.Date(2026, 10, 25, 1, 10, 0, 0, time.UTC) // 02:10 CET
	if got := dues(table(t, "30 2 * * *", "Europe/Berlin", 0), again, 1); got != "26 02:30 CET" {
		t.Error(got)
	}
}

func TestTimetableMakesUpTheLastMissed(t *testing.T) {
	at := time.Date(2026, 3, 2, 6, 0, 0, 0, time.UTC)
	daily, quarter := table(t, "0 6 * * *", "UTC", 0), table(t, "", "", 15*time.Minute)
	for _, c := range []struct {
		tt         timetable
		after, now time.Time
		want       time.Time
	}{
		{daily, at, at.Add(23 * time.Hour), time.Time{}},
		{daily, at, at.Add(24 * time.Hour), at.AddDate(0, 0, 1)},
		{daily, at, at.AddDate(0, 0, 100).Add(time.Hour), at.AddDate(0, 0, 100)},
		{daily, at, at.AddDate(0, 0, -1), time.Time{}}, // the clock was put back
		{quarter, at, at.Add(14 * time.Minute), time.Time{}},
		{quarter, at, at.Add(50 * time.Minute), at.Add(45 * time.Minute)},
		{table(t, "0 0 1 1 *", "UTC", 0), at, at.AddDate(1, 0, 0), time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)},
	} {
		if got, ok := c.tt.last(c.after, c.now); !got.Equal(c.want) || ok == c.want.IsZero() {
			t.Errorf("%s after %s at %s: %s %v, want %s", c.tt.text, c.after, c.now, got, ok, c.want)
		}
	}
}

func TestTimetableFaults(t *testing.T) {
	for cron, want := range map[string]string{
		"0 0 31 2 *":       "never comes true",
		"0 6 * *":          "no cron expression",
		"61 * * * *":       "no cron expression",
		"@every 5m":        "stands in every:",
		"TZ=UTC 0 6 * * *": "stands in timezone:",
	} {
		if _, err := newTimetable(cron, "", 0); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", cron, err)
		}
	}
	if _, err := newTimetable("0 6 * * *", "Europe/Berln", 0); err == nil || !strings.Contains(err.Error(), "not a time zone") {
		t.Error(err)
	}
}
