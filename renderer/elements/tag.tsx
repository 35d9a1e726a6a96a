import { Lock } from 'lucide-react';

interface Props {
  readonly kind: 'production' | 'demo' | 'read-only';
}

/** What kind of cluster this is, in a word; production is filled, the others outlined. */
export function Tag({ kind }: Props) {
  return (
    <span className={`tag tag-${kind}`}>
      {kind === 'read-only' && <Lock size={10} aria-hidden="true" />}
      {kind}
    </span>
  );
}
