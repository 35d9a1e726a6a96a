const lineFeed = 0x0a;

/**
 * The `data` of every event of a finished event stream (text/event-stream), in order. Works on bytes, so that a line of
 * 10 MB is decoded once. An event that was cut off is left out, as the format says.
 */
export function eventData(stream: Buffer): string[] {
  const events: string[] = [];
  let lines: string[] = [];
  for (let from = 0; from < stream.length;) {
    const end = stream.indexOf(lineFeed, from);
    if (end === -1) break;
    const line = stream.subarray(from, stream[end - 1] === 0x0d ? end - 1 : end);
    from = end + 1;
    if (line.length === 0) {
      if (lines.length > 0) events.push(lines.join('\n'));
      lines = [];
    } else if (line.subarray(0, 5).equals(dataField)) {
      lines.push(line.toString('utf8', line[5] === 0x20 ? 6 : 5));
    }
  }
  return events;
}

const dataField = Buffer.from('data:');
