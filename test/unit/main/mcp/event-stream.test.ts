import { describe, expect, it } from 'vitest';
import { eventData } from '../../../../main/mcp/event-stream.ts';

const data = (text: string) => eventData(Buffer.from(text));

describe('a finished event stream', () => {
  it('gives the data of each event, in order', () => {
    expect(data('event: message\ndata: {"a":1}\n\ndata: {"b":2}\n\n')).toEqual(['{"a":1}', '{"b":2}']);
  });

  it('joins several data lines of one event and takes CRLF', () => {
    expect(data('data: a\r\ndata:b\r\n\r\n')).toEqual(['a\nb']);
  });

  it('leaves comments, ids and events without data out', () => {
    expect(data(': ok\n\nid: 7\nretry: 5\n\ndata: x\nid: 8\n\n')).toEqual(['x']);
  });

  it('leaves out an event that was cut off, so that half an answer is not taken for one', () => {
    expect(data('data: whole\n\ndata: {"half":')).toEqual(['whole']);
    expect(data('data: whole\n\ndata: {"half":1}\n')).toEqual(['whole']);
  });

  it('reads characters of several bytes', () => {
    expect(data('data: "häuschen 🏠"\n\n')).toEqual(['"häuschen 🏠"']);
  });
});
