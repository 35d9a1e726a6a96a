/** The printer that `-o` names; null for tables. Each takes one object or a List and gives kubectl's text. */
import { CommandError, invalid, unsupported } from '../command-error.ts';
import { isList, isObject, listAt, textAt, type Json } from '../exact-json.ts';
import { CustomColumns } from './custom-columns.ts';
import { GoTemplate } from './go-template.ts';
import { printJson } from './json.ts';
import { JsonPath, TemplateError } from './jsonpath.ts';
import { printYaml } from './yaml.ts';

export interface Printer {
  readonly language: 'yaml' | 'json' | null;
  print(object: Json): string;
}

export interface PrinterOptions {
  readonly managedFields: boolean;
  /** A missing key ends a template. */
  readonly strict: boolean;
  readonly headers?: boolean;
}

const allowed =
  'custom-columns,custom-columns-file,go-template,go-template-file,json,jsonpath,jsonpath-as-json,jsonpath-file,kyaml,name,template,templatefile,wide,yaml';

/** Throws CommandError for a format that kubectl does not know, or a template that cannot be read. */
export function printerOf(
  { format, argument }: { readonly format: string; readonly argument: string },
  options: PrinterOptions,
): Printer | null {
  const visible = (object: Json): Json => (options.managedFields ? object : withoutManagedFields(object));
  switch (format) {
    case '':
    case 'wide':
      return null;
    case 'yaml':
      return { language: 'yaml', print: (object) => printYaml(visible(object)) };
    case 'json':
      return { language: 'json', print: (object) => printJson(visible(object)) };
    case 'name':
      return { language: null, print: (object) => itemsOrSelf(object).map(nameLine).join('') };
    case 'jsonpath':
    case 'jsonpath-as-json':
      return jsonPathPrinter(format, argument, options);
    case 'custom-columns':
      return columnsPrinter(argument, options.headers ?? true);
    case 'go-template':
    case 'template':
      return templatePrinter(argument, options);
    case 'jsonpath-file':
    case 'custom-columns-file':
    case 'go-template-file':
    case 'templatefile':
      throw unsupported('files are not read here', 'Give the template itself, in single quotes.');
    case 'kyaml':
      throw unsupported('this version of the app does not print kyaml', 'Use -o yaml.');
    default:
      throw invalid(
        `unable to match a printer suitable for the output format "${format}", allowed formats are: ${allowed}`,
        'Use one of these formats.',
      );
  }
}

function jsonPathPrinter(format: string, argument: string, options: PrinterOptions): Printer {
  if (argument === '')
    throw invalid('template format specified but no template given', 'Give it as -o jsonpath={...}.');
  const read = (): JsonPath => {
    try {
      return new JsonPath(argument, { allowMissing: !options.strict });
    } catch (error) {
      throw asTemplateFailure(error, (text) => `error: error parsing jsonpath ${argument}, ${text}`);
    }
  };
  const path = read();
  return {
    language: format === 'jsonpath-as-json' ? 'json' : null,
    print: (object) => {
      try {
        return format === 'jsonpath' ? path.print(object) : path.printAsJson(object);
      } catch (error) {
        throw asTemplateFailure(
          error,
          (text) => `error: error executing jsonpath ${JSON.stringify(argument)}: Error executing template: ${text}.`,
        );
      }
    },
  };
}

function columnsPrinter(argument: string, headers: boolean): Printer {
  const attempt = <T>(make: () => T): T => {
    try {
      return make();
    } catch (error) {
      throw asTemplateFailure(error, (text) => `error: ${text}`);
    }
  };
  const columns = attempt(() => new CustomColumns(argument));
  return { language: null, print: (object) => attempt(() => columns.print(itemsOrSelf(object), headers)) };
}

function templatePrinter(argument: string, options: PrinterOptions): Printer {
  if (argument === '')
    throw invalid('template format specified but no template given', 'Give it as -o go-template={{...}}.');
  const attempt = <T>(make: () => T, what: string): T => {
    try {
      return make();
    } catch (error) {
      throw asTemplateFailure(error, (text) => `error: error ${what} template ${JSON.stringify(argument)}: ${text}`);
    }
  };
  const template = attempt(() => new GoTemplate(argument, { strict: options.strict }), 'parsing');
  return { language: null, print: (object) => attempt(() => template.print(object), 'executing') };
}

function asTemplateFailure(error: unknown, say: (text: string) => string): unknown {
  if (!(error instanceof TemplateError)) return error;
  return new CommandError('command.invalid', say(error.message), 'Correct the template and run the command again.', {
    cause: error,
  });
}

function nameLine(object: Json): string {
  const [group = ''] = textAt(object, 'apiVersion').includes('/') ? textAt(object, 'apiVersion').split('/') : [''];
  const kind = textAt(object, 'kind').toLowerCase();
  return `${group === '' ? kind : `${kind}.${group}`}/${textAt(object, 'metadata', 'name')}\n`;
}

export function itemsOrSelf(object: Json): readonly Json[] {
  return textAt(object, 'kind').endsWith('List') && isObject(object) && isList(object['items'])
    ? listAt(object, 'items')
    : [object];
}

/** managedFields are for controllers; kubectl leaves them out of YAML and JSON. */
export function withoutManagedFields(object: Json): Json {
  if (!isObject(object)) return object;
  const { metadata, items } = object;
  const own =
    isObject(metadata) && 'managedFields' in metadata
      ? { metadata: Object.fromEntries(Object.entries(metadata).filter(([key]) => key !== 'managedFields')) }
      : {};
  return { ...object, ...own, ...(isList(items) ? { items: items.map(withoutManagedFields) } : {}) };
}
