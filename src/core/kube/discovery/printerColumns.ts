import type { PrinterColumn } from '../projectors/index.ts';
import { eachField, eachItem, readJsonList, textValue } from '../reflector/jsonStream.ts';
import { ApiFailure, type Transport } from '../transport/index.ts';

/** What a definition says of how its objects are shown. */
export interface Printed {
  columns: readonly PrinterColumn[];
  /** Of one without columns: its schema's fields down to those of spec and status, from which columns are guessed. */
  openApi?: unknown;
}

/** By `version.resource.group`. */
export type PrinterColumns = ReadonlyMap<string, Printed>;

export function printerKey(group: string, version: string, resource: string): string {
  return `${version}.${resource}.${group}`;
}

const pageSize = 100;

/**
 * The printer columns of all CustomResourceDefinitions; undefined when they may not be listed. Definitions are mostly
 * schema (megabytes for a large operator), which is walked over, not parsed.
 */
export async function readPrinterColumns(
  transport: Transport,
  signal?: AbortSignal,
): Promise<PrinterColumns | undefined> {
  const columns = new Map<string, Printed>();
  let token = '';
  do {
    const path = `/apis/apiextensions.k8s.io/v1/customresourcedefinitions?limit=${pageSize}${
      token === '' ? '' : `&continue=${encodeURIComponent(token)}`
    }`;
    let body: Uint8Array;
    try {
      body = (await transport.request({ path, signal })).body;
    } catch (error) {
      // Not permitted, not served, or changed while paging: the kinds are then shown with the general columns.
      if (error instanceof ApiFailure && [403, 404, 410].includes(error.status)) return undefined;
      throw error;
    }
    token = readJsonList(body, (bytes, start, end) => readDefinition(bytes, start, end, columns)).continue;
  } while (token !== '');
  return columns;
}

function readDefinition(bytes: Uint8Array, start: number, end: number, into: Map<string, Printed>): void {
  let group = '';
  let resource = '';
  const versions: ({ name: string } & Printed)[] = [];
  eachField(bytes, start, end, (name, from, to) => {
    if (name !== 'spec') return;
    eachField(bytes, from, to, (field, valueStart, valueEnd) => {
      if (field === 'group') group = textValue(bytes, valueStart, valueEnd);
      else if (field === 'names') {
        eachField(bytes, valueStart, valueEnd, (part, partStart, partEnd) => {
          if (part === 'plural') resource = textValue(bytes, partStart, partEnd);
        });
      } else if (field === 'versions') {
        eachItem(bytes, valueStart, valueEnd, (_, versionStart, versionEnd) => {
          versions.push(readVersion(bytes, versionStart, versionEnd));
        });
      }
    });
  });
  for (const { name, ...printed } of versions) into.set(printerKey(group, name, resource), printed);
}

function readVersion(bytes: Uint8Array, start: number, end: number): { name: string } & Printed {
  let name = '';
  let columns: readonly PrinterColumn[] = [];
  let schema: [start: number, end: number] | undefined;
  eachField(bytes, start, end, (field, from, to) => {
    if (field === 'name') name = textValue(bytes, from, to);
    else if (field === 'additionalPrinterColumns') {
      const all: unknown = JSON.parse(new TextDecoder().decode(bytes.subarray(from, to)));
      columns = Array.isArray(all) ? all.map(toColumn) : [];
    } else if (field === 'schema') schema = [from, to];
  });
  if (columns.length > 0 || schema === undefined) return { name, columns };
  let openApi: unknown;
  eachField(bytes, ...schema, (field, from, to) => {
    if (field === 'openAPIV3Schema') openApi = outline(bytes, from, to, ['spec', 'status']);
  });
  return { name, columns, openApi };
}

const openBrace = 0x7b;

/** The names of a schema's properties; of those that are listed, what is in them, too. */
function outline(bytes: Uint8Array, start: number, end: number, into: readonly string[]): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  if (bytes[start] !== openBrace) return found;
  eachField(bytes, start, end, (field, from, to) => {
    if (field === 'x-kubernetes-preserve-unknown-fields') found[field] = bytes[from] === 0x74;
    else if (field === 'properties') {
      const properties: Record<string, unknown> = {};
      eachField(bytes, from, to, (name, valueStart, valueEnd) => {
        properties[name] = into.includes(name) ? outline(bytes, valueStart, valueEnd, []) : {};
      });
      found.properties = properties;
    }
  });
  return found;
}

function toColumn(value: unknown): PrinterColumn {
  const column = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  const text = (name: string) => (typeof column[name] === 'string' ? (column[name] as string) : '');
  return {
    name: text('name'),
    type: text('type'),
    description: text('description'),
    priority: typeof column.priority === 'number' ? column.priority : 0,
    jsonPath: text('jsonPath'),
  };
}
