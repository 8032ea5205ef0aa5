import type { DeliveryDiff } from '../../../core/cluster/gitops/contract.ts';
import { legible } from '../../ui/index.ts';
import css from './gitops.module.css';

/** Fields with what they were and what they are. */
export function ChangeTable({ changes }: { changes: DeliveryDiff['objects'][number]['changes'] }) {
  if (changes.length === 0) return null;
  return (
    <table className={css.changes}>
      <tbody>
        {changes.map(({ path, before, after }) => (
          <tr key={path}>
            <th scope="row">{legible(pathText(path))}</th>
            <td>
              {before !== undefined && <del>{valueText(before)}</del>}
              {after !== undefined && <ins>{valueText(after)}</ins>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function pathText(pointer: string): string {
  return pointer
    .slice(1)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .join('.');
}

const longest = 600;

function valueText(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value, null, typeof value === 'object' ? 1 : 0);
  return legible(text.length > longest ? `${text.slice(0, longest)}…` : text);
}
