import { useEffect, useRef } from 'react';
import { closeOverlay } from './store.ts';

interface Props {
  /** Its accessible name. */
  readonly label: string;
  readonly children: React.ReactNode;
}

/** A native modal dialog: the browser keeps the focus in it, closes it on Escape and gives the focus back. */
export function Overlay({ label, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      className="overlay popover"
      aria-label={label}
      onCancel={closeOverlay}
      onClose={closeOverlay}
      onClick={(event) => {
        if (event.target === event.currentTarget) closeOverlay();
      }}
    >
      <div className="overlay-body">{children}</div>
    </dialog>
  );
}
