import { RefreshCw } from 'lucide-react';
import { useEffect, useRef } from 'react';
import type { ObjectDiff } from '../../../core/cluster/gitops/contract.ts';
import type { ObjectRef } from '../../../core/cluster/resources/contract.ts';
import { href } from '../../app/router.ts';
import { useQuery } from '../../client/index.ts';
import {
  Age,
  Button,
  ChangeTable,
  ErrorState,
  legible,
  Name,
  StatusMark,
  Strip,
  type Tone,
  t,
} from '../../ui/index.ts';
import { Bones } from './Frame.tsx';
import css from './gitops.module.css';
import { objectAddress } from './model.ts';

const tones: Record<ObjectDiff['finding'], Tone> = {
  drift: 'warning',
  outOfSync: 'warning',
  missing: 'failed',
  surplus: 'warning',
  unread: 'unknown',
};

/** Where the cluster is otherwise than what was delivered, and how much of that can be told from here. */
export function DiffTab({ object, stamp }: { object: ObjectRef; stamp: string }) {
  const { data, error, loading, reload } = useQuery((client) => client.gitops.diff, { object });
  const shown = useRef(stamp);
  useEffect(() => {
    if (shown.current === stamp) return;
    shown.current = stamp;
    reload();
  }, [stamp, reload]);
  if (data === undefined) {
    if (error !== undefined)
      return <ErrorState compact title={t('gitops.diffFailed')} error={error} onRetry={reload} />;
    return <Bones />;
  }
  const { objects, same, unjudged, notes } = data;
  return (
    <div className={css.body} aria-busy={loading}>
      <Strip
        tone={objects.length === 0 ? 'progressing' : 'warning'}
        actions={
          <Button size="s" icon={RefreshCw} busy={loading} onClick={reload}>
            {t('gitops.readAgain')}
          </Button>
        }
      >
        {objects.length === 0 ? t('gitops.diff.none') : t('gitops.diff.some', { count: objects.length })}{' '}
        {same > 0 && t('gitops.diff.same', { count: same })}{' '}
        {unjudged > 0 && t('gitops.diff.unjudged', { count: unjudged })}
      </Strip>
      {notes.map((note) => (
        <p key={note} className={css.note}>
          {legible(note)}
        </p>
      ))}
      {objects.map((each) => (
        <Differing key={`${each.kind}/${each.namespace}/${each.name}`} each={each} />
      ))}
    </div>
  );
}

function Differing({ each }: { each: ObjectDiff }) {
  const { kind, namespace, name, object, finding, changes, writers, message } = each;
  return (
    <section className={css.differing}>
      <h3 className={css.object}>
        <StatusMark tone={tones[finding]}>{t(`gitops.diff.finding.${finding}`)}</StatusMark>
        <span>{legible(kind)}</span>
        {object === undefined || finding === 'missing' ? (
          <Name>{name}</Name>
        ) : (
          <a className={css.link} href={href(objectAddress(object))}>
            <Name>{name}</Name>
          </a>
        )}
        <span className={css.dim}>{namespace}</span>
      </h3>
      {message !== '' && <p className={css.dim}>{legible(message)}</p>}
      <ChangeTable changes={changes} />
      {writers.map((writer) => (
        <p key={writer.manager + String(writer.at)} className={css.note}>
          {t('gitops.diff.writer', { name: legible(writer.manager) })} <Age at={writer.at} suffix={t('gitops.ago')} />:{' '}
          <code>{legible(writer.fields.join(', '))}</code>
        </p>
      ))}
    </section>
  );
}
