import { Shape, type ShapeName } from './shape.tsx';

interface Props {
  readonly kind?: ShapeName | 'plain' | 'accent' | 'unguarded';
  readonly children: React.ReactNode;
}

/** 18 px high: a shape where it means health, and a word. */
export function Badge({ kind = 'plain', children }: Props) {
  const shape = kind === 'plain' || kind === 'accent' || kind === 'unguarded' ? null : kind;
  return (
    <span className={`badge badge-${kind}`}>
      {shape !== null && <Shape name={shape} size={10} />}
      {children}
    </span>
  );
}
