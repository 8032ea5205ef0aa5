import {
  type ReactNode,
  type Ref,
  useImperativeHandle,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react';
import { Button, exactTime, formatTime, t, useTimeStyle } from '../../ui/index.ts';
import { LineText } from './LineText.tsx';
import type { LogView } from './LogsPanel.tsx';
import { LineLayout } from './lineLayout.ts';
import { type Line, noteSeverity, patternOf, severityNames, type Wanted } from './logBuffer.ts';
import type { LogSession } from './logSession.ts';
import styles from './logs.module.css';
import { lookOf, type SourceLook } from './sourceNames.ts';
import { useLetter } from './useLetter.ts';

export interface LineListHandle {
  /** Brings a shown line into the middle. */
  show(place: number): void;
}

interface LineListProps {
  session: LogSession;
  visible: boolean;
  view: LogView;
  onFollowing(following: boolean): void;
  wanted: Wanted;
  current: number | undefined;
  /** A line out of a filtered list is wanted with its neighbours. */
  onContext(id: number): void;
  /** Shown where there are no lines. */
  children: ReactNode;
  ref: Ref<LineListHandle>;
}

/** Letters before the text: the severity's, the time's, the source's. */
const severityLetters = 2;
const timeLetters = 13;
const mostNameLetters = 28;
/** Lines that are not seen, above and below, and yet drawn while one may scroll. */
const margin = 12;
/** How near to the end counts as being there. Pixels. */
const nearEnd = 4;

/** The lines: only those that are seen are in the page. */
export function LineList(props: LineListProps) {
  const { session, view, wanted, current, onFollowing } = props;
  const { buffer, state } = session;
  useSyncExternalStore(props.visible ? session.subscribe : never, session.version);
  const { zone } = useTimeStyle();
  const box = useRef<HTMLDivElement>(null);
  const { letter, size } = useLetter(box);
  const layout = useMemo(() => new LineLayout(), []);
  const [top, setTop] = useState(0);
  const lastTop = useRef(0);
  const lastTrimmed = useRef({ generation: 0, trimmed: 0 });
  /** Newest line at the moment when following ended. */
  const seen = useRef<number | undefined>(undefined);

  const looks = useMemo(() => lookOf(state.sources), [state.sources]);
  const showNames = looks.size > 1;
  const nameLetters = Math.min(mostNameLetters, Math.max(...[...looks.values()].map(({ name }) => name.length)) + 1);
  const before = severityLetters + (view.time ? timeLetters : 0) + (showNames ? nameLetters : 0);
  const columns = view.wrap ? Math.max(20, Math.floor((size.width - 16) / letter.width) - before) : 0;
  const cut = buffer.generation === lastTrimmed.current.generation ? buffer.trimmed - lastTrimmed.current.trimmed : 0;
  const cutRows = cut > 0 ? layout.topOf(cut) : 0;
  layout.update(buffer, columns);
  lastTrimmed.current = { generation: buffer.generation, trimmed: buffer.trimmed };
  const rows = Math.ceil(size.height / letter.height);
  const firstRow = view.following ? Math.max(0, layout.rows - rows) : Math.floor(top / letter.height);
  const { from, to } = layout.window(firstRow, rows, view.following ? 2 : margin);
  const last = buffer.shown[buffer.shown.length - 1];
  if (view.following) seen.current = last?.id;
  const added = seen.current === undefined ? 0 : buffer.shown.length - buffer.placeOf(seen.current + 1);

  useLayoutEffect(() => {
    const element = box.current;
    if (element === null || !props.visible) return;
    if (view.following) element.scrollTop = element.scrollHeight;
    // What was looked at stays where it is when lines above it go.
    else if (cutRows > 0) element.scrollTop -= cutRows * letter.height;
    lastTop.current = element.scrollTop;
    if (!view.following) setTop(element.scrollTop);
  });

  useImperativeHandle(props.ref, () => ({
    show(place) {
      const element = box.current;
      if (element === null) return;
      layout.update(buffer, columns);
      element.scrollTop = (layout.topOf(place) + 0.5) * letter.height - element.clientHeight / 2;
    },
  }));

  const scroll = () => {
    const element = box.current;
    if (element === null) return;
    const atEnd = element.scrollTop + element.clientHeight >= element.scrollHeight - nearEnd;
    if (atEnd && !view.following) onFollowing(true);
    else if (!atEnd && view.following && element.scrollTop < lastTop.current - nearEnd) onFollowing(false);
    const left = view.following && element.scrollTop < lastTop.current;
    lastTop.current = element.scrollTop;
    // Where the end is followed, the list knows by itself where it stands.
    if (!view.following || left) setTop(element.scrollTop);
  };

  const find = useMemo(() => {
    const pattern = wanted.find === '' ? undefined : patternOf(wanted.find, wanted.regex, 'gi');
    return typeof pattern === 'string' ? undefined : pattern;
  }, [wanted.find, wanted.regex]);

  return (
    <div className={styles.listFrame}>
      <div
        ref={box}
        className={styles.list}
        role="log"
        aria-live="off"
        aria-label={t('logs.lines')}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it is scrolled by the keyboard
        tabIndex={0}
        data-wrap={view.wrap}
        onScroll={scroll}
      >
        {buffer.dropped > 0 && !view.following && top < 40 && (
          <p className={styles.dropped}>{t('logs.dropped', { count: buffer.dropped })}</p>
        )}
        <div className={styles.canvas} style={{ height: layout.rows * letter.height }}>
          <div className={styles.lines} style={{ transform: `translateY(${layout.topOf(from) * letter.height}px)` }}>
            {buffer.shown.slice(from, to).map((line, place) => (
              <LineRow
                // While lines rush by, rows are written anew; while they are read, each keeps its own.
                key={view.following ? place : line.id}
                line={line}
                time={view.time}
                zone={zone}
                look={looks.get(line.source)}
                nameLetters={showNames ? nameLetters : 0}
                find={find}
                current={line.id === current}
                onContext={wanted.find !== '' && wanted.only ? props.onContext : undefined}
              />
            ))}
          </div>
        </div>
      </div>
      <div className={styles.empty}>{props.children}</div>
      {!view.following && buffer.shown.length > 0 && (
        <Button className={styles.newer} size="s" onClick={() => onFollowing(true)}>
          {added > 0 ? t('logs.newLines', { count: added }) : t('logs.toEnd')}
        </Button>
      )}
    </div>
  );
}

/** A panel that is not seen draws nothing. */
const never = () => () => undefined;

interface LineRowProps {
  line: Line;
  time: boolean;
  zone: string;
  look: SourceLook | undefined;
  /** Width of the names; 0 for none. */
  nameLetters: number;
  find: RegExp | undefined;
  current: boolean;
  onContext: ((id: number) => void) | undefined;
}

function LineRow({ line, time, zone, look, nameLetters, find, current, onContext }: LineRowProps) {
  const severity = severityNames[line.severity] ?? 'none';
  const isNote = line.severity === noteSeverity;
  return (
    <div
      className={styles.line}
      data-severity={severity}
      data-current={current}
      {...(onContext !== undefined && { onDoubleClick: () => onContext(line.id) })}
    >
      <span className={styles.bar} style={{ background: look && `var(--${look.color})` }} aria-hidden />
      <span className={styles.letter} title={t(`logs.severityNames.${severity}`)}>
        {isNote || severity === 'none' ? '' : severity[0]?.toUpperCase()}
      </span>
      {time && (
        <time
          className={styles.stamp}
          onMouseEnter={(event) => {
            event.currentTarget.title = exactTime(line.at, zone);
          }}
        >
          {stamp(line.at, zone)}
        </time>
      )}
      {nameLetters > 0 && (
        <span className={styles.name} style={{ width: `${nameLetters}ch` }} title={look?.name}>
          {look?.name}
        </span>
      )}
      <LineText line={line} find={find} />
    </div>
  );
}

/** `14:03:07.123` */
function stamp(at: number, zone: string): string {
  const millis = String(Math.floor(at % 1000)).padStart(3, '0');
  return `${formatTime(at, zone).slice(-8)}.${millis}`;
}
