import type { Cell, ColumnInfo } from '../../../core/cluster/resources/contract.ts';
import { formatBytes, formatCount, formatDuration, formatMillicores, formatTime, t } from '../../ui/index.ts';

/** Numbers, quantities and ages stand right, so that their digits line up. */
export function isRightAligned(column: Pick<ColumnInfo, 'type' | 'unit'>): boolean {
  return column.type === 'time' || (column.type === 'number' && column.unit !== 'flag');
}

/** A number with its unit: `250m`, `1.5 Gi`, `3d4h`, `42 %`, `yes`. */
export function formatNumber(value: number, unit: ColumnInfo['unit']): string {
  switch (unit) {
    case 'bytes':
      return formatBytes(value);
    case 'millicores':
      return formatMillicores(value);
    case 'seconds':
      return formatDuration(value * 1000);
    case 'percent':
      return `${Number(value.toFixed(1))} %`;
    case 'flag':
      return t(value === 0 ? 'resources.kindFacts.no' : 'resources.kindFacts.yes');
    default:
      return formatCount(value);
  }
}

/** A cell as plain text for the clipboard: what is shown, except that instants are exact. */
export function cellText(cell: Cell | undefined, column: Pick<ColumnInfo, 'type' | 'unit'>, timeZone: string): string {
  if (cell === null || cell === undefined || cell === '') return '';
  if (typeof cell === 'string') return cell.replaceAll('\n', ' ');
  return column.type === 'time' ? formatTime(cell, timeZone) : formatNumber(cell, column.unit);
}

/** `2/3`, `1/1`: what is there of what is wanted. Null for any other text. */
export function readFraction(text: string): { part: number; whole: number } | null {
  const match = /^(\d+)\/(\d+)$/.exec(text);
  return match === null ? null : { part: Number(match[1]), whole: Number(match[2]) };
}

/** Labels as the store keeps them: one `key=value` a line. */
export function readLabels(text: string): { key: string; value: string }[] {
  if (text === '') return [];
  return text.split('\n').map((line) => {
    const cut = line.indexOf('=');
    return cut < 0 ? { key: line, value: '' } : { key: line.slice(0, cut), value: line.slice(cut + 1) };
  });
}

/** A label's key without its domain, as it is shown where room is short. */
export function shortKey(key: string): string {
  return key.slice(key.lastIndexOf('/') + 1);
}
