import type { FolderInput, FolderRow } from '../../../../core/cluster/manifests/contract.ts';
import { useQuery } from '../../../client/index.ts';
import { ErrorState, Skeleton, t, useDelayed } from '../../../ui/index.ts';
import { DiffFrame } from '../Frames.tsx';
import { Findings } from '../Review.tsx';
import css from './folder.module.css';

/** One object of the folder: what is there beside what would be there. */
export function FolderDetail({ input, row, onForce }: { input: FolderInput; row: FolderRow; onForce(): void }) {
  const { data, error, previous, loading, reload } = useQuery((client) => client.manifests.folderDocument, {
    ...input,
    key: row.key,
  });
  const waiting = useDelayed(loading && (data === undefined || previous));
  if (error !== undefined) {
    return <ErrorState compact title={t('manifests.folder.notLooked')} error={error} onRetry={reload} />;
  }
  if (data === undefined || previous) {
    return (
      <div className={css.bones} aria-busy="true">
        {waiting && [70, 52, 61, 40].map((width) => <Skeleton key={width} width={`${width}%`} />)}
      </div>
    );
  }
  return (
    <div className={css.detail}>
      <DiffFrame label={t('manifests.difference')} before={data.before} after={data.after} wrap={false} />
      <aside className={css.findings} aria-label={t('manifests.summary')}>
        <p className={css.place}>
          {row.file === ''
            ? t('manifests.folder.built')
            : t('manifests.folder.place', { file: row.file, line: row.line })}
        </p>
        {row.warnings
          .filter((warning) => !data.warnings.includes(warning))
          .map((warning) => (
            <p key={warning} className={css.warning}>
              {warning}
            </p>
          ))}
        <Findings document={data} force={input.force} onForce={onForce} />
      </aside>
    </div>
  );
}
