-- The precious file: what the agent did and wrote. Its forms may only grow; a change of this file needs a step in store/outbox::migrate.
-- Moments are milliseconds since 1970.

-- id: the name of this outbox, which the cache remembers to know what it followed.
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

-- doc is the whole operation as JSON; the columns repeat what is looked up by.
CREATE TABLE op (
  op_id TEXT PRIMARY KEY,
  account TEXT NOT NULL,
  case_id INTEGER NOT NULL,
  seq INTEGER NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  state TEXT NOT NULL,
  not_before INTEGER,
  changed INTEGER NOT NULL,
  server_id INTEGER,
  doc TEXT NOT NULL
);
CREATE INDEX op_live ON op (account, case_id, seq) WHERE state NOT IN ('sent', 'cancelled');
CREATE INDEX op_changed ON op (account, changed);

-- Every move of an operation, never changed.
CREATE TABLE event (
  n INTEGER PRIMARY KEY,
  op_id TEXT NOT NULL REFERENCES op (op_id),
  from_state TEXT,
  to_state TEXT NOT NULL,
  cause TEXT,
  at INTEGER NOT NULL
);
CREATE INDEX event_op ON event (op_id);

CREATE TABLE draft (
  account TEXT NOT NULL,
  case_id INTEGER NOT NULL,
  updated INTEGER NOT NULL,
  doc TEXT NOT NULL,
  PRIMARY KEY (account, case_id)
) WITHOUT ROWID;

-- Drafts that were replaced by something that does not begin with them, or thrown away.
CREATE TABLE draft_version (
  n INTEGER PRIMARY KEY,
  account TEXT NOT NULL,
  case_id INTEGER NOT NULL,
  updated INTEGER NOT NULL,
  doc TEXT NOT NULL
);
CREATE INDEX draft_version_case ON draft_version (account, case_id);
