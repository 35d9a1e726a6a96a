import type { Json } from '../exact-json.ts';
import { goText } from './go-value.ts';
import { JsonPath, relaxed, TemplateError } from './jsonpath.ts';
import { alignCells, tableStops } from './tabwriter.ts';

/** `-o custom-columns=NAME:.metadata.name,...`. Throws TemplateError. */
export class CustomColumns {
  readonly #columns: readonly { readonly header: string; readonly path: JsonPath }[];

  constructor(spec: string) {
    if (spec === '') throw new TemplateError('custom-columns format specified but no custom columns given');
    this.#columns = spec.split(',').map((part) => {
      const at = part.indexOf(':');
      if (at < 0)
        throw new TemplateError(`unexpected custom-columns spec: ${part}, expected <header>:<json-path-expr>`);
      return { header: part.slice(0, at), path: new JsonPath(relaxed(part.slice(at + 1))) };
    });
  }

  print(objects: readonly Json[], headers: boolean): string {
    const lines = objects.map((object) => this.#columns.map(({ path }) => cell(path.find(object))));
    if (headers) lines.unshift(this.#columns.map(({ header }) => header));
    return lines.length === 0 ? '' : alignCells(lines, tableStops);
  }
}

function cell(found: readonly (readonly Json[])[]): string {
  if (found.length === 0 || found[0]?.length === 0) return ['<none>', ...found.slice(1).flat().map(goText)].join(',');
  return found.flat().map(goText).join(',').replaceAll('\x1b', '^[');
}
