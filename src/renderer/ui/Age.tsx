import { useContext } from 'react';
import styles from './data.module.css';
import { absent, formatDuration, formatMoment, formatTime } from './format.ts';
import { ClockSkewContext, useTicking, useTimeStyle } from './time.ts';

/**
 * How long ago something was, ticking; or the moment itself when the user prefers that. The exact time in the user's
 * zone and in UTC is its title. `at` is milliseconds; null and 0 are absent. `ahead`: by how many milliseconds the clock
 * that wrote it is ahead of ours; absent, it is as for all that is shown around it.
 */
export function Age(props: { at: number | null | undefined; suffix?: string; ahead?: number | undefined }) {
  const { at, suffix } = props;
  const around = useContext(ClockSkewContext);
  const ahead = props.ahead ?? around;
  const { zone, style } = useTimeStyle();
  const known = at !== null && at !== undefined && at > 0;
  const text = useTicking((now) => {
    if (!known) return absent;
    return style === 'absolute' ? formatMoment(at, zone, now) : formatDuration(now + ahead - at);
  });
  if (!known) return <span className={styles.absent}>{absent}</span>;
  return (
    <time dateTime={new Date(at).toISOString()} title={exactTime(at, zone)}>
      {text}
      {style === 'relative' && suffix !== undefined && ` ${suffix}`}
    </time>
  );
}

/** The moment in the user's zone, and in UTC when that differs. */
export function exactTime(at: number, zone: string): string {
  const own = formatTime(at, zone);
  const utc = formatTime(at, 'UTC');
  return own === utc ? `${utc} UTC` : `${own}\n${utc} UTC`;
}
