import type { LucideIcon } from 'lucide-react';

interface Props extends Omit<React.ComponentProps<'button'>, 'children'> {
  readonly icon: LucideIcon;
  /** Its accessible name and tooltip. */
  readonly label: string;
}

export function IconButton({ icon: Icon, label, className = '', ...rest }: Props) {
  return (
    <button type="button" className={`icon-button ${className}`} aria-label={label} title={label} {...rest}>
      <Icon size={16} strokeWidth={1.75} aria-hidden="true" />
    </button>
  );
}
