-- The figures of the last report of a scope, for rules that compare with it: JSON, compressed.
CREATE TABLE counts (
  scope TEXT PRIMARY KEY,
  figures BLOB NOT NULL
);
