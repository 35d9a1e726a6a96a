/**
 * The first schema. Accounts are rows from the beginning, so that a second one needs no migration of the rest.
 * `item.body` and `journal.entry` are JSON: their shapes are the contract's, validated at the door.
 */
export const first = {
  version: 1,
  name: '0001-first',
  sql: `
    CREATE TABLE account (id TEXT PRIMARY KEY, name TEXT NOT NULL, role TEXT NOT NULL CHECK (role IN ('user','admin')), created_at INTEGER NOT NULL) STRICT;
    CREATE TABLE setting (account TEXT NOT NULL REFERENCES account ON DELETE CASCADE, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (account, key)) STRICT, WITHOUT ROWID;
    CREATE TABLE cluster_mark (account TEXT NOT NULL REFERENCES account ON DELETE CASCADE, cluster TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (account, cluster)) STRICT, WITHOUT ROWID;
    CREATE TABLE trust (account TEXT NOT NULL REFERENCES account ON DELETE CASCADE, question TEXT NOT NULL, text TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (account, question)) STRICT, WITHOUT ROWID;
    CREATE TABLE conversation (id TEXT PRIMARY KEY, account TEXT NOT NULL REFERENCES account ON DELETE CASCADE, title TEXT NOT NULL, cluster TEXT, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL) STRICT;
    CREATE INDEX conversation_by_account ON conversation (account, updated_at DESC);
    CREATE TABLE item (seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, conversation TEXT NOT NULL REFERENCES conversation ON DELETE CASCADE, at INTEGER NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL) STRICT;
    CREATE INDEX item_by_conversation ON item (conversation, seq);
    CREATE TABLE draft (account TEXT NOT NULL REFERENCES account ON DELETE CASCADE, conversation TEXT NOT NULL, text TEXT NOT NULL, PRIMARY KEY (account, conversation)) STRICT, WITHOUT ROWID;
    CREATE TABLE command (seq INTEGER PRIMARY KEY, account TEXT NOT NULL REFERENCES account ON DELETE CASCADE, line TEXT NOT NULL, cluster TEXT, at INTEGER NOT NULL) STRICT;
    CREATE TABLE external_server (id TEXT PRIMARY KEY, account TEXT NOT NULL REFERENCES account ON DELETE CASCADE, name TEXT NOT NULL, transport TEXT NOT NULL) STRICT;
    CREATE TABLE journal (seq INTEGER PRIMARY KEY, account TEXT NOT NULL, entry TEXT NOT NULL, mac BLOB NOT NULL) STRICT;
  `,
} as const;
