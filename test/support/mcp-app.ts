import { ServerFleet } from '../../main/mcp/server-fleet.ts';

/** A program that keeps MCP servers as the app does, to be killed by tests. Argument: the folder for private files. */
const fleet = new ServerFleet({ runtimeBase: process.argv[2] ?? '', version: '0' }, () => 'http://127.0.0.1:1');
await fleet.connection('table');
process.stdout.write('ready\n');
await fleet.running('table').standby;
process.stdout.write('standby\n');
setInterval(() => undefined, 60_000);
