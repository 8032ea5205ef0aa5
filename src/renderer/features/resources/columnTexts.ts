import type { ColumnInfo } from '../../../core/cluster/resources/contract.ts';
import { hasText, t } from '../../ui/text.ts';
import { kindParts } from './scopes.ts';

/** Columns that every kind has: custom ones too, whose other columns are named by whoever defined them. */
const shared = new Set(['name', 'namespace', 'status', 'reason', 'created', 'deleting', 'labels', 'owner', 'cluster']);

/**
 * A column as it is called in the user's language: by kind and id where a kind has its own word for it, else by id, else
 * as the engine calls it. What a custom resource's definition names keeps that name.
 */
export function inWords(column: ColumnInfo, kind: string, custom: boolean): ColumnInfo {
  if (custom && !shared.has(column.id)) return column;
  const { resource } = kindParts(kind);
  const own = `columns.of.${resource}.${column.id}`;
  const title = first([`${own}.title`, `columns.title.${column.id}`]);
  const about = first([`${own}.about`, ...(shared.has(column.id) ? [`columns.about.${column.id}`] : [])]);
  if (title === undefined && about === undefined) return column;
  return {
    ...column,
    title: title ?? column.title,
    ...((about ?? column.description) !== undefined && { description: about ?? column.description }),
  };
}

function first(keys: readonly string[]): string | undefined {
  const key = keys.find(hasText);
  return key === undefined ? undefined : t(key);
}
