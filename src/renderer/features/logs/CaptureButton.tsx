import { CircleDot, CircleStop } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import type { Capture, CaptureLimits } from '../../../core/cluster/logs/capture/contract.ts';
import { href } from '../../app/router.ts';
import { useCommand, useLive } from '../../client/index.ts';
import {
  Button,
  Field,
  formatBytes,
  formatCount,
  IconButton,
  Popover,
  Select,
  Strip,
  TextInput,
  t,
} from '../../ui/index.ts';
import type { Reading } from './logSession.ts';
import styles from './logs.module.css';
import { type LogSubject, subjectName } from './subject.ts';

const MiB = 1024 * 1024;
const sizes = [100 * MiB, 1024 * MiB, 5 * 1024 * MiB, 20 * 1024 * MiB];
const days = [1, 7, 30, 90];

/** Keeps what a tab shows, from now on; and says that it is being kept. */
export function CaptureButton({ subject, reading }: { subject: LogSubject; reading: Reading }) {
  const { rows } = useLive((client) => client.logs.captures, {});
  const own = rows.find((row) => isActive(row) && keyOf(row.query.objects) === keyOf(subject.objects));
  return (
    <Popover
      label={t('logs.capture.button')}
      align="end"
      trigger={
        <IconButton
          icon={CircleDot}
          label={own === undefined ? t('logs.capture.button') : t('logs.capture.on')}
          pressed={own !== undefined}
          data-capturing={own !== undefined}
          className={styles.capture}
        />
      }
    >
      {own === undefined ? <Start subject={subject} reading={reading} /> : <Running capture={own} />}
    </Popover>
  );
}

function Start({ subject, reading }: { subject: LogSubject; reading: Reading }) {
  const [start, { pending, error }] = useCommand((client) => client.logs.startCapture);
  const [name, setName] = useState(subjectName(subject));
  const [limits, setLimits] = useState<CaptureLimits>({ maxBytes: 1024 * MiB, keepDays: 7, whenFull: 'oldest' });
  const [past, setPast] = useState(true);
  const change = (next: Partial<CaptureLimits>) => setLimits((before) => ({ ...before, ...next }));
  return (
    <form
      className={styles.captureForm}
      onSubmit={(event) => {
        event.preventDefault();
        start({
          name,
          objects: subject.objects.map((object) => ({ ...object })),
          ...(reading.containers !== undefined && { containers: [...reading.containers] }),
          limits,
          past,
        }).then(
          () => toast(t('logs.capture.started', { name })),
          () => undefined,
        );
      }}
    >
      <p className={styles.captureText}>{t('logs.capture.text')}</p>
      <Field label={t('logs.capture.name')}>
        <TextInput required maxLength={200} value={name} onChange={(event) => setName(event.target.value)} />
      </Field>
      <div className={styles.capturePair}>
        <Field label={t('logs.capture.maxBytes')}>
          <Select
            options={sizes.map((size) => ({ value: String(size), label: formatBytes(size) }))}
            value={String(limits.maxBytes)}
            onChange={(size) => change({ maxBytes: Number(size) })}
          />
        </Field>
        <Field label={t('logs.capture.keepDays')}>
          <Select
            options={days.map((count) => ({ value: String(count), label: t('logs.capture.days', { count }) }))}
            value={String(limits.keepDays)}
            onChange={(count) => change({ keepDays: Number(count) })}
          />
        </Field>
      </div>
      <Field label={t('logs.capture.whenFull')}>
        <Select
          options={(['oldest', 'stop'] as const).map((value) => ({ value, label: t(`logs.capture.full.${value}`) }))}
          value={limits.whenFull}
          onChange={(whenFull) => change({ whenFull: whenFull as CaptureLimits['whenFull'] })}
        />
      </Field>
      <label className={styles.check}>
        <input type="checkbox" checked={past} onChange={() => setPast(!past)} />
        {t('logs.capture.past')}
      </label>
      {error !== undefined && <Strip tone="failed">{error.message}</Strip>}
      <div className={styles.captureFoot}>
        <a className={styles.link} href={href('/logs')}>
          {t('logs.capture.see')}
        </a>
        <span className={styles.grow} />
        <Button type="submit" variant="primary" size="s" busy={pending} disabled={name === ''}>
          {t('logs.capture.start')}
        </Button>
      </div>
    </form>
  );
}

function Running({ capture }: { capture: Capture }) {
  const [stop, { pending, error }] = useCommand((client) => client.logs.stopCapture);
  return (
    <div className={styles.captureForm}>
      <p className={styles.captureText}>
        {t('logs.capture.running', {
          name: capture.name,
          lines: formatCount(capture.lines),
          bytes: formatBytes(capture.bytes),
        })}
      </p>
      {error !== undefined && <Strip tone="failed">{error.message}</Strip>}
      <div className={styles.captureFoot}>
        <a className={styles.link} href={href(`/logs?captures=${capture.key}`)}>
          {t('logs.capture.search')}
        </a>
        <span className={styles.grow} />
        <Button
          size="s"
          icon={CircleStop}
          busy={pending}
          onClick={() => void stop({ capture: capture.key }).catch(() => undefined)}
        >
          {t('logs.capture.stop')}
        </Button>
      </div>
    </div>
  );
}

export function isActive({ state }: Capture): boolean {
  return state === 'running' || state === 'waiting';
}

function keyOf(objects: LogSubject['objects']): string {
  return objects
    .map(({ cluster, kind, namespace, name }) => [cluster, kind, namespace, name].join('\n'))
    .sort()
    .join('\n\n');
}
