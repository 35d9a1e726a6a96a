const pad = (value: number) => String(value).padStart(2, '0');

/** '14:08' of the local day. */
export function clock(at: number): string {
  const date = new Date(at);
  return `${pad(date.getHours())}:${pad(date.getMinutes())}`;
}

/** '14:08:31'. */
export function clockSeconds(at: number): string {
  return `${clock(at)}:${pad(new Date(at).getSeconds())}`;
}

/** '12 s ago', '14 min ago', '3 h ago', '2 d ago'; 'now' under two seconds. */
export function ago(at: number, now: number): string {
  const seconds = Math.max(0, Math.floor((now - at) / 1000));
  if (seconds < 2) return 'now';
  if (seconds < 60) return `${String(seconds)} s ago`;
  if (seconds < 3600) return `${String(Math.floor(seconds / 60))} min ago`;
  if (seconds < 86_400) return `${String(Math.floor(seconds / 3600))} h ago`;
  return `${String(Math.floor(seconds / 86_400))} d ago`;
}

const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const;

/** 'Today', 'Yesterday', the weekday within a week, else '2026-11-03'. */
export function dayName(at: number, now: number): string {
  const date = new Date(at);
  const midnight = new Date(now).setHours(0, 0, 0, 0);
  const back = Math.round((midnight - new Date(at).setHours(0, 0, 0, 0)) / 86_400_000);
  if (back <= 0) return 'Today';
  if (back === 1) return 'Yesterday';
  if (back < 7) return days[date.getDay()] ?? '';
  return `${String(date.getFullYear())}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
}

/** '0.4 s', '12 ms', '1 min 5 s'. */
export function duration(ms: number): string {
  if (ms < 100) return `${String(Math.round(ms))} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  return `${String(Math.floor(ms / 60_000))} min ${String(Math.round((ms % 60_000) / 1000))} s`;
}
