import { Cable, ExternalLink, Square } from 'lucide-react';
import { toast } from 'sonner';
import type { Forward } from '../../../core/cluster/portforward/contract.ts';
import { href, pathOf } from '../../app/router.ts';
import { toError, useClient, useLive } from '../../client/index.ts';
import { CopyButton, EmptyState, formatBytes, IconButton, Name, StatusMark, type Tone, t } from '../../ui/index.ts';
import css from './portforward.module.css';

const tones: Record<Forward['state'], Tone> = { listening: 'healthy', waiting: 'warning', failed: 'failed' };

/** All local ports that lead into clusters. */
export function ForwardsPage() {
  const client = useClient();
  const { rows, state } = useLive((c) => c.portforward.forwards, {});
  const stop = (forward: Forward) => {
    client.portforward.stop({ key: forward.key }).catch((error: unknown) => {
      toast.error(t('portforward.stopFailed'), { description: toError(error).message });
    });
  };
  if (state === 'live' && rows.length === 0) {
    return (
      <EmptyState level="h1" icon={Cable} title={t('portforward.none')}>
        {t('portforward.noneText')}
      </EmptyState>
    );
  }
  return (
    <div className={css.page}>
      <h1 className={css.title}>{t('portforward.title')}</h1>
      <table className={css.table}>
        <thead>
          <tr>
            <th scope="col">{t('portforward.column.local')}</th>
            <th scope="col">{t('portforward.column.object')}</th>
            <th scope="col">{t('portforward.column.cluster')}</th>
            <th scope="col">{t('portforward.column.state')}</th>
            <th scope="col" className={css.number}>
              {t('portforward.column.connections')}
            </th>
            <th scope="col" className={css.number}>
              {t('portforward.column.traffic')}
            </th>
            <th scope="col">
              <span className="hidden-text">{t('portforward.column.actions')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((forward) => (
            <tr key={forward.key}>
              <td>
                <code>
                  {forward.address}:{forward.localPort === 0 ? '…' : forward.localPort}
                </code>
              </td>
              <td>
                <a
                  href={href(
                    pathOf('/objects/:cluster/:kind/:namespace/:name', {
                      ...forward.object,
                      namespace: forward.object.namespace || '-',
                    }),
                  )}
                >
                  <Name>{forward.object.name}</Name>
                </a>
                <span className={css.dim}>
                  :{forward.port} {forward.object.namespace}
                </span>
              </td>
              <td>{forward.clusterName}</td>
              <td>
                <StatusMark tone={tones[forward.state]}>{t(`portforward.state.${forward.state}`)}</StatusMark>
                <div className={css.dim}>
                  {forward.message || (forward.pod && t('portforward.pod', { pod: forward.pod }))}
                </div>
              </td>
              <td className={css.number}>{forward.connections}</td>
              <td className={css.number}>
                ↑ {formatBytes(forward.bytesUp)} ↓ {formatBytes(forward.bytesDown)}
              </td>
              <td className={css.actions}>
                {forward.url !== '' && (
                  <>
                    <a className={css.open} href={forward.url} target="_blank" rel="noreferrer">
                      <ExternalLink size={14} aria-hidden />
                      {t('portforward.open')}
                    </a>
                    <CopyButton text={forward.url} />
                  </>
                )}
                <IconButton
                  icon={Square}
                  label={t('portforward.stop', { name: forward.object.name })}
                  onClick={() => stop(forward)}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
