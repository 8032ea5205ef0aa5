import { Disc, Download, Play, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import type { Recording } from '../../../core/platform/recordings/contract.ts';
import { href, pathOf } from '../../app/router.ts';
import { useClient, useQuery } from '../../client/index.ts';
import {
  Age,
  Button,
  Dialog,
  EmptyState,
  ErrorState,
  formatBytes,
  IconButton,
  Name,
  Skeleton,
  t,
  useDelayed,
} from '../../ui/index.ts';
import { formatPlace } from './playback.ts';
import css from './recordings.module.css';
import { reasonOf, saveRecording } from './recordings.ts';

/** The recorded terminals. */
export function RecordingsPage() {
  const client = useClient();
  const { data, error, reload } = useQuery((c) => c.recordings.list, {});
  const [removed, setRemoved] = useState<Recording>();
  const waiting = useDelayed(data === undefined && error === undefined);
  if (error !== undefined) return <ErrorState title={t('terminal.recordings.failed')} error={error} onRetry={reload} />;
  if (data === undefined) {
    return waiting ? (
      <div className={css.page} aria-busy="true">
        <Skeleton width="20%" height={20} />
        <Skeleton width="60%" />
      </div>
    ) : null;
  }
  if (data.recordings.length === 0) {
    return (
      <div className={css.page}>
        <h1 className={css.title}>{t('terminal.recordings.title')}</h1>
        <EmptyState icon={Disc} title={t('terminal.recordings.none')}>
          {t('terminal.recordings.noneText')}
        </EmptyState>
      </div>
    );
  }
  const save = (key: string) => {
    saveRecording(client, key).catch((failure: unknown) => {
      toast.error(t('terminal.recordings.exportFailed'), { description: reasonOf(failure) });
    });
  };
  return (
    <div className={css.page}>
      <h1 className={css.title}>{t('terminal.recordings.title')}</h1>
      <table className={css.table}>
        <thead>
          <tr>
            {(['name', 'cluster', 'started'] as const).map((column) => (
              <th key={column} scope="col">
                {t(`terminal.recordings.${column}`)}
              </th>
            ))}
            <th scope="col" className={css.number}>
              {t('terminal.recordings.length')}
            </th>
            <th scope="col" className={css.number}>
              {t('terminal.recordings.size')}
            </th>
            <th scope="col">
              <span className="hidden-text">{t('terminal.recordings.actions')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {data.recordings.map((recording) => (
            <tr key={recording.key}>
              <td>
                <a className={css.link} href={href(pathOf('/recordings/:key', { key: recording.key }))}>
                  <Name>{recording.title}</Name>
                </a>
                <div className={css.dim}>{wordsOf(recording)}</div>
              </td>
              <td>{recording.clusterName}</td>
              <td>
                <Age at={recording.startedAt} />
              </td>
              <td className={css.number}>
                {recording.seconds === undefined ? t('terminal.recordings.running') : formatPlace(recording.seconds)}
              </td>
              <td className={css.number}>{formatBytes(recording.bytes)}</td>
              <td>
                <div className={css.actions}>
                  <a
                    className={css.play}
                    href={href(pathOf('/recordings/:key', { key: recording.key }))}
                    aria-label={`${t('terminal.recordings.play')}: ${recording.title}`}
                  >
                    <Play size={14} aria-hidden />
                    {t('terminal.recordings.play')}
                  </a>
                  <IconButton
                    icon={Download}
                    label={t('terminal.recordings.export')}
                    onClick={() => save(recording.key)}
                  />
                  <IconButton
                    icon={Trash2}
                    label={t('terminal.recordings.remove')}
                    disabled={recording.state === 'running'}
                    onClick={() => setRemoved(recording)}
                  />
                </div>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {removed !== undefined && (
        <RemoveDialog
          recording={removed}
          onClose={() => {
            setRemoved(undefined);
            reload();
          }}
        />
      )}
    </div>
  );
}

/** What sort it is, and what is special about it. */
function wordsOf({ mode, required, withInput, state }: Recording): string {
  const words = [
    t(`terminal.recordings.modes.${mode}`),
    ...(required ? [t('terminal.recordings.required')] : []),
    ...(withInput ? [t('terminal.recordings.withInput')] : []),
    ...(state === 'cut' ? [t('terminal.recordings.cut')] : []),
  ];
  return words.join(' · ');
}

function RemoveDialog({ recording, onClose }: { recording: Recording; onClose(): void }) {
  const client = useClient();
  const remove = () => {
    client.recordings.remove({ key: recording.key }).then(onClose, (error: unknown) => {
      toast.error(t('terminal.recordings.removeFailed'), { description: reasonOf(error) });
    });
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('terminal.recordings.removeTitle')}
      description={t('terminal.recordings.removeText')}
      footer={
        <>
          <Button onClick={onClose}>{t('terminal.cancel')}</Button>
          <Button variant="danger" onClick={remove}>
            {t('terminal.recordings.removeIt')}
          </Button>
        </>
      }
    >
      <Name>{recording.title}</Name>
    </Dialog>
  );
}
