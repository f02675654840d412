-- The disposable mirror of the server and what is projected from it. Another version of this file is another cache: raise VERSION in store/cache.
-- Moments are milliseconds since 1970. Views are numbered as the keys 1 to 7, from 0.

CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE cursor (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE agent (id INTEGER PRIMARY KEY, doc TEXT NOT NULL);

-- The server's word. settled_gen: the pull generation in which an answer to one of our own operations wrote it.
-- told: the date_updated (0 where there is none) that its timeline was read at; null: never.
CREATE TABLE confirmed (
  case_id INTEGER PRIMARY KEY,
  thread_id INTEGER NOT NULL,
  status TEXT NOT NULL,
  date_updated INTEGER,
  settled_gen INTEGER NOT NULL DEFAULT 0,
  told INTEGER,
  doc TEXT NOT NULL
);
CREATE INDEX confirmed_thread ON confirmed (thread_id);
CREATE INDEX confirmed_open ON confirmed (case_id) WHERE status <> 'closed';

-- key = id * 4 + source; source 0 is chat, 1 is mail. who: 1 an agent to the customer, 2 the customer, 0 anything else.
CREATE TABLE message (
  key INTEGER PRIMARY KEY,
  thread_id INTEGER NOT NULL,
  case_id INTEGER NOT NULL,
  date INTEGER NOT NULL,
  who INTEGER NOT NULL,
  op_id TEXT,
  doc TEXT NOT NULL
);
CREATE INDEX message_thread ON message (thread_id, date, case_id, who);
CREATE INDEX message_op ON message (op_id) WHERE op_id IS NOT NULL;
-- Messages that we deleted: a pull of this generation or an older one does not bring them back.
CREATE TABLE gone (key INTEGER PRIMARY KEY, gen INTEGER NOT NULL);

-- What the agent has seen of a thread, and when its messages were last read.
CREATE TABLE thread (thread_id INTEGER PRIMARY KEY, seen INTEGER, fetched INTEGER);

-- One projected line per case. views: where the case belongs; listed and s0 to s6: where the lists have it, or had it last.
CREATE TABLE line (
  case_id INTEGER PRIMARY KEY,
  thread_id INTEGER NOT NULL,
  status TEXT NOT NULL,
  channel TEXT NOT NULL,
  contact TEXT NOT NULL,
  title TEXT NOT NULL,
  opening TEXT,
  updated INTEGER,
  closed INTEGER,
  snoozed INTEGER,
  owner TEXT,
  owners TEXT NOT NULL,
  queued INTEGER,
  views INTEGER NOT NULL,
  overlay INTEGER NOT NULL,
  agent_at INTEGER,
  contact_at INTEGER,
  waiting INTEGER,
  said TEXT,
  needs INTEGER NOT NULL,
  news INTEGER NOT NULL,
  listed INTEGER NOT NULL,
  s0 INTEGER, s1 INTEGER, s2 INTEGER, s3 INTEGER, s4 INTEGER, s5 INTEGER, s6 INTEGER,
  reach TEXT NOT NULL,
  owned TEXT NOT NULL,
  marks TEXT NOT NULL,
  ratings INTEGER NOT NULL,
  created INTEGER,
  due INTEGER,
  since INTEGER
);
-- What a filter reads when it has to look at every case; the texts, lower case, stand apart.
CREATE INDEX line_scan ON line (
  case_id, listed, views, status, channel, due, since, updated, created, closed, owners, owned, marks, ratings,
  s0, s1, s2, s3, s4, s5, s6, thread_id, queued, agent_at, contact_at
);
CREATE INDEX line_open ON line (case_id) WHERE status <> 'closed';
CREATE INDEX line_due ON line (due) WHERE due IS NOT NULL;
CREATE TABLE prose (case_id INTEGER PRIMARY KEY, contact TEXT NOT NULL, subject TEXT NOT NULL, said TEXT NOT NULL);
-- Most cases are old ones whose messages are never asked for: those to read next stand together.
CREATE INDEX line_needs ON line (status, updated) WHERE needs = 1;
CREATE INDEX line_overlay ON line (case_id) WHERE overlay = 1;
CREATE INDEX line_snoozed ON line (snoozed) WHERE snoozed IS NOT NULL;

CREATE TABLE listing (
  view INTEGER NOT NULL,
  sort INTEGER NOT NULL,
  case_id INTEGER NOT NULL,
  PRIMARY KEY (view, sort, case_id)
) WITHOUT ROWID;
CREATE TABLE news (case_id INTEGER PRIMARY KEY);

-- How many cases each view lists; view -1 counts the news.
CREATE TABLE tally (view INTEGER PRIMARY KEY, n INTEGER NOT NULL);
INSERT INTO tally (view, n) VALUES (-1, 0), (0, 0), (1, 0), (2, 0), (3, 0), (4, 0), (5, 0), (6, 0);
CREATE TRIGGER listing_in AFTER INSERT ON listing BEGIN UPDATE tally SET n = n + 1 WHERE view = new.view; END;
CREATE TRIGGER listing_out AFTER DELETE ON listing BEGIN UPDATE tally SET n = n - 1 WHERE view = old.view; END;
CREATE TRIGGER news_in AFTER INSERT ON news BEGIN UPDATE tally SET n = n + 1 WHERE view = -1; END;
CREATE TRIGGER news_out AFTER DELETE ON news BEGIN UPDATE tally SET n = n - 1 WHERE view = -1; END;

-- Full text. The rowid is a moment and a message's key in one number, so the newest come first; see store/search.
CREATE VIRTUAL TABLE words USING fts5 (text, content = '', columnsize = 0, tokenize = 'unicode61 remove_diacritics 2');
INSERT INTO words (words, rank) VALUES ('hashsize', 4194304);
