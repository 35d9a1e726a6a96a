interface Props {
  /** 'Ctrl K': one box per word. */
  readonly keys: string;
}

export function Keys({ keys }: Props) {
  return (
    <span className="keys">
      {keys.split(' ').map((key) => (
        <kbd key={key}>{key}</kbd>
      ))}
    </span>
  );
}
