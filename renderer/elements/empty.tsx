import type { LucideIcon } from 'lucide-react';

interface Props {
  readonly icon: LucideIcon;
  readonly title: string;
  readonly text: string;
  readonly children?: React.ReactNode;
}

export function Empty({ icon: Icon, title, text, children }: Props) {
  return (
    <div className="empty">
      <Icon size={20} strokeWidth={1.5} aria-hidden="true" />
      <p className="empty-title">{title}</p>
      <p className="empty-text">{text}</p>
      {children !== undefined && <div className="empty-actions">{children}</div>}
    </div>
  );
}
