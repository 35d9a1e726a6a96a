interface Props {
  readonly title: React.ReactNode;
  readonly text: React.ReactNode;
  readonly children?: React.ReactNode;
}

/** A row of a form: what it is, what it means, and its control at the right. */
export function Setting({ title, text, children }: Props) {
  return (
    <div className="setting">
      <div className="setting-words">
        <p className="setting-title">{title}</p>
        <p className="setting-text">{text}</p>
      </div>
      <div className="setting-control">{children}</div>
    </div>
  );
}
