import { RotateCw, ScrollText } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import type { Capture, CapturedLine, CapturedSource } from '../../../core/cluster/logs/capture/contract.ts';
import { toError, useClient, useQuery } from '../../client/index.ts';
import {
  Button,
  EmptyState,
  ErrorState,
  exactTime,
  formatCount,
  formatTime,
  IconButton,
  Select,
  Skeleton,
  t,
  useDelayed,
  useTimeStyle,
} from '../../ui/index.ts';
import { CapturedSave } from './CapturedSave.tsx';
import { CapturedTimes } from './CapturedTimes.tsx';
import css from './captured.module.css';
import { type CapturedWish, queryOf } from './capturedWish.ts';
import { LineText } from './LineText.tsx';
import { noteSeverity, patternOf, severityNames } from './logBuffer.ts';
import { plainOf } from './readable.ts';

/** Lines that a page has. */
const pageLines = 300;
/** Before and after a line, when it is opened. */
const aroundLines = 8;

interface Found {
  lines: readonly CapturedLine[];
  sources: ReadonlyMap<number, CapturedSource>;
  more: boolean;
}

/** What was found: how much of it when, and the lines. */
export function CapturedLines(props: {
  captures: readonly Capture[];
  chosen: readonly string[] | undefined;
  wish: CapturedWish;
  onWish(change: Partial<CapturedWish>): void;
}) {
  const { captures, chosen, wish, onWish } = props;
  const client = useClient();
  const query = useMemo(() => queryOf(wish, chosen), [wish, chosen]);
  const first = useQuery((it) => it.logs.search, { ...query, order: wish.order, limit: pageLines });
  const count = useQuery((it) => it.logs.count, query);
  const [rest, setRest] = useState<Found>();
  const [reading, setReading] = useState(false);
  const [failure, setFailure] = useState<Error>();
  const [opened, setOpened] = useState<string>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is behind another first page is another
  useEffect(() => {
    setRest(undefined);
    setFailure(undefined);
    setOpened(undefined);
  }, [first.data]);
  const waiting = useDelayed(first.loading && first.data === undefined);
  const kept = captures.some(({ lines }) => lines > 0);
  const lines = [...(first.data?.lines ?? []), ...(rest?.lines ?? [])];
  const sources = useMemo(
    () => new Map([...(first.data?.sources ?? []).map((it) => [it.index, it] as const), ...(rest?.sources ?? [])]),
    [first.data, rest],
  );
  const more = rest?.more ?? first.data?.more ?? false;
  const readMore = async () => {
    const after = lines[lines.length - 1];
    if (after === undefined) return;
    setReading(true);
    try {
      const { source, number, at } = after;
      const next = await client.logs.search({
        ...query,
        order: wish.order,
        limit: pageLines * 3,
        after: { source, number, at },
      });
      setRest((before) => ({
        lines: [...(before?.lines ?? []), ...next.lines],
        sources: new Map([...(before?.sources ?? []), ...next.sources.map((it) => [it.index, it] as const)]),
        more: next.more,
      }));
      setFailure(undefined);
    } catch (thrown) {
      setFailure(toError(thrown));
    } finally {
      setReading(false);
    }
  };
  const find = useMemo(() => {
    const pattern = wish.find === '' ? undefined : patternOf(wish.find, wish.regex, 'gi');
    return typeof pattern === 'string' ? undefined : pattern;
  }, [wish.find, wish.regex]);
  const error = first.error ?? failure;
  return (
    <section className={css.found} aria-label={t('logs.captured.foundLines')} aria-busy={first.loading}>
      <div className={css.foundHead}>
        <span role="status">
          {count.data !== undefined &&
            !count.previous &&
            t('logs.captured.count', { count: count.data.total, number: formatCount(count.data.total) })}
        </span>
        <span className={css.grow} />
        <Select
          className={css.order}
          aria-label={t('logs.captured.order')}
          options={(['newest', 'oldest'] as const).map((value) => ({
            value,
            label: t(`logs.captured.orders.${value}`),
          }))}
          value={wish.order}
          onChange={(order) => onWish({ order: order === 'oldest' ? 'oldest' : 'newest' })}
        />
        <IconButton
          size="s"
          icon={RotateCw}
          label={t('logs.captured.again')}
          onClick={() => {
            first.reload();
            count.reload();
          }}
        />
        <CapturedSave query={query} total={count.data?.total ?? 0} />
      </div>
      {error !== undefined && (
        <ErrorState
          compact
          title={t('logs.captured.searchFailed')}
          error={error}
          onRetry={() => (first.error === undefined ? void readMore() : first.reload())}
        />
      )}
      {count.data !== undefined && count.data.total > 0 && (
        <CapturedTimes count={count.data} onRange={(from, to) => onWish({ from, to })} />
      )}
      {waiting && (
        <div className={css.bones}>
          {[82, 64, 77, 58, 70].map((width) => (
            <Skeleton key={width} width={`${width}%`} />
          ))}
        </div>
      )}
      {first.data !== undefined && lines.length === 0 && error === undefined && (
        <EmptyState
          compact
          icon={ScrollText}
          title={t(kept ? 'logs.captured.nothingFound' : 'logs.captured.nothingYet')}
        >
          {t(kept ? 'logs.captured.nothingFoundText' : 'logs.captured.nothingYetText')}
        </EmptyState>
      )}
      <div className={css.lines} data-stale={first.previous}>
        {lines.map((line) => {
          const key = `${line.source}/${line.number}`;
          return (
            <div key={key} className={css.lineBox}>
              <FoundLine
                line={line}
                source={sources.get(line.source)}
                find={find}
                open={opened === key}
                onOpen={() => setOpened(opened === key ? undefined : key)}
              />
              {opened === key && <Around line={line} find={find} />}
            </div>
          );
        })}
      </div>
      {more && (
        <Button busy={reading} onClick={() => void readMore()}>
          {t('logs.captured.more')}
        </Button>
      )}
    </section>
  );
}

function FoundLine(props: {
  line: CapturedLine;
  source: CapturedSource | undefined;
  find: RegExp | undefined;
  open: boolean;
  onOpen(): void;
}) {
  const { line, source, find, open, onOpen } = props;
  const { zone } = useTimeStyle();
  const severity = severityNames[line.severity] ?? 'none';
  return (
    <button
      type="button"
      className={css.line}
      data-severity={severity}
      aria-expanded={open}
      title={line.severity === noteSeverity ? undefined : t('logs.captured.around')}
      onClick={onOpen}
    >
      <time className={css.stamp} title={exactTime(line.at, zone)}>
        {formatTime(line.at, zone)}.{String(Math.floor(line.at % 1000)).padStart(3, '0')}
      </time>
      <span
        className={css.source}
        title={source && `${source.cluster}\n${source.namespace}/${source.pod}\n${source.node}`}
      >
        {source !== undefined && source.pod !== '' && `${source.pod}/${source.container}`}
      </span>
      <LineText line={{ text: line.text, plain: plainOf(line.text, true) }} find={find} />
    </button>
  );
}

/** The lines of the same container around one that was found. */
function Around({ line, find }: { line: CapturedLine; find: RegExp | undefined }) {
  const { zone } = useTimeStyle();
  const { source, number, at } = line;
  const { data, error } = useQuery((client) => client.logs.around, { source, number, at, lines: aroundLines });
  if (error !== undefined) return <ErrorState compact title={t('logs.captured.searchFailed')} error={error} />;
  return (
    <div className={css.around}>
      {data?.lines.map((each) => (
        <div
          key={each.number}
          className={css.aroundLine}
          data-severity={severityNames[each.severity]}
          data-current={each.number === number}
        >
          <time className={css.stamp}>
            {formatTime(each.at, zone).slice(-8)}.{String(Math.floor(each.at % 1000)).padStart(3, '0')}
          </time>
          <LineText line={{ text: each.text, plain: plainOf(each.text, true) }} find={find} />
        </div>
      ))}
    </div>
  );
}
