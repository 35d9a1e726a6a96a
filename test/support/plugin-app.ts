import { runProgram } from '../../main/gate/upstream-program.ts';

/** A program that runs an exec plugin as the app does, to be killed by tests. Argument: the plugin. */
const limits = { timeoutMs: 60_000, outputBytes: 1000 };
await runProgram(process.argv[2] ?? '', [], process.env, limits, new AbortController().signal);
