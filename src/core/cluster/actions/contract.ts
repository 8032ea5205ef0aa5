import { z } from 'zod';
import { command, query } from '../../kernel/contract.ts';
import { FieldChange } from '../../platform/audit/contract.ts';
import { Confirmation } from '../changes/contract.ts';
import { ObjectRef } from '../resources/contract.ts';

export const ActionInfo = z.object({
  /** `scale`: as texts, keys and the record call it. */
  id: z.string(),
  title: z.string(),
  /** Kind ids; empty for every kind. */
  kinds: z.array(z.string()),
  /** Several objects at once. */
  bulk: z.boolean(),
  /** Something is lost or interrupted. */
  danger: z.boolean(),
  /** It asks for nothing: it can be done with one press, where no confirmation is wanted. */
  plain: z.boolean(),
  /** It is of use only while an object is so (paused, suspended, cordoned) or is not; `useless` says of which it is not. */
  when: z.boolean().optional(),
});
export type ActionInfo = z.infer<typeof ActionInfo>;

export const FieldValue = z.union([z.string(), z.number(), z.boolean(), z.record(z.string(), z.string().nullable())]);
export type FieldValue = z.infer<typeof FieldValue>;

/** What an action asks for. `pairs` are keys and values, such as labels; a value of null takes the key away. */
export const Field = z.object({
  id: z.string(),
  label: z.string(),
  type: z.enum(['integer', 'text', 'quantity', 'boolean', 'choice', 'pairs']),
  /** What it is now, or what is most often wanted. */
  value: FieldValue.optional(),
  options: z.array(z.object({ value: z.string(), label: z.string() })).optional(),
  min: z.number().optional(),
  max: z.number().optional(),
  required: z.boolean(),
  help: z.string().optional(),
});
export type Field = z.infer<typeof Field>;

const Objects = z.array(ObjectRef).min(1).max(1000);
const Values = z.record(z.string(), FieldValue).default({});
const read = { verb: 'read', resource: 'objects' } as const;

export const actions = {
  catalog: query({
    summary: 'Everything that can be done with objects',
    access: read,
    input: z.object({}),
    result: z.object({ actions: z.array(ActionInfo) }),
  }),
  allowed: query({
    summary: 'Which actions this user may do with objects of a kind, asked of the API server',
    access: read,
    input: z.object({ cluster: z.string(), kind: z.string(), namespace: z.string(), name: z.string().optional() }),
    result: z.object({
      actions: z.array(
        z.object({
          id: z.string(),
          allowed: z.boolean(),
          /** Why not. */
          reason: z.string().optional(),
          /** The rule that an administrator would grant, as YAML. */
          rule: z.string().optional(),
        }),
      ),
    }),
  }),
  useless: query({
    summary: 'Actions that would change nothing on any of these objects, since they are so already',
    access: read,
    input: z.object({ objects: Objects }),
    result: z.object({ actions: z.array(z.string()) }),
  }),
  form: query({
    summary: 'What an action asks for, with the values that the object has now',
    access: read,
    input: z.object({ action: z.string(), objects: Objects }),
    result: z.object({
      fields: z.array(Field),
      confirmation: Confirmation,
      /** What should be known before. */
      notes: z.array(z.string()),
    }),
  }),
  preview: query({
    summary: 'What an action would change, by a dry run at the API server',
    access: read,
    input: z.object({ action: z.string(), objects: Objects, values: Values }),
    result: z.object({
      steps: z.array(
        z.object({
          object: ObjectRef,
          changes: z.array(FieldChange),
          /** Words on what happens besides. */
          effects: z.array(z.string()),
          /** Why it would be refused. */
          error: z.string().optional(),
          hint: z.string().optional(),
        }),
      ),
      /** Objects beyond the first twenty were not asked about. */
      more: z.number(),
      confirmation: Confirmation,
    }),
  }),
  run: command({
    summary: 'Does an action; its progress and its undo are in `changes`',
    access: { verb: 'write', resource: 'objects' },
    input: z.object({ action: z.string(), objects: Objects, values: Values, confirmed: z.string().optional() }),
    result: z.object({ run: z.string() }),
  }),
};
