import { z } from 'zod';
import { command, live } from '../../kernel/contract.ts';

/** A column of the user's own: a label, an annotation or a JSONPath, shown in the lists of one kind. */
export const UserColumn = z.object({
  title: z.string().min(1).max(60),
  from: z.enum(['label', 'annotation', 'jsonPath']),
  path: z.string().min(1).max(300),
});
export type UserColumn = z.infer<typeof UserColumn>;

/** A list as someone wants to see it again. */
export const SavedView = z.object({
  id: z.string(),
  name: z.string().min(1).max(80),
  kind: z.string(),
  filter: z.string(),
  sort: z.array(z.object({ column: z.string(), descending: z.boolean() })),
  group: z.string().optional(),
  columns: z.array(z.string()).optional(),
  clusters: z.array(z.string()).optional(),
  namespaces: z.array(z.string()).optional(),
});
export type SavedView = z.infer<typeof SavedView>;

/** How the lists of one kind look. */
export const KindView = z.object({
  /** Column ids in order; absent for the default ones. */
  columns: z.array(z.string()).optional(),
  widths: z.record(z.string(), z.number()).optional(),
  userColumns: z.array(UserColumn).optional(),
  sort: z.array(z.object({ column: z.string(), descending: z.boolean() })).optional(),
});
export type KindView = z.infer<typeof KindView>;

export const Preferences = z.object({
  theme: z.enum(['system', 'light', 'dark']).default('system'),
  density: z.enum(['compact', 'comfortable']).default('compact'),
  /** IANA zone, or 'local' or 'UTC'. */
  timeZone: z.string().default('local'),
  time: z.enum(['relative', 'absolute']).default('relative'),
  locale: z.string().default('en'),
  fontSize: z.number().int().min(10).max(20).default(13),
  reducedMotion: z.enum(['system', 'on', 'off']).default('system'),
  /** Nothing is contacted but the clusters that the user opens. */
  airGap: z.boolean().default(true),
  /** Keys by command id; null unbinds. Absent commands keep their defaults. */
  keymap: z.record(z.string(), z.array(z.string()).nullable()).default({}),
  /** Kind ids, in order. */
  favoriteKinds: z.array(z.string()).default([]),
  views: z.array(SavedView).default([]),
  kinds: z.record(z.string(), KindView).default({}),
  detail: z.enum(['drawer', 'page']).default('drawer'),
});
export type Preferences = z.infer<typeof Preferences>;

export const settings = {
  preferences: live({
    summary: "The user's preferences",
    access: { verb: 'read', resource: 'preferences' },
    input: z.object({}),
    head: Preferences,
    row: z.object({ key: z.string() }),
  }),
  update: command({
    summary: 'Changes some preferences; what is absent stays',
    access: { verb: 'write', resource: 'preferences' },
    input: z.object({ change: Preferences.partial() }),
    result: z.object({}),
  }),
};
