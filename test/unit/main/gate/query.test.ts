import { describe, expect, it } from 'vitest';
import { readQuery, writeQuery } from '../../../../main/gate/query.ts';

describe('a query', () => {
  it.each(['a=1;b=2', '?a=1', 'a=1?b', 'a=%zz', 'a=%', '%zz=1'])(
    'that servers read differently is refused: %s',
    (query) => {
      expect(() => readQuery(query)).toThrow();
    },
  );

  it('is written in one canonical form', () => {
    expect(writeQuery(readQuery('b=2&a=x%20y+z&&c'))).toBe('a=x%20y%20z&b=2&c=');
  });

  it('keeps the order of a repeated key, which is a command', () => {
    expect(writeQuery(readQuery('stdout=true&command=sh&command=-c&command=a%26b'))).toBe(
      'command=sh&command=-c&command=a%26b&stdout=true',
    );
  });

  it('means the same after writing and reading again', () => {
    const query =
      'labelSelector=a%20in%20(b%2Cc)%2Cd!%3De&fieldSelector=metadata.name%3Dx%25y%2Bz&continue=a%2Fb%3D%3D';
    const read = readQuery(query);
    expect([...readQuery(writeQuery(read))].sort()).toEqual([...read].sort());
  });
});
