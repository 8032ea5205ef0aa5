import type { ReleaseDiff } from '../../../core/cluster/helm/contract.ts';
import { ChangeTable, StatusMark, type Tone, t } from '../../ui/index.ts';
import css from './helm.module.css';

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
