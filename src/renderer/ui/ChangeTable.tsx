import styles from './changes.module.css';
import { legible } from './legible.ts';
import { t } from './text.ts';

export interface FieldChange {
  /** JSON pointer. */
  path: string;
  /** Absent where there was nothing. */
  before?: unknown;
  after?: unknown;
}

/** Fields with what they were and what they are. */
export function ChangeTable({ changes }: { changes: readonly FieldChange[] }) {
  if (changes.length === 0) return null;
  return (
    <table className={styles.changes}>
      <tbody>
        {changes.map(({ path, before, after }) => (
          <tr key={path}>
            <th scope="row">{legible(pathText(path))}</th>
            <td data-lines={isLong(before) || isLong(after)}>
              {before !== undefined && <del>{valueText(before)}</del>}
              {after !== undefined && <ins>{valueText(after)}</ins>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** `spec.replicas`; the whole object for the root. */
function pathText(pointer: string): string {
  if (pointer === '') return t('ui.wholeObject');
  return pointer
    .slice(1)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .join('.');
}

/** Stands better in lines of its own than behind what it was before. */
function isLong(value: unknown): boolean {
  return value !== undefined && (valueText(value).length > 60 || valueText(value).includes('\n'));
}

/** More of a value is not read in a table. Characters. */
const longest = 600;

function valueText(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value, null, typeof value === 'object' ? 1 : 0);
  return legible(text.length > longest ? `${text.slice(0, longest)}…` : text);
}
