import type { SelfCheck } from '../../shared/self-check.ts';

/** The check as text to send to someone. It holds no keys, tokens or Secret values: the check never had them. */
export function reportOf(check: SelfCheck): string {
  const versions = check.versions.map(
    ({ part, version, detail }) => `${part} ${version}${detail === '' ? '' : ` (${detail})`}`,
  );
  const clusters = check.clusters.flatMap((cluster) => [
    '',
    `${cluster.name} ${cluster.version ?? 'does not answer'}`,
    ...cluster.hops.map((hop) => {
      const took = hop.ms === null ? '' : ` (${String(Math.round(hop.ms))} ms)`;
      return `  ${hop.outcome.padEnd(9)} ${hop.name}: ${hop.evidence}${took}${hop.remedy === null ? '' : `\n            ${hop.remedy}`}`;
    }),
  ]);
  return [`AI4K8s self-check ${new Date(check.at).toISOString()}`, ...versions, ...clusters, ''].join('\n');
}
