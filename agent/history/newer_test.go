package history_test

import (
	"database/sql"
	"testing"
)

// raise gives a history the version of a program to come.
func raise(t *testing.T, file string) {
	t.Helper()
	db, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec("PRAGMA user_version=99"); err != nil {
		t.Fatal(err)
	}
}

// repeat makes of the day that a history holds as many days.
func repeat(t testing.TB, file string, days int) {
	t.Helper()
	db, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	const day = "WITH RECURSIVE d (n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM d WHERE n < ?) "
	for _, q := range []string{
		`INSERT INTO reports (id, scope, schedule, at, verdict, critical, major, minor, warning, not_evaluated, new, resolved, changed, took, summary, told, doc)
			` + day + `SELECT printf('%03d-', n) || substr(id, 5), scope, schedule, at + n * 86400000, verdict, critical, major, minor, warning, not_evaluated, new, resolved, changed, took, summary, 1, doc
			FROM d, reports ORDER BY n, seq`,
		`INSERT INTO findings (scope, id, rule, locations, key, severity, state, since, last, ended, seen, why, doc)
			` + day + `SELECT scope, id, rule, locations, key, severity, state, since + n * 86400000, last + n * 86400000, ended + n * 86400000, seen, why, doc
			FROM d, findings WHERE ended IS NOT NULL`,
	} {
		if _, err := db.Exec(q, days-1); err != nil {
			t.Fatal(err)
		}
	}
}
