import { once } from 'node:events';
import { access, chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Clusters as a healthy machine never has them: one that needs consent, one that refuses, one that never answers. */
export class TroubledClusters {
  readonly kubeconfig: string;
  /** The program that needs-consent signs in with. */
  readonly plugin: string;
  readonly #dir: string;
  readonly #server: Server;
  readonly #sockets: ReadonlySet<Socket>;

  private constructor(dir: string, server: Server, sockets: ReadonlySet<Socket>) {
    this.kubeconfig = join(dir, 'config');
    this.plugin = join(dir, 'plugin');
    this.#dir = dir;
    this.#server = server;
    this.#sockets = sockets;
  }

  static async start(): Promise<TroubledClusters> {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const clusters = new TroubledClusters(await mkdtemp(join(tmpdir(), 'ai4k8s-e2e-config-')), server, sockets);
    await writeFile(clusters.plugin, '#!/bin/sh\ntouch "$0.ran"\nexit 1\n');
    await chmod(clusters.plugin, 0o755);
    await writeFile(clusters.kubeconfig, kubeconfigOf(port, clusters.plugin));
    return clusters;
  }

  /** The plugin leaves a file when it runs. */
  async hasPluginRun(): Promise<boolean> {
    return access(`${this.plugin}.ran`).then(
      () => true,
      () => false,
    );
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await rm(this.#dir, { recursive: true, force: true });
  }
}

function kubeconfigOf(port: number, plugin: string): string {
  return `apiVersion: v1
kind: Config
clusters:
- name: needs-consent
  cluster: { server: 'https://127.0.0.1:9', insecure-skip-tls-verify: true }
- name: silent
  cluster: { server: 'https://127.0.0.1:9' }
- name: hanging
  cluster: { server: 'https://127.0.0.1:${String(port)}' }
users:
- name: plugin
  user:
    exec: { apiVersion: client.authentication.k8s.io/v1, command: '${plugin}', args: [get-token, --region, eu-1], interactiveMode: Never }
- name: nobody
  user: { token: none }
contexts:
- name: needs-consent
  context: { cluster: needs-consent, user: plugin }
- name: silent
  context: { cluster: silent, user: nobody }
- name: hanging
  context: { cluster: hanging, user: nobody }
`;
}
