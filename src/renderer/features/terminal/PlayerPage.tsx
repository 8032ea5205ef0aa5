import { Download, Pause, Play } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { toast } from 'sonner';
import { useCommands } from '../../app/commands.ts';
import type { PageProps } from '../../app/feature.ts';
import { href } from '../../app/router.ts';
import { toError, useClient, useQuery } from '../../client/index.ts';
import {
  Age,
  ErrorState,
  IconButton,
  Name,
  Segments,
  Skeleton,
  StatusMark,
  Switch,
  type Tone,
  t,
} from '../../ui/index.ts';
import { type Cast, formatPlace, Playback, readCast, withoutPauses } from './playback.ts';
import css from './recordings.module.css';
import { readRecording, reasonOf, saveRecording } from './recordings.ts';
import { PlayerScreen } from './screen.ts';

const speeds = ['0.5', '1', '2', '5'] as const;
const tones: Record<'intact' | 'changed' | 'unknown', Tone> = {
  intact: 'healthy',
  changed: 'failed',
  unknown: 'unknown',
};
/** Seconds of one press of an arrow. */
const stepSeconds = 5;

/** Plays one recording. */
export function PlayerPage({ parts }: PageProps) {
  const { key = '' } = parts;
  const client = useClient();
  const [read, setRead] = useState<{ cast: Cast } | { error: ReturnType<typeof toError> }>();
  const list = useQuery((c) => c.recordings.list, {});
  const check = useQuery((c) => c.recordings.check, { key });
  useEffect(() => {
    let gone = false;
    setRead(undefined);
    readRecording(client, key, () => gone)
      .then((text) => !gone && setRead({ cast: readCast(text) }))
      .catch((error: unknown) => !gone && setRead({ error: toError(error) }));
    return () => {
      gone = true;
    };
  }, [client, key]);
  const recording = list.data?.recordings.find((each) => each.key === key);
  if (read !== undefined && 'error' in read)
    return <ErrorState title={t('terminal.recordings.failed')} error={read.error} />;
  const save = () => {
    saveRecording(client, key).catch((failure: unknown) => {
      toast.error(t('terminal.recordings.exportFailed'), { description: reasonOf(failure) });
    });
  };
  return (
    <div className={css.player}>
      <nav className={css.dim}>
        <a className={css.link} href={href('/recordings')}>
          {t('terminal.recordings.title')}
        </a>
      </nav>
      <header className={css.head}>
        <h1 className={css.title}>
          <Name>{recording?.title ?? read?.cast.title ?? key}</Name>
        </h1>
        {recording !== undefined && (
          <span className={css.dim}>
            {recording.clusterName} · {t(`terminal.recordings.modes.${recording.mode}`)} ·{' '}
            <Age at={recording.startedAt} />
          </span>
        )}
        <span className={css.grow} />
        {check.data !== undefined && recording?.state !== 'running' && (
          <StatusMark tone={tones[check.data.state]}>{t(`terminal.recordings.${check.data.state}`)}</StatusMark>
        )}
        <IconButton icon={Download} label={t('terminal.recordings.export')} onClick={save} />
      </header>
      {read === undefined ? <Skeleton width="60%" height={20} /> : <Player cast={read.cast} />}
    </div>
  );
}

function Player({ cast: whole }: { cast: Cast }) {
  const host = useRef<HTMLDivElement>(null);
  const playback = useRef<Playback>(undefined);
  const [at, setAt] = useState(0);
  const [playing, setPlaying] = useState(true);
  const [speed, setSpeed] = useState<(typeof speeds)[number]>('1');
  const [short, setShort] = useState(true);
  const [cast, setCast] = useState(() => withoutPauses(whole));

  useEffect(() => {
    const place = host.current;
    if (place === null) return;
    const screen = new PlayerScreen(place);
    playback.current = new Playback(cast, screen);
    playback.current.seek(0);
    setAt(0);
    return () => {
      playback.current = undefined;
      screen.dispose();
    };
  }, [cast]);

  useEffect(() => {
    if (!playing) return;
    let before = performance.now();
    let frame = requestAnimationFrame(function advance(now) {
      const shown = playback.current;
      if (shown !== undefined) {
        shown.seek(shown.at + ((now - before) / 1000) * Number(speed));
        setAt(shown.at);
        if (shown.over) setPlaying(false);
      }
      before = now;
      frame = requestAnimationFrame(advance);
    });
    return () => cancelAnimationFrame(frame);
  }, [playing, speed]);

  const seek = (seconds: number) => {
    playback.current?.seek(seconds);
    setAt(playback.current?.at ?? 0);
  };
  const toggle = () => {
    if (!playing && playback.current?.over === true) seek(0);
    setPlaying(!playing);
  };
  const command = { group: 'terminal.group', quiet: true } as const;
  useCommands([
    { ...command, id: 'terminal.play', label: 'terminal.recordings.play', keys: ['Space'], perform: toggle },
    {
      ...command,
      id: 'terminal.back',
      label: 'terminal.recordings.back',
      keys: ['ArrowLeft'],
      perform: () => seek(at - stepSeconds),
    },
    {
      ...command,
      id: 'terminal.forward',
      label: 'terminal.recordings.forward',
      keys: ['ArrowRight'],
      perform: () => seek(at + stepSeconds),
    },
  ]);
  return (
    <>
      <div className={css.stage}>
        <div ref={host} className={css.host} />
      </div>
      <div className={css.controls}>
        <IconButton
          icon={playing ? Pause : Play}
          label={t(playing ? 'terminal.recordings.pause' : 'terminal.recordings.play')}
          keys="Space"
          onClick={toggle}
        />
        <span className={css.place}>
          {formatPlace(at)} / {formatPlace(cast.length)}
        </span>
        <input
          type="range"
          className={css.range}
          aria-label={t('terminal.recordings.seek')}
          aria-valuetext={formatPlace(at)}
          min={0}
          max={Math.max(cast.length, 0.1)}
          step="any"
          value={at}
          onChange={(event) => seek(Number(event.target.value))}
        />
        <Segments
          label={t('terminal.recordings.speed')}
          options={speeds.map((value) => ({ value, label: `${value}×` }))}
          value={speed}
          onChange={setSpeed}
        />
        <span className={css.dim}>{t('terminal.recordings.idle')}</span>
        <Switch
          label={t('terminal.recordings.idle')}
          checked={short}
          onChange={(on) => {
            setShort(on);
            setCast(on ? withoutPauses(whole) : whole);
            setPlaying(true);
          }}
        />
      </div>
    </>
  );
}
