import { type KeyboardEvent, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import type { DockPanelProps } from '../../app/feature.ts';
import { useClient, useLink } from '../../client/index.ts';
import { useDock } from '../../state/dock.ts';
import { EmptyLog } from './EmptyLog.tsx';
import { LineList, type LineListHandle } from './LineList.tsx';
import { LogToolbar } from './LogToolbar.tsx';
import { everything, type Wanted } from './logBuffer.ts';
import { LogSession, type Reading, ranges } from './logSession.ts';
import styles from './logs.module.css';
import { SourceBar } from './SourceBar.tsx';
import { readSubject, subjectName } from './subject.ts';
import { isTypingIn } from './typing.ts';

export interface LogView {
  wrap: boolean;
  time: boolean;
  /** Stays at the newest line. */
  following: boolean;
}

/** The logs of what a tab of the dock is about. */
export function LogsPanel({ tab, subject: text, visible }: DockPanelProps) {
  const client = useClient();
  const link = useLink().state;
  const subject = useMemo(() => readSubject(text), [text]);
  const session = useMemo(() => new LogSession(client, subject), [client, subject]);
  useSyncExternalStore(session.subscribeSlowly, session.slowVersion);
  const [reading, setReading] = useState<Reading>({ range: 'tail', previous: subject.previous, containers: undefined });
  const [turn, setTurn] = useState(0);
  const [view, setView] = useState<LogView>({ wrap: false, time: true, following: true });
  const [wanted, setWanted] = useState<Wanted>(everything);
  /** Id of the match that `next` and `previous` have come to. */
  const [current, setCurrent] = useState<number>();
  const list = useRef<LineListHandle>(null);
  const find = useRef<HTMLInputElement>(null);
  const dock = useDock();

  // biome-ignore lint/correctness/useExhaustiveDependencies: `turn` and a connection that is back begin anew
  useEffect(() => {
    if (link !== 'connected') return;
    session.read(reading);
    return () => session.dispose();
  }, [session, reading, turn, link]);

  const want = (change: Partial<Wanted>) => {
    const next = { ...wanted, ...change };
    setWanted(next);
    session.buffer.want(next);
    setCurrent(undefined);
    session.touch();
  };
  const change = (next: Partial<LogView>) => setView((before) => ({ ...before, ...next }));
  const tell = dock.describe;
  const name = subjectName(subject);
  const ended = session.state.ended || session.state.error !== undefined;
  useEffect(() => {
    const title = reading.previous ? `${name} ↶` : name;
    tell(tab, { title, mark: ended ? 'ended' : undefined });
  }, [tell, tab, name, reading.previous, ended]);

  const step = (by: 1 | -1) => {
    const { matches } = session.buffer;
    if (matches.length === 0) return;
    const at = current === undefined ? (by === 1 ? -1 : 0) : matches.indexOf(current);
    const next = matches[(at + by + matches.length) % matches.length] as number;
    setCurrent(next);
    change({ following: false });
    list.current?.show(session.buffer.placeOf(next));
  };

  const press = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTypingIn(event.target)) return;
    const range = ranges[Number(event.key)];
    if (event.key === 'w') change({ wrap: !view.wrap });
    else if (event.key === 't') change({ time: !view.time });
    else if (event.key === 's') change({ following: !view.following });
    else if (event.key === 'G') change({ following: true });
    else if (event.key === 'f') dock.setMaximized(!dock.maximized);
    else if (event.key === '/') find.current?.focus();
    else if (event.key === 'n') step(1);
    else if (event.key === 'N') step(-1);
    else if (range !== undefined && event.key !== ' ') setReading({ ...reading, range });
    else return;
    event.preventDefault();
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys of the whole panel, which its buttons do as well
    <div className={styles.panel} onKeyDown={press}>
      <LogToolbar
        session={session}
        reading={reading}
        onReading={setReading}
        view={view}
        onView={change}
        wanted={wanted}
        onWanted={want}
        current={current}
        onStep={step}
        onTime={(at) => {
          change({ following: false });
          list.current?.show(session.buffer.placeAt(at));
        }}
        fileName={name}
        subject={subject}
        findRef={find}
      />
      <SourceBar
        state={session.state}
        hidden={wanted.hiddenSources}
        onHidden={(hiddenSources) => want({ hiddenSources })}
      />
      <LineList
        ref={list}
        session={session}
        visible={visible}
        view={view}
        onFollowing={(following) => change({ following })}
        wanted={wanted}
        current={current}
        onContext={(id) => {
          want({ only: false });
          change({ following: false });
          setCurrent(id);
          requestAnimationFrame(() => list.current?.show(session.buffer.placeOf(id)));
        }}
      >
        <EmptyLog
          state={session.state}
          kept={session.buffer.size}
          shown={session.buffer.shown.length}
          onRetry={() => setTurn((before) => before + 1)}
        />
      </LineList>
    </div>
  );
}
