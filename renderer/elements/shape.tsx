export type ShapeName =
  'healthy' | 'warning' | 'critical' | 'unknown' | 'pending' | 'completed' | 'note' | 'unreachable';

interface Props {
  readonly name: ShapeName;
  /** px; 12 beside text, 10 in badges. */
  readonly size?: number;
}

/** The look's shapes in a 12 px box. Decoration: the word beside it says the same. */
export function Shape({ name, size = 12 }: Props) {
  return (
    <svg className={`shape shape-${name}`} width={size} height={size} viewBox="0 0 12 12" aria-hidden="true">
      {drawings[name]}
    </svg>
  );
}

const ring = <circle cx="6" cy="6" r="4.9" fill="none" stroke="currentColor" strokeWidth="1.2" />;
const cut = {
  fill: 'none',
  stroke: 'var(--bg1)',
  strokeWidth: 1.5,
  strokeLinecap: 'round',
  strokeLinejoin: 'round',
} as const;
const line = { ...cut, stroke: 'currentColor', strokeWidth: 1.2 } as const;

const drawings: Record<ShapeName, React.ReactNode> = {
  healthy: (
    <>
      <circle cx="6" cy="6" r="5.5" fill="currentColor" />
      <path d="M3.6 6.2 5.3 7.9 8.5 4.5" {...cut} />
    </>
  ),
  warning: (
    <>
      <path d="M6 .9 11.6 11H.4z" fill="currentColor" stroke="currentColor" strokeLinejoin="round" strokeWidth=".8" />
      <path d="M6 4.4v3M6 9.2v.1" {...cut} />
    </>
  ),
  critical: (
    <>
      <path d="M3.7.5h4.6l3.2 3.2v4.6l-3.2 3.2H3.7L.5 8.3V3.7z" fill="currentColor" />
      <path d="m4.2 4.2 3.6 3.6m0-3.6L4.2 7.8" {...cut} />
    </>
  ),
  unknown: (
    <circle cx="6" cy="6" r="4.8" fill="none" stroke="currentColor" strokeWidth="1.4" strokeDasharray="2.1 1.67" />
  ),
  pending: (
    <>
      {ring}
      <path d="M6 1.1a4.9 4.9 0 0 1 0 9.8z" fill="currentColor" />
    </>
  ),
  completed: (
    <>
      {ring}
      <path d="m3.9 6.2 1.5 1.5 2.8-3" {...line} />
    </>
  ),
  note: (
    <>
      {ring}
      <path d="M6 5.6v2.8M6 3.6v.1" {...line} />
    </>
  ),
  unreachable: (
    <>
      {ring}
      <path d="m2.6 9.4 6.8-6.8" {...line} />
    </>
  ),
};
