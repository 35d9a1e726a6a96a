import { useEffect, useRef, type RefObject } from 'react';

/**
 * Keeps the latest item in view while it grows: its end, as long as its beginning stays visible too. It lets go when the
 * person scrolls, and takes hold again with the next item. `count` is of the items, `of` names the conversation.
 */
export function useLatestInView(count: number, of: string | null): RefObject<HTMLDivElement | null> {
  const column = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const scroller = column.current?.parentElement;
    const latest = column.current?.lastElementChild;
    if (scroller == null || latest == null || count === 0) return;
    const hold = () => {
      if (!latest.isConnected) return;
      const { top, bottom } = latest.getBoundingClientRect();
      const view = scroller.getBoundingClientRect();
      scroller.scrollTop += Math.min(bottom - view.bottom + 24, top - view.top - 12);
    };
    const observer = new ResizeObserver(hold);
    // The whole column: what is above the latest item grows too, and pushes it out of view.
    observer.observe(latest.parentElement ?? latest);
    const letGo = () => observer.disconnect();
    const gestures = ['wheel', 'pointerdown', 'keydown', 'touchmove'] as const;
    for (const gesture of gestures) scroller.addEventListener(gesture, letGo, { once: true });
    hold();
    return () => {
      letGo();
      for (const gesture of gestures) scroller.removeEventListener(gesture, letGo);
    };
  }, [count, of]);
  return column;
}
