interface Props extends React.ComponentProps<'button'> {
  readonly look?: 'default' | 'primary' | 'quiet' | 'danger';
  readonly size?: 'normal' | 'small';
}

export function Button({ look = 'default', size = 'normal', className = '', ...rest }: Props) {
  return <button type="button" className={`button button-${look} button-${size} ${className}`} {...rest} />;
}
