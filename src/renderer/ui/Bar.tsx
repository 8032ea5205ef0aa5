import styles from './data.module.css';
import type { Tone } from './tones.ts';
import { tonesByUrgency } from './tones.ts';

export interface BarProps {
  /** Accessible name, such as `CPU requested`. */
  label: string;
  value: number;
  max: number;
  /** The value in words, read out instead of the ratio. */
  text?: string;
  /** Marks on the scale, such as a request and a limit. */
  marks?: readonly { at: number; label: string }[];
  tone?: Tone | 'neutral';
}

/** A quantity on its scale. What is over the scale fills it and says so in its end. */
export function Bar({ label, value, max, text, marks = [], tone = 'neutral' }: BarProps) {
  const share = (amount: number) => (max > 0 ? Math.min(1, Math.max(0, amount / max)) * 100 : 0);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a <meter> can't carry marks, nor be drawn alike in all engines.
    <div
      className={styles.bar}
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={max}
      aria-valuenow={Math.min(value, max)}
      aria-valuetext={text}
    >
      <div className={styles.barFill} data-tone={tone} data-over={value > max} style={{ width: `${share(value)}%` }} />
      {marks.map((mark) => (
        <div
          key={mark.label}
          className={styles.barMark}
          style={{ left: `${share(mark.at)}%` }}
          title={mark.label}
          aria-hidden
        />
      ))}
    </div>
  );
}

/** Shares of a whole by tone, most urgent first. A share that is there is never thinner than two pixels. */
export function ToneBar({ label, counts }: { label: string; counts: Readonly<Record<Tone, number>> }) {
  const present = tonesByUrgency.filter((tone) => counts[tone] > 0);
  return (
    <div className={styles.toneBar} role="img" aria-label={label}>
      {present.map((tone) => (
        <div key={tone} data-tone={tone} style={{ flexGrow: counts[tone] }} />
      ))}
    </div>
  );
}
