/* A program that brings a database to a second schema; it is killed on the way. */
import { writeSync } from 'node:fs';
import { openStorage } from '../../main/storage/database.ts';
import { migrations } from '../../main/storage/migrations.ts';

const next = { version: 2, name: '0002-next', sql: 'ALTER TABLE conversation ADD COLUMN pinned INTEGER' };
writeSync(1, 'ready\n');
(await openStorage(process.argv[2] ?? '', { migrations: [...migrations, next] })).close();
