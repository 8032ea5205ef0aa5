import { ArrowDown, ArrowDownToLine, ArrowUp, Braces, Clock, Filter, History, Regex, WrapText } from 'lucide-react';
import { type KeyboardEvent, type RefObject, useState } from 'react';
import {
  Button,
  ChipButton,
  IconButton,
  MultiSelect,
  Popover,
  SearchInput,
  Select,
  TextInput,
  t,
} from '../../ui/index.ts';
import { CaptureButton } from './CaptureButton.tsx';
import type { LogView } from './LogsPanel.tsx';
import type { Wanted } from './logBuffer.ts';
import { type LogSession, type Range, type Reading, ranges } from './logSession.ts';
import styles from './logs.module.css';
import { SaveMenu } from './SaveMenu.tsx';
import type { LogSubject } from './subject.ts';

/** Severities that one chip stands for. */
const chips: readonly { name: string; severities: readonly number[] }[] = [
  { name: 'error', severities: [5, 6] },
  { name: 'warn', severities: [4] },
  { name: 'info', severities: [3] },
  { name: 'debug', severities: [1, 2] },
  { name: 'none', severities: [0] },
];

interface LogToolbarProps {
  session: LogSession;
  reading: Reading;
  onReading(reading: Reading): void;
  view: LogView;
  onView(change: Partial<LogView>): void;
  wanted: Wanted;
  onWanted(change: Partial<Wanted>): void;
  current: number | undefined;
  onStep(by: 1 | -1): void;
  onTime(at: number): void;
  fileName: string;
  subject: LogSubject;
  findRef: RefObject<HTMLInputElement | null>;
}

export function LogToolbar(props: LogToolbarProps) {
  const { session, reading, onReading, view, onView, wanted, onWanted, current, onStep } = props;
  const { buffer, state } = session;
  const place = current === undefined ? 0 : buffer.matches.indexOf(current) + 1;
  const stepKeys = (event: KeyboardEvent) => {
    if (event.key === 'Enter') {
      event.preventDefault();
      onStep(event.shiftKey ? -1 : 1);
    }
    if (event.key === 'Escape' && wanted.find !== '') {
      event.preventDefault();
      onWanted({ find: '' });
    }
  };
  return (
    <div className={styles.toolbar} role="toolbar" aria-label={t('logs.toolbar')}>
      <SearchInput
        className={styles.find}
        label={t('logs.find')}
        keys="/"
        value={wanted.find}
        onChange={(find) => onWanted({ find })}
        onKeyDown={stepKeys}
        inputRef={props.findRef}
        aria-invalid={buffer.problem !== undefined}
        title={buffer.problem}
      />
      <IconButton
        icon={Regex}
        label={t('logs.regex')}
        pressed={wanted.regex}
        onClick={() => onWanted({ regex: !wanted.regex })}
      />
      <IconButton
        icon={Filter}
        label={t('logs.only')}
        pressed={wanted.only}
        onClick={() => onWanted({ only: !wanted.only })}
      />
      {wanted.find !== '' && (
        <span className={styles.matches} role="status">
          {buffer.problem ??
            (place > 0
              ? t('logs.matchOf', { place, matches: buffer.matches.length })
              : t('logs.matches', { count: buffer.matches.length }))}
        </span>
      )}
      {wanted.find !== '' && (
        <>
          <IconButton
            size="s"
            icon={ArrowUp}
            label={t('logs.previousMatch')}
            keys="Shift+N"
            onClick={() => onStep(-1)}
          />
          <IconButton size="s" icon={ArrowDown} label={t('logs.nextMatch')} keys="n" onClick={() => onStep(1)} />
        </>
      )}
      <TextInput
        className={styles.exclude}
        aria-label={t('logs.exclude')}
        placeholder={t('logs.exclude')}
        value={wanted.exclude}
        onChange={(event) => onWanted({ exclude: event.target.value })}
      />
      <Severities buffer={buffer} wanted={wanted} onWanted={onWanted} />
      <span className={styles.grow} />
      <Containers session={session} reading={reading} onReading={onReading} />
      <Select
        className={styles.range}
        aria-label={t('logs.range')}
        options={ranges.map((range) => ({ value: range, label: t(`logs.rangeNames.${range}`) }))}
        value={reading.range}
        onChange={(range) => onReading({ ...reading, range: range as Range })}
      />
      <IconButton
        icon={History}
        label={t('logs.previous')}
        pressed={reading.previous}
        onClick={() => onReading({ ...reading, previous: !reading.previous })}
      />
      <JumpToTime {...props} />
      <IconButton
        icon={Braces}
        label={t('logs.readable')}
        pressed={wanted.readable}
        onClick={() => onWanted({ readable: !wanted.readable })}
      />
      <IconButton
        icon={WrapText}
        label={t('logs.wrap')}
        keys="w"
        pressed={view.wrap}
        onClick={() => onView({ wrap: !view.wrap })}
      />
      <IconButton
        icon={ArrowDownToLine}
        label={t('logs.follow')}
        keys="s"
        pressed={view.following}
        onClick={() => onView({ following: !view.following })}
      />
      <CaptureButton subject={props.subject} reading={reading} />
      <SaveMenu {...props} />
      <span className="hidden-text" role="status">
        {t('logs.announce', { sources: state.sources.filter(({ chosen }) => chosen).length })}
      </span>
    </div>
  );
}

function Severities({
  buffer,
  wanted,
  onWanted,
}: Pick<LogToolbarProps, 'wanted' | 'onWanted'> & { buffer: LogSession['buffer'] }) {
  return (
    <fieldset className={styles.severities} aria-label={t('logs.severities')}>
      {chips.map(({ name, severities }) => {
        const count = severities.reduce((sum, severity) => sum + (buffer.counts[severity] ?? 0), 0);
        const hidden = severities.every((severity) => wanted.hiddenSeverities.has(severity));
        if (count === 0 && !hidden) return null;
        const toggle = () => {
          const next = new Set(wanted.hiddenSeverities);
          for (const severity of severities) {
            if (hidden) next.delete(severity);
            else next.add(severity);
          }
          onWanted({ hiddenSeverities: next });
        };
        return (
          <ChipButton
            key={name}
            className={styles.severity}
            data-severity={name}
            aria-pressed={!hidden}
            onClick={toggle}
          >
            {t(`logs.severity.${name}`)} <span className={styles.count}>{count.toLocaleString('en')}</span>
          </ChipButton>
        );
      })}
    </fieldset>
  );
}

function Containers({ session, reading, onReading }: Pick<LogToolbarProps, 'session' | 'reading' | 'onReading'>) {
  const byName = new Map(session.state.sources.map((source) => [source.container, source]));
  if (byName.size < 2 && reading.containers === undefined) return null;
  return (
    <MultiSelect
      label={t('logs.containers')}
      options={[...byName.values()].map(({ container, type }) => ({
        value: container,
        label: container,
        ...(type !== 'main' && { detail: t(`logs.type.${type}`) }),
      }))}
      value={reading.containers}
      onChange={(containers) => onReading({ ...reading, containers })}
    >
      <Button size="s" variant="quiet">
        {reading.containers === undefined ? t('logs.defaultContainers') : reading.containers.join(', ')}
      </Button>
    </MultiSelect>
  );
}

function JumpToTime({ view, onView, onTime }: LogToolbarProps) {
  const [text, setText] = useState('');
  const at = Date.parse(text);
  return (
    <Popover label={t('logs.time')} align="end" trigger={<IconButton icon={Clock} label={t('logs.time')} />}>
      <form
        className={styles.time}
        onSubmit={(event) => {
          event.preventDefault();
          if (!Number.isNaN(at)) onTime(at);
        }}
      >
        <label>
          {t('logs.jump')}
          <input type="datetime-local" step="1" value={text} onChange={(event) => setText(event.target.value)} />
        </label>
        <Button type="submit" size="s" disabled={Number.isNaN(at)}>
          {t('logs.jumpNow')}
        </Button>
        <label className={styles.check}>
          <input type="checkbox" checked={view.time} onChange={() => onView({ time: !view.time })} />
          {t('logs.timestamps')}
        </label>
      </form>
    </Popover>
  );
}
