import type { PrinterColumn } from '../projectors/index.ts';
import { eachField, eachItem, readJsonList, textValue } from '../reflector/jsonStream.ts';
import { ApiFailure, type Transport } from '../transport/index.ts';

/** Printer columns by `version.resource.group`. */
export type PrinterColumns = ReadonlyMap<string, readonly PrinterColumn[]>;

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
  const columns = new Map<string, readonly PrinterColumn[]>();
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

function readDefinition(
  bytes: Uint8Array,
  start: number,
  end: number,
  into: Map<string, readonly PrinterColumn[]>,
): void {
  let group = '';
  let resource = '';
  const versions: { name: string; columns: readonly PrinterColumn[] }[] = [];
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
  for (const { name, columns } of versions) into.set(printerKey(group, name, resource), columns);
}

function readVersion(bytes: Uint8Array, start: number, end: number) {
  let name = '';
  let columns: readonly PrinterColumn[] = [];
  eachField(bytes, start, end, (field, from, to) => {
    if (field === 'name') name = textValue(bytes, from, to);
    else if (field === 'additionalPrinterColumns') {
      const all: unknown = JSON.parse(new TextDecoder().decode(bytes.subarray(from, to)));
      columns = Array.isArray(all) ? all.map(toColumn) : [];
    }
  });
  return { name, columns };
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
