/** The next minute that a cron schedule names. */

interface Field {
  min: number;
  max: number;
  names: string[];
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const fields: Field[] = [
  { min: 0, max: 59, names: [] },
  { min: 0, max: 23, names: [] },
  { min: 1, max: 31, names: [] },
  { min: 1, max: 12, names: ['', ...months] },
  { min: 0, max: 7, names: days },
];

const macros: Record<string, string> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

function parseField(text: string, { min, max, names }: Field): Set<number> | undefined {
  const values = new Set<number>();
  const number = (part: string): number => {
    const named = names.indexOf(part.toLowerCase());
    return named >= 0 && part !== '' ? named : Number(part);
  };
  for (const item of text.split(',')) {
    const [range = '', stepText] = item.split('/');
    const step = stepText === undefined ? 1 : Number(stepText);
    const [fromText = '', toText] = range === '*' || range === '?' ? [String(min), String(max)] : range.split('-');
    const from = number(fromText);
    const to = toText === undefined ? (stepText === undefined ? from : max) : number(toText);
    const isValid = [from, to, step].every(Number.isInteger) && from >= min && to <= max && from <= to && step > 0;
    if (!isValid) return undefined;
    for (let value = from; value <= to; value += step) values.add(value);
  }
  return values;
}

/**
 * The first full minute after `after` (epoch ms, UTC) at which the schedule is due; undefined where the schedule cannot
 * be read or names no minute of the next two years.
 */
export function nextRun(schedule: string, after: number): number | undefined {
  const parts = (macros[schedule.trim()] ?? schedule.trim()).split(/\s+/);
  const sets = parts.map((part, index) => {
    const field = fields[index];
    return field && parseField(part, field);
  });
  const [minutes, hours, monthDays, monthSet, weekDays] = sets;
  if (sets.length !== 5 || !minutes || !hours || !monthDays || !monthSet || !weekDays) return undefined;
  if (weekDays.has(7)) weekDays.add(0);
  const isEither = !parts[2]?.startsWith('*') && !parts[4]?.startsWith('*');
  const limit = after + 2 * 366 * 24 * 60 * 60 * 1000;
  for (let at = Math.floor(after / 60_000) * 60_000 + 60_000; at < limit;) {
    const date = new Date(at);
    const inMonth = monthDays.has(date.getUTCDate());
    const inWeek = weekDays.has(date.getUTCDay());
    const isDay = monthSet.has(date.getUTCMonth() + 1) && (isEither ? inMonth || inWeek : inMonth && inWeek);
    if (!isDay) at = Math.floor(at / 86_400_000) * 86_400_000 + 86_400_000;
    else if (!hours.has(date.getUTCHours())) at = Math.floor(at / 3_600_000) * 3_600_000 + 3_600_000;
    else if (!minutes.has(date.getUTCMinutes())) at += 60_000;
    else return at;
  }
  return undefined;
}
