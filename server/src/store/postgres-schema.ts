/** Where everything lies, so that a database can be shared with others. */
export const SCHEMA = 'payer_status'
/** What the sole writer locks, in the session: "PSIO", and the store. Source: PostgreSQL 9.28.10, advisory locks. */
export const LOCK = '1347635535, 1'

/**
 * What brings a schema from one version to the next; the first begins from nothing. They are never changed once released:
 * a new one goes to the end.
 *
 * Chunks and roll-ups have a partition for each stretch of time, which is dropped when it has expired; until then `floor`
 * says from when on its rows count. What is packed is not compressed again.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE meta (key text PRIMARY KEY, value text NOT NULL);

  CREATE TABLE endpoint (number integer PRIMARY KEY, id text NOT NULL);

  CREATE TABLE entry (
    kind text NOT NULL, id text NOT NULL, rev bigint NOT NULL, status_rev bigint NOT NULL,
    result_rev bigint NOT NULL, at bigint NOT NULL, value jsonb, PRIMARY KEY (kind, id)
  ) WITH (fillfactor = 70);

  CREATE TABLE journal (id bigint PRIMARY KEY, packed bytea NOT NULL);

  CREATE TABLE chunk (
    endpoint integer NOT NULL, at bigint NOT NULL, rows integer NOT NULL, packed bytea NOT NULL
  ) PARTITION BY RANGE (at);
  ALTER TABLE chunk ALTER COLUMN packed SET STORAGE EXTERNAL;
  CREATE INDEX chunk_endpoint_at ON chunk (endpoint, at);

  CREATE TABLE rollup (
    resolution bigint NOT NULL, endpoint integer NOT NULL, at bigint NOT NULL, packed bytea NOT NULL
  ) PARTITION BY RANGE (resolution, at);
  ALTER TABLE rollup ALTER COLUMN packed SET STORAGE EXTERNAL;
  CREATE INDEX rollup_endpoint_at ON rollup (resolution, endpoint, at);

  CREATE TABLE piece_partition (
    name text PRIMARY KEY, resolution bigint NOT NULL, starts bigint NOT NULL, ends bigint NOT NULL
  );
  CREATE TABLE floor (resolution bigint PRIMARY KEY, at bigint NOT NULL);

  CREATE TABLE day (day integer PRIMARY KEY, packed bytea NOT NULL);
  ALTER TABLE day ALTER COLUMN packed SET STORAGE EXTERNAL;

  CREATE TABLE timeline (
    endpoint integer NOT NULL, at bigint NOT NULL, status text NOT NULL, planned boolean NOT NULL,
    gap boolean NOT NULL, PRIMARY KEY (endpoint, at)
  );
  CREATE INDEX timeline_at ON timeline (at);

  CREATE TABLE incident (
    id text COLLATE "C" PRIMARY KEY, opened_at bigint NOT NULL, open boolean NOT NULL,
    payers text[] NOT NULL, record jsonb NOT NULL
  );
  CREATE INDEX incident_payers ON incident USING gin (payers);
  CREATE INDEX incident_open ON incident (id) WHERE open;
  CREATE INDEX incident_opened_at ON incident (opened_at);
  `,
]
