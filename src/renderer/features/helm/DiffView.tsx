import type { ReleaseDiff } from '../../../core/cluster/helm/contract.ts';
import { StatusMark, type Tone, t } from '../../ui/index.ts';
import css from './helm.module.css';

type Changes = ReleaseDiff['values'];

const tones: Record<ReleaseDiff['manifest'][number]['change'], Tone> = {
  added: 'healthy',
  removed: 'failed',
  changed: 'progressing',
};

/** What differs: values first, then object by object. */
export function DiffView({ diff, valuesToo = true }: { diff: ReleaseDiff; valuesToo?: boolean }) {
  if (diff.values.length === 0 && diff.manifest.length === 0)
    return <p className={css.dim}>{t('helm.diff.nothing')}</p>;
  return (
    <div className={css.diff}>
      {valuesToo && diff.values.length > 0 && (
        <section>
          <h3 className={css.sub}>{t('helm.diff.values')}</h3>
          <ChangeTable changes={diff.values} />
        </section>
      )}
      {diff.manifest.map(({ object, change, changes, yaml }) => (
        <details key={object} open={change === 'changed'} className={css.object}>
          <summary>
            <StatusMark tone={tones[change]}>{t(`helm.diff.${change}`)}</StatusMark> <code>{object}</code>
            {changes.length > 0 && <span className={css.dim}>{t('helm.diff.fields', { count: changes.length })}</span>}
          </summary>
          <ChangeTable changes={changes} />
          {yaml !== '' && <pre className={css.code}>{yaml}</pre>}
        </details>
      ))}
    </div>
  );
}

/** Fields with what they were and what they are. */
export function ChangeTable({ changes }: { changes: Changes }) {
  if (changes.length === 0) return null;
  return (
    <table className={css.changes}>
      <tbody>
        {changes.map(({ path, before, after }) => (
          <tr key={path}>
            <th scope="row">{pathText(path)}</th>
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
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}
