import { FoldVertical, Search, UnfoldVertical } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import type { ObjectRef } from '../../../../core/cluster/resources/contract.ts';
import { Age, CopyButton, ErrorState, IconButton, Skeleton, Strip, Switch, useDelayed } from '../../../ui/index.ts';
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
    return <ErrorState compact title="The object could not be read" error={error} onRetry={reload} />;
  }
  if (data === undefined) return waiting ? <YamlSkeleton /> : null;
  return (
    <div className={css.yaml}>
      <div className={css.yamlBar}>
        <span className={css.dim}>
          Read <Age at={data.readAt} suffix="ago" />
        </span>
        {data.redacted.length > 0 && (
          <span className={css.redacted} title={data.redacted.join('\n')}>
            {data.redacted.length} {data.redacted.length === 1 ? 'value' : 'values'} left out
          </span>
        )}
        <span className={css.grow} />
        <span className={css.switchRow}>
          <span aria-hidden>managedFields</span>
          <Switch label="Show managedFields" checked={managed} onChange={setManaged} />
        </span>
        <IconButton size="s" icon={Search} label="Search" keys="Mod+F" onClick={() => editor?.find()} />
        <IconButton size="s" icon={FoldVertical} label="Fold" onClick={() => editor?.foldAll()} />
        <IconButton size="s" icon={UnfoldVertical} label="Unfold" onClick={() => editor?.unfoldAll()} />
        <CopyButton text={data.yaml} label="Copy YAML" />
      </div>
      {data.stale && (
        <Strip tone="warning">
          The cluster does not answer: this is the object as it was <Age at={data.readAt} suffix="ago" />.
        </Strip>
      )}
      <Suspense fallback={<YamlSkeleton />}>
        <YamlView text={data.yaml} label={`YAML of ${object.name}`} onEditor={setEditor} />
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
