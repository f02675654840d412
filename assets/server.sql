-- Everything the embedded case API keeps. Times are milliseconds since 1970 in UTC, flags 0 or 1, JSON is text.
-- A change of this file needs a new number in `db::SCHEMA` and a step that leads there from the old one.

CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT);
CREATE TABLE departments (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE tags (id INTEGER PRIMARY KEY, name TEXT NOT NULL, color TEXT, type TEXT);
CREATE TABLE questions (id INTEGER PRIMARY KEY, question TEXT NOT NULL);

CREATE TABLE contacts (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,              -- of `fields`, for senders
  email TEXT,
  phone TEXT,
  archive INTEGER NOT NULL DEFAULT 0,
  company_id INTEGER,
  fields TEXT NOT NULL,
  extra TEXT NOT NULL,
  date_created INTEGER,
  date_updated INTEGER
);
CREATE INDEX contacts_email ON contacts (email);
CREATE INDEX contacts_phone ON contacts (phone);

CREATE TABLE cases (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  thread_id INTEGER NOT NULL,
  parent_id INTEGER,
  contact_id INTEGER REFERENCES contacts (id),
  title TEXT NOT NULL,
  description TEXT NOT NULL,
  channel TEXT NOT NULL,
  status TEXT NOT NULL,
  closing_state TEXT,
  date_queue INTEGER,
  date_pending INTEGER,
  date_active INTEGER,
  date_closed INTEGER,
  user_id INTEGER,
  wait_time INTEGER,
  closed_by INTEGER,
  queue_id INTEGER,
  queue_order INTEGER,
  visit_id INTEGER,
  meta TEXT NOT NULL DEFAULT '{}',
  fields TEXT NOT NULL DEFAULT '{}',
  date_created INTEGER NOT NULL,
  date_updated INTEGER NOT NULL,
  last_message INTEGER             -- the newest message, note or mail
);
CREATE INDEX cases_thread ON cases (thread_id);
CREATE INDEX cases_contact ON cases (contact_id);
CREATE INDEX cases_updated ON cases (date_updated);
CREATE INDEX cases_created ON cases (date_created);
CREATE INDEX cases_status ON cases (status, date_updated);

CREATE TABLE case_users (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  case_id INTEGER NOT NULL REFERENCES cases (id),
  type TEXT NOT NULL,
  user_id INTEGER NOT NULL,        -- on a row of type contact: the contact
  role TEXT,
  status TEXT NOT NULL,
  date_created INTEGER,
  date_last_assigned INTEGER,
  closed INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX case_users_case ON case_users (case_id);

CREATE TABLE case_tags (case_id INTEGER NOT NULL REFERENCES cases (id), tag_id INTEGER NOT NULL REFERENCES tags (id), PRIMARY KEY (case_id, tag_id)) WITHOUT ROWID;

CREATE TABLE feedbacks (
  id INTEGER PRIMARY KEY,
  case_id INTEGER NOT NULL REFERENCES cases (id),
  contact_id INTEGER,
  question_id INTEGER,
  question TEXT NOT NULL,
  rating INTEGER,
  comment TEXT,
  date_created INTEGER
);
CREATE INDEX feedbacks_case ON feedbacks (case_id);

CREATE TABLE timeline (
  id INTEGER PRIMARY KEY,
  case_id INTEGER NOT NULL REFERENCES cases (id),
  thread_id INTEGER NOT NULL,
  event TEXT,
  detail TEXT,
  date_created INTEGER,
  user_id INTEGER
);
CREATE INDEX timeline_case ON timeline (case_id);

CREATE TABLE follow_ups (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  case_id INTEGER NOT NULL UNIQUE REFERENCES cases (id),
  until INTEGER NOT NULL,
  user_id INTEGER,
  message TEXT,
  users TEXT NOT NULL DEFAULT '[]'
);

-- Chat, notes, events and mails: one space of numbers, never used twice, so that `id > N` misses nothing.
CREATE TABLE messages (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  case_id INTEGER NOT NULL REFERENCES cases (id),
  thread_id INTEGER NOT NULL,
  contact_id INTEGER,
  channel TEXT,
  sender_type TEXT NOT NULL,
  sender_id INTEGER,
  type TEXT NOT NULL,
  message TEXT NOT NULL,
  meta TEXT NOT NULL DEFAULT '{}',
  seen INTEGER NOT NULL DEFAULT 0,
  date_created INTEGER NOT NULL,
  date_updated INTEGER,            -- NULL until it was changed
  mailed INTEGER NOT NULL DEFAULT 0, -- in the indexes, so that counting messages reads no rows
  mail TEXT                        -- NULL unless it is a mail
);
CREATE INDEX messages_case ON messages (case_id, mailed);
CREATE INDEX messages_thread ON messages (thread_id, mailed);
CREATE INDEX messages_contact ON messages (contact_id, mailed);
CREATE INDEX messages_created ON messages (mailed, date_created);
CREATE INDEX messages_updated ON messages (mailed, date_updated) WHERE date_updated IS NOT NULL;

CREATE TABLE calls (call_id TEXT PRIMARY KEY, case_id INTEGER NOT NULL REFERENCES cases (id), message_id INTEGER NOT NULL) WITHOUT ROWID;

-- How many rows each block of 1024 numbers holds: counting `id > N` reads these instead of the table.
CREATE TABLE tally (kind TEXT NOT NULL, block INTEGER NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (kind, block)) WITHOUT ROWID;
CREATE TRIGGER tally_case AFTER INSERT ON cases BEGIN
  INSERT INTO tally VALUES ('case', new.id >> 10, 1) ON CONFLICT DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER tally_message AFTER INSERT ON messages WHEN new.mailed = 0 BEGIN
  INSERT INTO tally VALUES ('message', new.id >> 10, 1) ON CONFLICT DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER tally_deleted AFTER DELETE ON messages WHEN old.mailed = 0 BEGIN
  UPDATE tally SET n = n - 1 WHERE kind = 'message' AND block = old.id >> 10;
END;

-- What clients call their messages (`meta.op_id`), for ever: a message said twice is there once, also when it was deleted since.
CREATE TABLE client_ops (
  case_id INTEGER NOT NULL REFERENCES cases (id),
  client_op_id TEXT NOT NULL,
  message_id INTEGER NOT NULL,
  fingerprint BLOB NOT NULL,
  answer TEXT,                     -- NULL for messages that came with the seed
  UNIQUE (case_id, client_op_id)
);

-- Answers to requests that came with an `Idempotency-Key`.
CREATE TABLE answers (
  key_id TEXT NOT NULL,
  idempotency_key TEXT NOT NULL,
  fingerprint BLOB NOT NULL,
  answer TEXT NOT NULL,
  date_created INTEGER NOT NULL,
  PRIMARY KEY (key_id, idempotency_key)
) WITHOUT ROWID;
CREATE INDEX answers_created ON answers (date_created);

CREATE TABLE keys (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  user_id INTEGER NOT NULL REFERENCES users (id),
  permissions TEXT NOT NULL,       -- JSON array of areas
  hash BLOB NOT NULL,              -- SHA-256 of the secret
  date_created INTEGER NOT NULL,
  date_revoked INTEGER
) WITHOUT ROWID;

CREATE TABLE notes (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  contact_id INTEGER NOT NULL REFERENCES contacts (id),
  user_id INTEGER NOT NULL,
  title TEXT NOT NULL,
  description TEXT NOT NULL,
  users TEXT NOT NULL DEFAULT '[]',
  date_created INTEGER NOT NULL
);
CREATE INDEX notes_contact ON notes (contact_id);

CREATE TABLE note_messages (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  note_id INTEGER NOT NULL REFERENCES notes (id) ON DELETE CASCADE,
  user_id INTEGER NOT NULL,
  message TEXT NOT NULL,
  parent_id INTEGER,
  users TEXT NOT NULL DEFAULT '[]',
  date_created INTEGER NOT NULL
);
CREATE INDEX note_messages_note ON note_messages (note_id);

CREATE TABLE webhooks (id INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT NOT NULL, date_created INTEGER NOT NULL);
