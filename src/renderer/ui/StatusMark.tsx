import type { ReactNode } from 'react';
import { classes } from './classes.ts';
import styles from './data.module.css';
import { t } from './text.ts';
import type { Tone } from './tones.ts';

/** The shape of a tone, drawn and not typed, so that all have one optical size and sit on the line. */
export function ToneShape({ tone, size = 10 }: { tone: Tone; size?: number }) {
  return (
    <svg
      className={classes(styles.shape, styles[tone])}
      width={size}
      height={size}
      viewBox="0 0 10 10"
      aria-hidden="true"
      focusable="false"
    >
      {tone === 'healthy' && <circle cx="5" cy="5" r="4" fill="currentColor" />}
      {tone === 'progressing' && (
        <>
          <circle cx="5" cy="5" r="3.6" fill="none" stroke="currentColor" strokeWidth="1.2" />
          <path d="M5 1.4a3.6 3.6 0 0 0 0 7.2Z" fill="currentColor" />
        </>
      )}
      {tone === 'warning' && <path d="M5 .8 9.6 9H.4Z" fill="currentColor" />}
      {tone === 'failed' && <rect x="1" y="1" width="8" height="8" rx="1" fill="currentColor" />}
      {tone === 'unknown' && <circle cx="5" cy="5" r="3.5" fill="none" stroke="currentColor" strokeWidth="1.4" />}
      {tone === 'stopped' && <rect x="1" y="4" width="8" height="2" rx="1" fill="currentColor" />}
    </svg>
  );
}

/** Shape and word of a tone. The word is the tone's own unless a more exact one is given. */
export function StatusMark({ tone, children }: { tone: Tone; children?: ReactNode }) {
  return (
    <span className={classes(styles.status, styles[tone])}>
      <ToneShape tone={tone} />
      <span className={styles.statusWord}>{children ?? t(`ui.tone.${tone}`)}</span>
    </span>
  );
}
