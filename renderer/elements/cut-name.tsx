interface Props {
  readonly name: string;
}

/** A name that gives way in its middle when its place is narrow: the last seven characters always stay. */
export function CutName({ name }: Props) {
  if (name.length <= 7) return <span>{name}</span>;
  return (
    <span className="cut-name" title={name}>
      <span className="cut-name-head">{name.slice(0, -7)}</span>
      <span>{name.slice(-7)}</span>
    </span>
  );
}
