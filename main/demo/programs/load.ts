import { fraction } from '../seeded.ts';
import type { Usage } from './program.ts';

const day = 24 * 60 * 60 * 1000;
const mebibyte = 2 ** 20;

/**
 * A steady load: cpu with the rhythm of a day and noise by the quarter minute, memory nearly constant. The same for the
 * same seed and time. `swing`: how far a day moves it from its mean.
 */
export function steadyLoad(
  seed: string,
  cpuMillicores: number,
  memoryMebibytes: number,
  swing = 0.35,
): (at: number) => Usage {
  const phase = fraction(`${seed}/phase`) * 0.1;
  return (at) => {
    const rhythm = 1 + swing * Math.sin(2 * Math.PI * (at / day + phase - 0.3));
    const noise = 0.85 + 0.3 * fraction(`${seed}/${String(Math.floor(at / 15_000))}`);
    const slow = 0.98 + 0.04 * fraction(`${seed}/m/${String(Math.floor(at / 600_000))}`);
    return { cpuMillicores: cpuMillicores * rhythm * noise, memoryBytes: memoryMebibytes * mebibyte * slow };
  };
}

/** Memory that grows by `mebibytesPerHour` from the start of the process; before the start, as in the run before. */
export function leakingLoad(
  seed: string,
  cpuMillicores: number,
  startMebibytes: number,
  mebibytesPerHour: number,
  limitMebibytes: number,
): (at: number, startedAt: number) => Usage {
  const steady = steadyLoad(seed, cpuMillicores, startMebibytes);
  const lifeMs = ((limitMebibytes - startMebibytes) / mebibytesPerHour) * 3_600_000;
  return (at, startedAt) => {
    const upMs = (((at - startedAt) % lifeMs) + lifeMs) % lifeMs;
    const grown = (upMs / 3_600_000) * mebibytesPerHour * mebibyte;
    const { cpuMillicores: cpu, memoryBytes } = steady(at);
    return { cpuMillicores: cpu, memoryBytes: memoryBytes + grown };
  };
}
