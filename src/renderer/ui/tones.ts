/** How something is doing. Each has a colour, a shape and a word, so that none depends on colour alone. */
export type Tone = 'healthy' | 'progressing' | 'warning' | 'failed' | 'unknown' | 'stopped';

/** By urgency: what should be looked at first comes first. */
export const tonesByUrgency: readonly Tone[] = ['failed', 'warning', 'progressing', 'unknown', 'healthy', 'stopped'];
