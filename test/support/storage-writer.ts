/*
 * A program that writes through the app's own storage until it is killed, and says each thing once it was acknowledged:
 * `begun <item>`, `finished <item>`, `history <line>`, `draft <text>`.
 */
import { writeSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { CommandHistory } from '../../main/conversations/command-history.ts';
import { Conversations } from '../../main/conversations/conversations.ts';
import { openStorage } from '../../main/storage/database.ts';
import { localAccount } from '../../main/storage/local-account.ts';

const dataDir = process.argv[2] ?? '';
const run = process.argv[3] ?? '';
const { database } = await openStorage(dataDir);
const account = localAccount(database, Date.now());
const conversations = new Conversations(database, () => undefined);
const history = new CommandHistory(database);
const conversation = conversations.list(account)[0] ?? conversations.create(account, null);
writeSync(1, 'ready\n');

for (let number = 0; ; number += 1) {
  const line = `kubectl get pods # ${run}-${String(number)}`;
  const item = conversations.begin(account, conversation.id, { line, cluster: 'c', namespace: 'shop' });
  writeSync(1, `begun ${item}\n`);
  conversations.finish(item, {
    run: randomUUID(),
    line,
    cluster: 'c',
    namespace: 'shop',
    at: Date.now(),
    exitCode: 0,
    body: { kind: 'text', text: `${String(number)} `.repeat(400) },
    notes: [],
    route: { way: 'local', steps: [], ms: 0, narrowed: null },
    failure: null,
    following: false,
    doneText: null,
  });
  writeSync(1, `finished ${item}\n`);
  history.add(account, line, null);
  writeSync(1, `history ${line}\n`);
  conversations.saveDraft(account, null, line);
  writeSync(1, `draft ${line}\n`);
}
