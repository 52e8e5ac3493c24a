-- Times are milliseconds since 1970, UTC. A NULL end means: still open.
CREATE TABLE reports (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  scope TEXT NOT NULL,
  schedule TEXT NOT NULL,
  at INTEGER NOT NULL,
  verdict TEXT NOT NULL,
  critical INTEGER NOT NULL, major INTEGER NOT NULL, minor INTEGER NOT NULL, warning INTEGER NOT NULL,
  not_evaluated INTEGER NOT NULL,
  new INTEGER NOT NULL, resolved INTEGER NOT NULL,
  changed INTEGER NOT NULL,
  took INTEGER NOT NULL, summary TEXT NOT NULL,
  told INTEGER NOT NULL, -- its news stand in the outbox
  doc BLOB NOT NULL, -- the edition, JSON under zstd
  page BLOB          -- HTML under zstd; NULL for none
);
CREATE INDEX reports_scope ON reports (scope, seq);
CREATE INDEX reports_at ON reports (at);

-- One row a finding from when it is first seen until it is resolved.
CREATE TABLE findings (
  row INTEGER PRIMARY KEY,
  scope TEXT NOT NULL,
  id TEXT NOT NULL,
  rule TEXT NOT NULL, locations TEXT NOT NULL, key TEXT NOT NULL,
  severity INTEGER NOT NULL,
  state TEXT NOT NULL,
  since INTEGER NOT NULL, last INTEGER NOT NULL, ended INTEGER,
  seen INTEGER NOT NULL,
  why TEXT NOT NULL,
  doc TEXT NOT NULL -- the finding, JSON
);
CREATE UNIQUE INDEX findings_open ON findings (scope, id) WHERE ended IS NULL;
CREATE INDEX findings_since ON findings (scope, since);
CREATE INDEX findings_ended ON findings (ended);

CREATE TABLE series (
  id INTEGER PRIMARY KEY,
  device TEXT NOT NULL, place TEXT NOT NULL, figure TEXT NOT NULL, unit TEXT NOT NULL,
  counted_at INTEGER NOT NULL DEFAULT 0, counted REAL NOT NULL DEFAULT 0, -- the last value of a counter
  UNIQUE (device, place, figure)
);
CREATE TABLE samples (
  series INTEGER NOT NULL REFERENCES series (id) ON DELETE CASCADE,
  at INTEGER NOT NULL,
  value REAL NOT NULL,
  PRIMARY KEY (series, at)
) WITHOUT ROWID;
CREATE INDEX samples_at ON samples (at);

CREATE TABLE silences (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  maintenance INTEGER NOT NULL,
  finding TEXT NOT NULL, rule TEXT NOT NULL, location TEXT NOT NULL, -- the matcher; '' matches all
  reason TEXT NOT NULL, author TEXT NOT NULL,
  begins INTEGER NOT NULL, ends INTEGER NOT NULL
);

-- What a schedule did last, so that a missed run is made up once.
CREATE TABLE schedules (
  name TEXT PRIMARY KEY,
  due INTEGER NOT NULL,      -- the moment of the last run that was begun
  began INTEGER NOT NULL, ended INTEGER, -- NULL: it runs, or the process died
  outcome TEXT NOT NULL
);

CREATE TABLE letters (
  key TEXT PRIMARY KEY,
  receiver TEXT NOT NULL, report TEXT NOT NULL, news BLOB NOT NULL,
  state TEXT NOT NULL, attempts INTEGER NOT NULL,
  posted INTEGER NOT NULL, next INTEGER NOT NULL, done INTEGER,
  fault TEXT NOT NULL
);
CREATE INDEX letters_due ON letters (state, next);
