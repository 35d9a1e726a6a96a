import { accessSync, constants } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../../shared/errors.ts';
import { binaryPackage, findBinary } from '../../../../main/mcp/binary.ts';

const failureOf = (run: () => unknown) => {
  try {
    run();
  } catch (error) {
    if (error instanceof AppError) return error.failure;
    throw error;
  }
  throw new Error('it did not fail');
};

describe('the binary of kubernetes-mcp-server', () => {
  it('is found for this machine, as a file that can be executed, and is not the JavaScript wrapper', () => {
    const file = findBinary();
    accessSync(file, constants.X_OK);
    expect(file).toMatch(/kubernetes-mcp-server-(linux|darwin|windows)-(amd64|arm64)(\.exe)?$/);
  });

  it('is taken from beside the archive in a packaged app', () => {
    const inArchive = (file: string) => `/opt/app/resources/app.asar/node_modules/${file}`;
    expect(findBinary('linux', 'x64', inArchive)).toContain('/app.asar.unpacked/node_modules/');
  });

  it('has an ending on Windows alone', () => {
    expect(findBinary('win32', 'x64', (file) => file)).toMatch(/windows-amd64\.exe$/);
    expect(findBinary('darwin', 'arm64', (file) => file)).toMatch(/darwin-arm64$/);
  });

  it('is missed with a message that names the package and says what to do', () => {
    const missing = () => {
      throw new Error('Cannot find module');
    };
    const failure = failureOf(() => findBinary('linux', 'arm64', missing));
    expect(failure).toMatchObject({ code: 'mcp.server-not-running' });
    expect(failure.message).toContain('kubernetes-mcp-server-linux-arm64');
    expect(failure.remedy).toContain('npm ci');
  });

  it('does not exist for a platform that none is published for', () => {
    expect(binaryPackage('freebsd', 'x64')).toBeNull();
    expect(failureOf(() => findBinary('linux', 'riscv64')).message).toContain('riscv64');
  });
});
