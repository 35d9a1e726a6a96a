import { createRequire } from 'node:module';
import { AppError } from '../../shared/errors.ts';

/** The npm package that carries the server's binary for one platform; null where none is published. */
export function binaryPackage(platform: NodeJS.Platform, arch: NodeJS.Architecture): string | null {
  const systems: Partial<Record<NodeJS.Platform, string>> = { darwin: 'darwin', linux: 'linux', win32: 'windows' };
  const processors: Partial<Record<NodeJS.Architecture, string>> = { x64: 'amd64', arm64: 'arm64' };
  const system = systems[platform];
  const processor = processors[arch];
  return system === undefined || processor === undefined ? null : `kubernetes-mcp-server-${system}-${processor}`;
}

/**
 * Path of kubernetes-mcp-server's own binary, past its JavaScript wrapper: a killed wrapper leaves the server running.
 * A packaged app keeps it beside the archive, where it can be executed.
 * Throws AppError 'mcp.server-not-running' where the platform has none or it was not installed.
 */
export function findBinary(
  platform: NodeJS.Platform = process.platform,
  arch: NodeJS.Architecture = process.arch,
  resolve: (file: string) => string = createRequire(import.meta.url).resolve,
): string {
  const name = binaryPackage(platform, arch);
  if (name === null) {
    throw new AppError({
      code: 'mcp.server-not-running',
      message: `kubernetes-mcp-server has no binary for ${platform} on ${arch}.`,
      remedy: 'Use the app on Linux, macOS or Windows with an x64 or arm64 processor.',
    });
  }
  try {
    const file = resolve(`${name}/bin/${name}${platform === 'win32' ? '.exe' : ''}`);
    return file.replace(/\.asar([\\/])/, '.asar.unpacked$1');
  } catch (cause) {
    throw new AppError(
      {
        code: 'mcp.server-not-running',
        message: `The binary of kubernetes-mcp-server is not installed (package ${name}).`,
        remedy: 'Install again with npm ci, without --omit=optional.',
      },
      { cause },
    );
  }
}
