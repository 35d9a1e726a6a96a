/**
 * Which form of answer a client gets. `Accept` is read as the real server reads it: `q` decides, then order. Protobuf is
 * taken as acceptable and answered in JSON, which every client that asks for it reads by the answer's content type.
 */
import { ApiError, notAcceptable } from './errors.ts';

/** Asked forms of an object: itself, a Table, its metadata alone, aggregated discovery. */
export type Shape = 'plain' | 'Table' | 'PartialObjectMetadata' | 'PartialObjectMetadataList' | 'APIGroupDiscoveryList';

export interface Form {
  format: 'json' | 'yaml';
  shape: Shape;
}

interface MediaRange {
  type: string;
  parameters: Map<string, string>;
  quality: number;
}

const objectTypes = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf'];
const shapes: Record<string, { shape: Shape; group: string; versions: string[] }> = {
  Table: { shape: 'Table', group: 'meta.k8s.io', versions: ['v1', 'v1beta1'] },
  PartialObjectMetadata: { shape: 'PartialObjectMetadata', group: 'meta.k8s.io', versions: ['v1', 'v1beta1'] },
  PartialObjectMetadataList: { shape: 'PartialObjectMetadataList', group: 'meta.k8s.io', versions: ['v1', 'v1beta1'] },
};

function parseAccept(accept: string): MediaRange[] {
  const ranges = accept.split(',').map((part) => {
    const [type = '', ...rest] = part.split(';').map((text) => text.trim());
    const parameters = new Map(rest.map((text) => text.split('=') as [string, string]));
    return { type: type.toLowerCase(), parameters, quality: Number(parameters.get('q') ?? 1) };
  });
  return ranges.filter((range) => range.quality > 0).sort((one, other) => other.quality - one.quality);
}

/** The form of an object or list. @throws ApiError 406. */
export function negotiateObject(accept: string | undefined, isList = true): Form {
  if (!accept?.trim()) return { format: 'json', shape: 'plain' };
  let isKnownType = false;
  for (const { type, parameters } of parseAccept(accept)) {
    if (type !== '*/*' && !objectTypes.includes(type)) continue;
    isKnownType = true;
    const format = type === 'application/yaml' ? 'yaml' : 'json';
    const as = parameters.get('as');
    if (as === undefined) return { format, shape: 'plain' };
    const known = Object.hasOwn(shapes, as) ? shapes[as] : undefined;
    if (!known || known.group !== parameters.get('g') || !known.versions.includes(parameters.get('v') ?? '')) continue;
    if (type === 'application/vnd.kubernetes.protobuf' && as === 'Table') continue;
    return { format, shape: known.shape };
  }
  if (isKnownType) throw notAcceptable(objectTypes);
  const streams = ['application/json;stream=watch', 'application/vnd.kubernetes.protobuf;stream=watch'];
  throw unrepresentable(isList ? [...objectTypes, ...streams] : objectTypes);
}

/** The form of /api and /apis: plain lists, or aggregated discovery v2 where asked first. */
export function negotiateDiscovery(accept: string | undefined): Form {
  for (const { type, parameters } of accept?.trim() ? parseAccept(accept) : []) {
    if (parameters.get('as') === 'APIGroupDiscoveryList') {
      const isServed = parameters.get('g') === 'apidiscovery.k8s.io' && parameters.get('v') === 'v2';
      if (isServed && objectTypes.includes(type)) return { format: 'json', shape: 'APIGroupDiscoveryList' };
    } else if (type === '*/*' || objectTypes.includes(type)) {
      return { format: type === 'application/yaml' ? 'yaml' : 'json', shape: 'plain' };
    }
  }
  return { format: 'json', shape: 'plain' };
}

function unrepresentable(available: string[]): ApiError {
  const message = `406: Not Acceptable\n\nAvailable representations: ${available.join(', ')}`;
  return new ApiError(406, 'NotAcceptable', message, {});
}

/** Whether the client takes gzip: only the bare token counts. */
export function acceptsGzip(acceptEncoding: string | undefined): boolean {
  return (acceptEncoding ?? '').split(',').some((part) => part.trim() === 'gzip');
}
