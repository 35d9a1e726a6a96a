/**
 * The images of the demo's story and what runs in them. Each logs, uses and fails as such a service would; none is real.
 */
import { fraction } from '../seeded.ts';
import { leakingLoad, steadyLoad } from './load.ts';
import type { Launch, Program } from './program.ts';

export interface Image {
  tags: string[];
  program: (launch: Launch, tag: string) => Program;
}

const mebibyte = 2 ** 20;

function iso(at: number): string {
  return new Date(at).toISOString();
}

function pick<T>(list: T[], seed: string): T {
  return list[Math.floor(fraction(seed) * list.length)] as T;
}

interface Traffic {
  cpuMillicores: number;
  memoryMebibytes: number;
  everyMs: number;
  paths: string[];
  readyAfterMs?: number;
}

/** A service that answers requests and writes one line for some of them. */
function webService(name: string, traffic: Traffic): Image['program'] {
  return (launch, tag) => ({
    opening: [
      [120, `level=info msg="starting ${name} ${tag}"`],
      [900, `level=info msg="listening" addr=":8080"`],
    ],
    steady: {
      everyMs: traffic.everyMs,
      line: (n, at) => {
        const seed = `${launch.seed}/${String(n)}`;
        const ms = Math.round(4 + 60 * fraction(`${seed}/ms`) ** 3);
        const status = fraction(`${seed}/status`) > 0.985 ? 500 : 200;
        const level = status === 500 ? 'error' : 'info';
        return `time=${iso(at)} level=${level} method=GET path=${pick(traffic.paths, seed)} status=${String(status)} duration_ms=${String(ms)}`;
      },
    },
    readyAfterMs: traffic.readyAfterMs ?? 2000,
    stopMs: 900,
    usage: steadyLoad(launch.seed, traffic.cpuMillicores, traffic.memoryMebibytes),
  });
}

/** A worker that says what it did every so often. */
function worker(cpuMillicores: number, memoryMebibytes: number, everyMs: number, texts: string[]): Image['program'] {
  return (launch, tag) => ({
    opening: [[150, `level=info msg="worker ${tag} started"`]],
    steady: {
      everyMs,
      line: (n, at) =>
        `time=${iso(at)} level=info msg="${pick(texts, `${launch.seed}/${String(n)}`)}" batch=${String(n + 1)}`,
    },
    readyAfterMs: 1500,
    stopMs: 1500,
    usage: steadyLoad(launch.seed, cpuMillicores, memoryMebibytes),
  });
}

/** The crash loop to find: it wants DATABASE_URL and ends without it. */
function checkout(launch: Launch, tag: string): Program {
  const url = launch.env['DATABASE_URL'];
  if (url)
    return webService('checkout', {
      cpuMillicores: 35,
      memoryMebibytes: 70,
      everyMs: 1700,
      paths: ['/cart', '/pay', '/orders'],
    })(launch, tag);
  return {
    opening: [
      [90, `level=info msg="starting checkout ${tag}"`],
      [140, 'level=info msg="reading configuration from the environment"'],
    ],
    ending: {
      afterMs: 700,
      exitCode: 1,
      reason: 'Error',
      lines: ['level=fatal msg="DATABASE_URL is not set; checkout cannot reach its database"'],
    },
    readyAfterMs: null,
    stopMs: 100,
    usage: steadyLoad(launch.seed, 20, 18),
  };
}

/** The leak: memory grows until the kernel kills it, some five hours after each start. 2.5.0 does not leak. */
function cart(launch: Launch, tag: string): Program {
  const service = webService('cart', {
    cpuMillicores: 60,
    memoryMebibytes: 90,
    everyMs: 2100,
    paths: ['/cart', '/cart/items', '/cart/total'],
  })(launch, tag);
  if (tag === '2.5.0') return service;
  const limit = Math.min(launch.memoryLimitBytes / mebibyte, 4096);
  const start = 90;
  const perHour = 32;
  const afterMs = Math.max(60_000, ((limit - start) / perHour) * 3_600_000);
  return {
    ...service,
    ending: { afterMs, exitCode: 137, reason: 'OOMKilled', lines: [] },
    usage: leakingLoad(launch.seed, 60, start, perHour, limit),
  };
}

/** The noisy neighbour: it uses many times what it asks for. */
function reindex(launch: Launch, tag: string): Program {
  const load = steadyLoad(launch.seed, 1850, 310, 0.02);
  return {
    ...worker(0, 0, 4000, ['indexed 2000 documents', 'merged segments', 'rebuilt suggestions'])(launch, tag),
    usage: load,
  };
}

/** The database whose disk fills. */
function timescale(launch: Launch, tag: string): Program {
  return {
    opening: [
      [100, `LOG:  starting demo time-series database ${tag}`],
      [600, 'LOG:  database system is ready to accept connections'],
    ],
    steady: {
      everyMs: 30_000,
      line: (n, at) =>
        n % 4 === 3
          ? `${iso(at)} WARNING:  data volume is nearly full, old chunks are not being dropped (retention is off)`
          : `${iso(at)} LOG:  checkpoint complete: wrote ${String(200 + Math.round(fraction(`${launch.seed}/${String(n)}`) * 90))} buffers`,
    },
    readyAfterMs: 4000,
    stopMs: 2500,
    usage: steadyLoad(launch.seed, 140, 620),
  };
}

/** The nightly import that cannot read its file. */
function importer(_launch: Launch, tag: string): Program {
  return {
    opening: [
      [100, `level=info msg="import-prices ${tag}: reading /data/prices.csv"`],
      [1200, 'level=info msg="read 6 lines"'],
    ],
    ending: {
      afterMs: 1800,
      exitCode: 3,
      reason: 'Error',
      lines: ['level=error msg="cannot parse prices.csv line 7: expected 4 fields, found 3"'],
    },
    readyAfterMs: 0,
    stopMs: 100,
    usage: steadyLoad('import', 120, 40),
  };
}

/** A job that does its work and ends. */
function shortJob(lines: string[], afterMs: number): Image['program'] {
  return (launch) => ({
    opening: lines.slice(0, -1).map((text, index) => [200 + index * 400, text]),
    ending: { afterMs, exitCode: 0, reason: 'Completed', lines: lines.slice(-1) },
    readyAfterMs: 0,
    stopMs: 100,
    usage: steadyLoad(launch.seed, 80, 40),
  });
}

const shopPaths = ['/', '/products', '/products/42', '/cart', '/search?q=lamp'];

/** By repository. An image under `demo/` that is not here, or a tag that is not, cannot be pulled. */
export const catalogue: Record<string, Image> = {
  'demo/web': {
    tags: ['2.3.0', '2.4.0'],
    program: webService('web', { cpuMillicores: 45, memoryMebibytes: 60, everyMs: 900, paths: shopPaths }),
  },
  'demo/catalog': {
    tags: ['5.0.1', '5.1.0'],
    program: webService('catalog', {
      cpuMillicores: 30,
      memoryMebibytes: 110,
      everyMs: 1300,
      paths: ['/v1/items', '/v1/items/7'],
    }),
  },
  'demo/checkout': { tags: ['1.4.2', '1.4.3'], program: checkout },
  'demo/cart': { tags: ['2.4.1', '2.5.0'], program: cart },
  'demo/search': {
    tags: ['3.2.0'],
    program: webService('search', { cpuMillicores: 80, memoryMebibytes: 240, everyMs: 1500, paths: ['/search'] }),
  },
  'demo/recommendations': {
    tags: ['0.9.0'],
    program: webService('recommendations', {
      cpuMillicores: 25,
      memoryMebibytes: 130,
      everyMs: 2500,
      paths: ['/similar'],
    }),
  },
  'demo/inventory': {
    tags: ['1.8.0'],
    program: webService('inventory', {
      cpuMillicores: 20,
      memoryMebibytes: 80,
      everyMs: 2400,
      paths: ['/stock', '/stock/42'],
    }),
  },
  'demo/payments': {
    tags: ['3.1.0'],
    program: webService('payments', {
      cpuMillicores: 40,
      memoryMebibytes: 150,
      everyMs: 1600,
      paths: ['/charge', '/refund', '/status'],
    }),
  },
  'demo/ledger': {
    tags: ['1.2.0'],
    program: webService('ledger', {
      cpuMillicores: 35,
      memoryMebibytes: 190,
      everyMs: 2600,
      paths: ['/entries', '/balance'],
    }),
  },
  'demo/fraud': {
    tags: ['4.0.2'],
    program: worker(55, 260, 3100, ['scored 120 payments', 'model reloaded', 'no alerts']),
  },
  'demo/notify': {
    tags: ['1.0.5'],
    program: worker(12, 48, 5200, ['sent 14 messages', 'queue empty', 'sent 3 messages']),
  },
  'demo/reindex': { tags: ['1.1.0'], program: reindex },
  'demo/redis': { tags: ['7.4.0'], program: worker(18, 64, 60_000, ['background saving started', 'DB saved on disk']) },
  'demo/postgres': {
    tags: ['16.4'],
    program: worker(70, 420, 30_000, ['checkpoint complete', 'automatic vacuum of table orders']),
  },
  'demo/timescale': { tags: ['2.15.0'], program: timescale },
  'demo/collector': { tags: ['0.98.0'], program: worker(60, 180, 15_000, ['scraped 46 targets', 'wrote 1 block']) },
  'demo/dashboards': {
    tags: ['11.1.0'],
    program: webService('dashboards', {
      cpuMillicores: 15,
      memoryMebibytes: 120,
      everyMs: 6000,
      paths: ['/api/health', '/d/shop'],
    }),
  },
  'demo/log-shipper': {
    tags: ['3.0.3'],
    program: worker(14, 56, 10_000, ['shipped 512 records', 'shipped 204 records']),
  },
  'demo/node-agent': { tags: ['1.0.0'], program: worker(8, 24, 20_000, ['node healthy', 'checked 9 units']) },
  'demo/dns': { tags: ['1.11.3'], program: worker(9, 30, 60_000, ['cache refreshed', 'answered 4102 queries']) },
  'demo/metrics-server': { tags: ['0.9.0'], program: worker(12, 40, 15_000, ['scraped 4 nodes']) },
  'demo/ingress': {
    tags: ['1.11.2'],
    program: webService('ingress', { cpuMillicores: 50, memoryMebibytes: 95, everyMs: 800, paths: shopPaths }),
  },
  'demo/import-prices': { tags: ['2.0.0'], program: importer },
  'demo/report': {
    tags: ['1.3.0'],
    program: shortJob(['collecting sales of yesterday', 'writing report', 'report written: 1842 orders'], 6000),
  },
  'demo/migrate': {
    tags: ['42'],
    program: shortJob(['applying 0041', 'applying 0042', 'database is at version 42'], 4200),
  },
  'demo/backup': { tags: ['1.0.0'], program: shortJob(['dumping database', 'compressing', 'backup stored'], 9000) },
};
