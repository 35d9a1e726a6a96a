import type { Difference } from './answers.ts';
import type { Request } from './request.ts';

/** Differences that are known everywhere: a pattern of the path, and why it is so. */
const everywhere: [RegExp, string][] = [
  [
    /managedFields(\[\]\.subresource)?$/,
    "the demo keeps managedFields of what clients write, its own controllers' writes leave none; reviews have none at all",
  ],
  [
    /status\.resources\.limits$/,
    'a real kubelet reports limits that nobody set, the size of all memory, and only a while after the start',
  ],
  [
    /annotations$/,
    "some of the controllers' own annotations come and go with the time of the last change (endpoints), or tell the story (the demo)",
  ],
];

/** Why a difference is known, or undefined where it is not. */
export function reasonFor(request: Request, difference: Difference): string | undefined {
  for (const [path, why] of Object.entries(request.differs ?? {})) if (difference.path.startsWith(path)) return why;
  return everywhere.find(([pattern]) => pattern.test(difference.path))?.[1];
}
