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

/** Without defaults, so that a change names exactly what it changes. */
const fields = {
  theme: z.enum(['system', 'light', 'dark']),
  density: z.enum(['compact', 'comfortable']),
  /** IANA zone, or 'local' or 'UTC'. */
  timeZone: z.string(),
  time: z.enum(['relative', 'absolute']),
  locale: z.string(),
  fontSize: z.number().int().min(10).max(20),
  reducedMotion: z.enum(['system', 'on', 'off']),
  /** Nothing is contacted but the clusters that the user opens. */
  airGap: z.boolean(),
  /** Keys by command id; null unbinds. Absent commands keep their defaults. */
  keymap: z.record(z.string(), z.array(z.string()).nullable()),
  /** Kind ids, in order. */
  favoriteKinds: z.array(z.string()),
  views: z.array(SavedView),
  kinds: z.record(z.string(), KindView),
  detail: z.enum(['drawer', 'page']),
};

export const Preferences = z.object({
  theme: fields.theme.default('system'),
  density: fields.density.default('compact'),
  timeZone: fields.timeZone.default('local'),
  time: fields.time.default('relative'),
  locale: fields.locale.default('en'),
  fontSize: fields.fontSize.default(13),
  reducedMotion: fields.reducedMotion.default('system'),
  airGap: fields.airGap.default(true),
  keymap: fields.keymap.default({}),
  favoriteKinds: fields.favoriteKinds.default([]),
  views: fields.views.default([]),
  kinds: fields.kinds.default({}),
  detail: fields.detail.default('drawer'),
});
export type Preferences = z.infer<typeof Preferences>;

/** Some preferences; what is absent stays, what is present is replaced as a whole. */
export const PreferencesChange = z.object(fields).partial();
export type PreferencesChange = z.infer<typeof PreferencesChange>;

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
    input: z.object({ change: PreferencesChange }),
    result: z.object({}),
  }),
};
