import { LoaderCircle } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Button } from './button.tsx';

interface Props {
  /** What is being done, in a word or two. */
  readonly text: string;
  /** Epoch ms. */
  readonly since: number;
  readonly onCancel?: (() => void) | undefined;
}

/** Work that takes time: nothing for 150 ms, then the word, after a second the seconds and Cancel beside it. */
export function Progress({ text, since, onCancel }: Props) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 100);
    return () => clearInterval(timer);
  }, []);
  const elapsed = now - since;
  if (elapsed < 150) return <div className="progress" aria-busy="true" />;
  return (
    <div className="progress" aria-busy="true">
      <LoaderCircle className="turning" size={14} aria-hidden="true" />
      <span>{text}</span>
      {elapsed >= 1000 && <span className="progress-time">{(elapsed / 1000).toFixed(1)} s</span>}
      {elapsed >= 1000 && onCancel !== undefined && (
        <Button size="small" onClick={onCancel}>
          Cancel
        </Button>
      )}
    </div>
  );
}
