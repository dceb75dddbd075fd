import { CHUNKS } from './slots.ts'

/** Marks a file as one of ours: "PSIO", in SQLite's header. */
export const APPLICATION_ID = 0x5053494f

/**
 * What brings a file from one version to the next; the first begins from nothing. They are never changed once released:
 * a new one goes to the end.
 *
 * A row of `piece` is a chunk or a roll-up, and its slot is a place as `slots.ts` has it. What is large stays in tables
 * with a rowid, where it fills pages; small rows that are asked by their whole key need none.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

  CREATE TABLE endpoint (number INTEGER PRIMARY KEY, id TEXT NOT NULL) STRICT;

  CREATE TABLE entry (
    kind TEXT NOT NULL, id TEXT NOT NULL, rev INTEGER NOT NULL, status_rev INTEGER NOT NULL,
    result_rev INTEGER NOT NULL, at INTEGER NOT NULL, value TEXT, UNIQUE (kind, id)
  ) STRICT;

  CREATE TABLE journal (id INTEGER PRIMARY KEY, packed BLOB NOT NULL) STRICT;

  CREATE TABLE series (
    number INTEGER PRIMARY KEY, resolution INTEGER NOT NULL UNIQUE, bucket_ms INTEGER NOT NULL
  ) STRICT;
  INSERT INTO series VALUES (${CHUNKS.number}, 0, ${CHUNKS.bucketMs});

  CREATE TABLE piece (
    slot INTEGER PRIMARY KEY, at INTEGER NOT NULL, rows INTEGER NOT NULL, packed BLOB NOT NULL
  ) STRICT;

  CREATE TABLE day (day INTEGER PRIMARY KEY, packed BLOB NOT NULL) STRICT;

  CREATE TABLE timeline (
    endpoint INTEGER NOT NULL, at INTEGER NOT NULL, status TEXT NOT NULL, planned INTEGER NOT NULL,
    gap INTEGER NOT NULL, PRIMARY KEY (endpoint, at)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX timeline_at ON timeline (at);

  CREATE TABLE incident (
    id TEXT PRIMARY KEY, opened_at INTEGER NOT NULL, open INTEGER NOT NULL, record TEXT NOT NULL
  ) STRICT;
  CREATE INDEX incident_open ON incident (open, id);
  CREATE INDEX incident_opened_at ON incident (opened_at);

  CREATE TABLE incident_payer (
    payer TEXT NOT NULL, incident TEXT NOT NULL, PRIMARY KEY (payer, incident)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX incident_payer_incident ON incident_payer (incident);
  `,
]
