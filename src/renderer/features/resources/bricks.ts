import type { Tone } from '../../ui/index.ts';

/** One container of a pod, as the `containers` column tells it. */
export interface Brick {
  role: 'container' | 'init' | 'sidecar';
  tone: Tone;
  word: string;
  name: string;
}

const roles: Readonly<Record<string, Brick['role']>> = { c: 'container', i: 'init', s: 'sidecar' };

const states: Readonly<Record<string, { tone: Tone; word: string }>> = {
  r: { tone: 'healthy', word: 'running' },
  n: { tone: 'warning', word: 'running, not ready' },
  p: { tone: 'progressing', word: 'starting' },
  f: { tone: 'failed', word: 'failed' },
  e: { tone: 'stopped', word: 'completed' },
};

/** Reads `<role><state> <name>`, one container a line. Letters that are not known stand for an unknown state. */
export function readBricks(text: string): Brick[] {
  if (text === '') return [];
  return text.split('\n').map((line) => {
    const state = states[line[1] ?? ''] ?? { tone: 'unknown' as const, word: 'unknown' };
    return { role: roles[line[0] ?? ''] ?? 'container', ...state, name: line.slice(3) };
  });
}
