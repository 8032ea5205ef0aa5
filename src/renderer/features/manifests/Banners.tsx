import type { ReactNode } from 'react';
import { Button, Strip, t } from '../../ui/index.ts';
import type { useOpened } from './useOpened.ts';

/** What is true of the object that is edited, above its text. */
export function Banners(props: {
  file: ReturnType<typeof useOpened>;
  dirty: boolean;
  onReload(): void;
  onLook(): void;
}): ReactNode {
  const { opened, newer, deleted } = props.file;
  const { source, owner } = opened ?? {};
  return (
    <>
      {source !== undefined && (
        <Strip tone="warning">
          {t(`manifests.source.${source.tool}`, {
            kind: source.kind,
            name: [source.namespace, source.name].filter(Boolean).join('/'),
          })}
        </Strip>
      )}
      {owner !== undefined && source === undefined && (
        <Strip tone="warning">{t('manifests.owner', { kind: owner.kind, name: owner.name })}</Strip>
      )}
      {deleted && <Strip tone="failed">{t('manifests.deleted')}</Strip>}
      {newer !== undefined && props.dirty && !deleted && (
        <Strip
          tone="warning"
          actions={
            <>
              <Button size="s" onClick={props.onLook}>
                {t('manifests.lookAtIt')}
              </Button>
              <Button size="s" variant="quiet" onClick={props.onReload}>
                {t('manifests.reload')}
              </Button>
            </>
          }
        >
          {t('manifests.changedMeanwhile')}
        </Strip>
      )}
    </>
  );
}
