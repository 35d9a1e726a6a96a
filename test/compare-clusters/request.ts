/** One request of the list. `NS` in path and body is the namespace made for the comparison. */
export interface Request {
  name: string;
  method: string;
  path: string;
  accept?: string;
  contentType?: string;
  body?: unknown;
  headers?: Record<string, string>;
  /** Ends a stream after so long. */
  stopAfterMs?: number;
  /** Asked again, up to a minute, until both answers satisfy it. */
  until?: (body: unknown) => boolean;
  /** What the list holds belongs to each cluster: only the list itself is compared. */
  contentsDiffer?: boolean;
  /** Known differences, each with its reason: the path of the difference (or its beginning) → why. */
  differs?: Record<string, string>;
}

export const asTable = 'application/json;as=Table;v=v1;g=meta.k8s.io';
export const asMetadata = 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io';
export const asMetadataList = 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io';
export const aggregated = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

export const get = (path: string, more: Partial<Request> = {}): Request => ({
  name: `GET ${path}${more.accept ? ` as ${more.accept.replace('application/json;', '')}` : ''}`,
  method: 'GET',
  path,
  ...more,
});

export const post = (name: string, path: string, body: unknown, more: Partial<Request> = {}): Request => ({
  name: `POST ${path}: ${name}`,
  method: 'POST',
  path,
  body,
  ...more,
});

export const put = (name: string, path: string, body: unknown, more: Partial<Request> = {}): Request => ({
  name: `PUT ${path}: ${name}`,
  method: 'PUT',
  path,
  body,
  ...more,
});

type PatchType = 'merge' | 'json' | 'strategic' | 'apply';

const patchTypes: Record<PatchType, string> = {
  merge: 'application/merge-patch+json',
  json: 'application/json-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  apply: 'application/apply-patch+yaml',
};

export const patch = (
  type: PatchType,
  name: string,
  path: string,
  body: unknown,
  more: Partial<Request> = {},
): Request => ({
  name: `PATCH (${type}) ${path}: ${name}`,
  method: 'PATCH',
  path,
  body,
  contentType: patchTypes[type],
  ...more,
});

export const remove = (name: string, path: string, body?: unknown, more: Partial<Request> = {}): Request => ({
  name: `DELETE ${path}: ${name}`,
  method: 'DELETE',
  path,
  ...(body === undefined ? {} : { body }),
  ...more,
});
