import { create } from 'zustand';
import type { SelfCheck } from '../../shared/self-check.ts';
import { failureOf, request } from '../api.ts';
import { answered, asked, failed, nothingYet, type Remote } from '../remote.ts';

interface Check {
  readonly check: Remote<SelfCheck>;
  /** Epoch ms; of the check that runs, else of the last. */
  readonly startedAt: number;
  readonly tookMs: number | null;
  /** The cluster whose chain is shown. */
  readonly cluster: string | null;
}

export const useSelfCheck = create<Check>(() => ({ check: nothingYet, startedAt: 0, tookMs: null, cluster: null }));

/** Asks every hop to every cluster. */
export async function runSelfCheck(): Promise<void> {
  const startedAt = Date.now();
  useSelfCheck.setState(({ check }) => ({ check: asked(check), startedAt }));
  try {
    const result = await request('self-check.run', { cluster: null });
    useSelfCheck.setState({ check: answered(result, result.at), tookMs: Date.now() - startedAt });
  } catch (error) {
    useSelfCheck.setState(({ check }) => ({ check: failed(check, failureOf(error)) }));
  }
}

export const showChain = (cluster: string): void => useSelfCheck.setState({ cluster });
