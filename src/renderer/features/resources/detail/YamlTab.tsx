import { FoldVertical, Search, UnfoldVertical } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import type { ObjectRef } from '../../../../core/cluster/resources/contract.ts';
import { Age, CopyButton, ErrorState, IconButton, Skeleton, Strip, Switch, t, useDelayed } from '../../../ui/index.ts';
import css from './detail.module.css';
import type { ObjectRow } from './useObject.ts';
import { useObjectData } from './useObject.ts';
import type { YamlEditor } from './yamlEditor.ts';

const YamlView = lazy(async () => ({ default: (await import('./YamlView.tsx')).YamlView }));

export function YamlTab({ object, row }: { object: ObjectRef; row: ObjectRow }) {
  const [managed, setManaged] = useState(false);
  const [editor, setEditor] = useState<YamlEditor | null>(null);
  const { data, error, reload } = useObjectData(object, row.row, managed);
  const waiting = useDelayed(data === undefined && error === undefined);
  if (error !== undefined && data === undefined) {
    return <ErrorState compact title={t('resources.yamlTab.theObjectCouldNotBe')} error={error} onRetry={reload} />;
  }
  if (data === undefined) return waiting ? <YamlSkeleton /> : null;
  return (
    <div className={css.yaml}>
      <div className={css.yamlBar}>
        <span className={css.dim}>
          {t('resources.yamlTab.read')} <Age ahead={0} at={data.readAt} suffix={t('resources.yamlTab.ago')} />
        </span>
        {data.redacted.length > 0 && (
          <span className={css.redacted} title={data.redacted.join('\n')}>
            {t('resources.yamlTab.leftOut', { count: data.redacted.length })}
          </span>
        )}
        <span className={css.grow} />
        <span className={css.switchRow}>
          <span aria-hidden>{t('resources.yamlTab.managedfields')}</span>
          <Switch label={t('resources.yamlTab.showManagedfields')} checked={managed} onChange={setManaged} />
        </span>
        <IconButton
          size="s"
          icon={Search}
          label={t('resources.yamlTab.search')}
          keys="Mod+F"
          onClick={() => editor?.find()}
        />
        <IconButton
          size="s"
          icon={FoldVertical}
          label={t('resources.yamlTab.fold')}
          onClick={() => editor?.foldAll()}
        />
        <IconButton
          size="s"
          icon={UnfoldVertical}
          label={t('resources.yamlTab.unfold')}
          onClick={() => editor?.unfoldAll()}
        />
        <CopyButton text={data.yaml} label={t('resources.yamlTab.copyYaml')} />
      </div>
      {data.stale && (
        <Strip tone="warning">
          {t('resources.yamlTab.theClusterDoesNotAnswer')}{' '}
          <Age ahead={0} at={data.readAt} suffix={t('resources.yamlTab.ago')} />.
        </Strip>
      )}
      <Suspense fallback={<YamlSkeleton />}>
        <YamlView text={data.yaml} label={t('resources.yamlTab.yamlOf', { name: object.name })} onEditor={setEditor} />
      </Suspense>
    </div>
  );
}

function YamlSkeleton() {
  return (
    <div className={css.pad} aria-busy="true">
      {[18, 12, 24, 40, 36, 52, 30].map((width) => (
        <p key={width} className={css.bone}>
          <Skeleton width={`${width}%`} />
        </p>
      ))}
    </div>
  );
}
