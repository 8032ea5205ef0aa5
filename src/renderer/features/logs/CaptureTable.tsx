import { CircleStop, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import type { Capture } from '../../../core/cluster/logs/capture/contract.ts';
import { useClusters } from '../../app/scope.ts';
import { toError, useClient } from '../../client/index.ts';
import {
  Age,
  absent,
  Button,
  Dialog,
  Dot,
  formatBytes,
  formatCount,
  IconButton,
  legible,
  Name,
  StatusMark,
  type Tone,
  t,
} from '../../ui/index.ts';
import { isActive } from './CaptureButton.tsx';
import css from './captured.module.css';

const tones: Record<Capture['state'], Tone> = {
  running: 'healthy',
  waiting: 'unknown',
  stopped: 'stopped',
  full: 'warning',
};

/** The captures; the search is in the chosen ones, or in all. */
export function CaptureTable(props: {
  captures: readonly Capture[];
  chosen: readonly string[] | undefined;
  onChosen(ids: readonly string[] | undefined): void;
}) {
  const { captures, chosen, onChosen } = props;
  const client = useClient();
  const [removing, setRemoving] = useState<Capture>();
  const fail = (thrown: unknown) => void toast.error(toError(thrown).message);
  const toggle = (id: string) => {
    const all = captures.map(({ key }) => key);
    const now = chosen ?? all;
    const next = now.includes(id) ? now.filter((it) => it !== id) : [...now, id];
    onChosen(next.length === 0 || next.length === all.length ? undefined : next);
  };
  return (
    <div className={css.scroll}>
      <table className={css.table}>
        <thead>
          <tr>
            <th scope="col">
              <span className="hidden-text">{t('logs.captured.searched')}</span>
            </th>
            {(['name', 'state', 'of', 'lines', 'size', 'span', 'limits'] as const).map((id) => (
              <th key={id} scope="col" className={id === 'lines' || id === 'size' ? css.number : undefined}>
                {t(`logs.captured.column.${id}`)}
              </th>
            ))}
            <th scope="col">
              <span className="hidden-text">{t('logs.captured.column.actions')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {captures.map((capture) => (
            <tr key={capture.key} data-chosen={chosen?.includes(capture.key) ?? false}>
              <td>
                <input
                  type="checkbox"
                  aria-label={t('logs.captured.searchIn', { name: capture.name })}
                  checked={chosen?.includes(capture.key) ?? true}
                  onChange={() => toggle(capture.key)}
                />
              </td>
              <td>
                <Name>{capture.name}</Name>
              </td>
              <td title={capture.problems.join('\n') || undefined}>
                <StatusMark tone={capture.problems.length > 0 ? 'warning' : tones[capture.state]}>
                  {t(`logs.captured.state.${capture.state}`)}
                </StatusMark>
              </td>
              <td>
                <Meant capture={capture} />
              </td>
              <td className={css.number}>{formatCount(capture.lines)}</td>
              <td className={css.number}>{formatBytes(capture.bytes)}</td>
              <td className={css.nowrap}>
                {capture.newest === null || capture.oldest === null ? (
                  absent
                ) : (
                  <>
                    <Age at={capture.oldest} /> – <Age at={capture.newest} suffix={t('logs.captured.ago')} />
                  </>
                )}
              </td>
              <td className={css.dim}>{limitsOf(capture)}</td>
              <td className={css.actions}>
                {isActive(capture) && (
                  <IconButton
                    size="s"
                    icon={CircleStop}
                    label={t('logs.captured.stop', { name: capture.name })}
                    onClick={() => void client.logs.stopCapture({ capture: capture.key }).catch(fail)}
                  />
                )}
                <IconButton
                  size="s"
                  icon={Trash2}
                  label={t('logs.captured.remove', { name: capture.name })}
                  onClick={() => setRemoving(capture)}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {removing !== undefined && (
        <Dialog
          open
          onOpenChange={() => setRemoving(undefined)}
          title={t('logs.captured.removeTitle', { name: legible(removing.name) })}
          description={t('logs.captured.removeText', { lines: formatCount(removing.lines) })}
          footer={
            <>
              <Button onClick={() => setRemoving(undefined)}>{t('logs.captured.cancel')}</Button>
              <Button
                variant="danger"
                onClick={() => {
                  setRemoving(undefined);
                  onChosen(undefined);
                  client.logs.removeCapture({ capture: removing.key }).catch(fail);
                }}
              >
                {t('logs.captured.removeNow')}
              </Button>
            </>
          }
        />
      )}
    </div>
  );
}

function Meant({ capture }: { capture: Capture }) {
  const { byId } = useClusters();
  const { objects, labels } = capture.query;
  const clusters = [...new Set([...objects, ...labels].map(({ cluster }) => cluster))];
  const names = [...objects.map(({ name }) => name), ...labels.map(({ selector }) => selector)];
  return (
    <span className={css.meant} title={names.join('\n')}>
      {clusters.map((id) => (
        <Dot key={id} color={byId.get(id)?.color ?? ''} />
      ))}
      {clusters.length === 1
        ? legible(byId.get(clusters[0] ?? '')?.name ?? '')
        : t('logs.captured.clusters', { count: clusters.length })}
      <span className={css.dim}>{t('logs.captured.pods', { count: capture.pods })}</span>
    </span>
  );
}

function limitsOf({ limits, letGo }: Capture): string {
  const { maxBytes, keepDays, whenFull } = limits;
  const parts = [
    formatBytes(maxBytes),
    t('logs.capture.days', { count: keepDays }),
    t(`logs.captured.full.${whenFull}`),
  ];
  if (letGo > 0) parts.push(t('logs.captured.letGo', { count: letGo, lines: formatCount(letGo) }));
  return parts.join(' · ');
}
