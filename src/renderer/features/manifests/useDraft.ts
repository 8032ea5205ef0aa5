import { useEffect, useMemo, useRef } from 'react';
import { readStored, writeStored } from '../../state/stored.ts';

/** A text that was not applied, as it is kept on this computer until it is. */
export interface Draft {
  /** The subject of its tab. */
  subject: string;
  text: string;
  /** The object's text as it was opened, to be held against the one that is there now. */
  base?: string | undefined;
  /** Milliseconds. */
  at: number;
}

const mostDrafts = 20;
const mostCharacters = 400_000;
/** Kept so long after the last letter. ms. */
const settleMs = 400;

export function drafts(): readonly Draft[] {
  return readStored('drafts', isDrafts) ?? [];
}

function keep(draft: Draft): void {
  const others = drafts().filter(({ subject }) => subject !== draft.subject);
  writeStored('drafts', [draft, ...others].slice(0, mostDrafts));
}

export function dropDraft(subject: string): void {
  const all = drafts();
  const left = all.filter((each) => each.subject !== subject);
  if (left.length < all.length) writeStored('drafts', left);
}

/** Values of secrets are kept nowhere, and so no text that may have some. */
export function mayBeKept(text: string): boolean {
  return text.length <= mostCharacters && !/^\s*["']?kind["']?\s*:\s*["']?Secret(List)?\b/m.test(text);
}

/** The text of an earlier run, and keeping of the present one while it is not applied. */
export function useDraft(
  subject: string,
  now: { text: string; base: string | undefined; dirty: boolean },
): Draft | undefined {
  const found = useMemo(() => drafts().find((each) => each.subject === subject), [subject]);
  const latest = useRef(now);
  latest.current = now;
  const begun = useRef(false);
  const { text, base, dirty } = now;
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is kept is read when the time has come
  useEffect(() => {
    // Before anything was opened, nothing is known to be unchanged.
    if (!dirty && !begun.current) return;
    begun.current = true;
    const write = () => {
      const { text, base, dirty } = latest.current;
      if (dirty && mayBeKept(text)) keep({ subject, text, at: Date.now(), ...(base !== undefined && { base }) });
      else dropDraft(subject);
    };
    const timer = setTimeout(write, settleMs);
    window.addEventListener('pagehide', write);
    return () => {
      clearTimeout(timer);
      window.removeEventListener('pagehide', write);
    };
  }, [subject, text, base, dirty]);
  return found;
}

function isDrafts(value: unknown): value is Draft[] {
  return (
    Array.isArray(value) &&
    value.every(
      (each) => typeof each?.subject === 'string' && typeof each.text === 'string' && typeof each.at === 'number',
    )
  );
}
