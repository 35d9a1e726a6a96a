import { afterEach, describe, expect, it } from 'vitest';
import { AppError } from '../../../../shared/errors.ts';
import { ServerPool } from '../../../../main/mcp/server-pool.ts';

let pool: ServerPool;
afterEach(() => pool.close());

/** A way to open a server that fails `times` times, counting. */
function failing() {
  const starts: number[] = [];
  pool = new ServerPool(() => {
    starts.push(performance.now());
    return Promise.reject(new Error('no memory left'));
  });
  return starts;
}

describe('servers that do not start', () => {
  it('are not started before somebody asks', () => {
    const starts = failing();
    expect(starts).toHaveLength(0);
    expect(pool.running).toEqual({ active: null, standby: null });
  });

  it('tell the first caller why', async () => {
    failing();
    await expect(pool.connection()).rejects.toThrow('no memory left');
  });

  it('are tried again after growing pauses, and callers in between are told at once why and when', async () => {
    const starts = failing();
    await expect(pool.connection()).rejects.toThrow();
    // Four failures in a row, two places each time: the pause is longer than a caller waits.
    while (starts.length < 4) await pool.running.active?.catch(() => undefined);
    const at = performance.now();
    const error = await pool.connection().catch((thrown: unknown) => thrown);
    expect(performance.now() - at).toBeLessThan(200);
    expect(error).toBeInstanceOf(AppError);
    const { failure } = error as AppError;
    expect(failure).toMatchObject({ code: 'mcp.server-not-running' });
    expect(failure.message).toContain('no memory left');
    expect(failure.retryAfterMs).toBeGreaterThan(1_000);
  });

  it('are not tried any more after close', async () => {
    const starts = failing();
    await expect(pool.connection()).rejects.toThrow();
    await pool.close();
    const count = starts.length;
    await expect(pool.connection()).rejects.toMatchObject({ failure: { code: 'mcp.server-not-running' } });
    expect(starts.length).toBe(count);
  });
});
