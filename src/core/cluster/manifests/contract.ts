import { z } from 'zod';
import { command, live, query } from '../../kernel/contract.ts';
import { FieldChange } from '../../platform/audit/contract.ts';
import { Confirmation } from '../changes/contract.ts';
import { ObjectRef } from '../resources/contract.ts';

/** Something that is wrong at a place of the text. Lines and columns begin with 1. */
export const TextProblem = z.object({
  line: z.number().int(),
  column: z.number().int(),
  message: z.string(),
});
export type TextProblem = z.infer<typeof TextProblem>;

/** Another program or person holds a field that the text sets otherwise. */
export const FieldConflict = z.object({
  /** The field manager: `kubectl`, `argocd-controller`. */
  manager: z.string(),
  /** `.spec.replicas` */
  field: z.string(),
});
export type FieldConflict = z.infer<typeof FieldConflict>;

/** A field that somebody changed after the object was opened. */
export const MeanwhileChange = z.object({
  /** JSON pointer. */
  path: z.string(),
  /** As it was opened; absent where there was none. */
  opened: z.unknown().optional(),
  /** As it is now. */
  now: z.unknown().optional(),
  /** Who, by the object's managedFields, and since when (milliseconds); absent where they do not tell. */
  manager: z.string().optional(),
  at: z.number().optional(),
  /** The edit changes the same field to something else. */
  contested: z.boolean(),
});
export type MeanwhileChange = z.infer<typeof MeanwhileChange>;

/** The controller that made an object, and will make it anew. */
const Owner = z.object({ kind: z.string(), name: z.string() });

/** Where an object comes from: what is changed in the cluster is overwritten from there. */
const Source = z.object({
  tool: z.enum(['argocd', 'flux', 'helm']),
  kind: z.string(),
  name: z.string(),
  namespace: z.string(),
});
export type Source = z.infer<typeof Source>;

/** What one document of the text would do. */
export const DocumentPreview = z.object({
  /** Line at which the document begins. */
  line: z.number().int(),
  object: ObjectRef,
  /** `create` and `apply` by server-side apply; `edit` by a patch of what was changed in the text. */
  mode: z.enum(['create', 'apply', 'edit']),
  /** Of a dry run, by field; values of secrets are hidden. */
  changes: z.array(FieldChange),
  /** YAML before ('' when it is new) and after, without managedFields. */
  before: z.string(),
  after: z.string(),
  /** Fields of other managers, overwritten only with `force`. */
  conflicts: z.array(FieldConflict),
  /** Of an edit: what others changed since. */
  meanwhile: z.array(MeanwhileChange),
  /** Of an edit with `meanwhile`: the object as it is now, with the changes of the text that nobody contests. */
  merged: z.string().optional(),
  /** The object as it is now: what `opened.text` becomes when `merged` is taken. */
  live: z.string().optional(),
  /** The API server's warnings, and what should be known besides. */
  warnings: z.array(z.string()),
  owner: Owner.optional(),
  source: Source.optional(),
  /** Why it would be refused. */
  error: z.string().optional(),
  hint: z.string().optional(),
  problems: z.array(TextProblem),
});
export type DocumentPreview = z.infer<typeof DocumentPreview>;

export const Template = z.object({
  id: z.string(),
  title: z.string(),
  description: z.string(),
  text: z.string(),
  /** A kind that not every cluster serves. */
  needs: z.string().optional(),
});
export type Template = z.infer<typeof Template>;

/** What keeps a file of a folder from being read. */
export const FileProblem = TextProblem.extend({ file: z.string() });
export type FileProblem = z.infer<typeof FileProblem>;

/** One object of a folder, and what its dry run says. */
export const FolderRow = z.object({
  key: z.string(),
  /** By its path in the folder; '' for what a kustomization made. */
  file: z.string(),
  line: z.number().int(),
  /** `Deployment` */
  kind: z.string(),
  object: ObjectRef,
  /** `conflict`: others manage fields that it sets. */
  state: z.enum(['waiting', 'new', 'changed', 'same', 'conflict', 'refused']),
  /** Fields that change. */
  changes: z.number(),
  warnings: z.array(z.string()),
  error: z.string().optional(),
  hint: z.string().optional(),
});
export type FolderRow = z.infer<typeof FolderRow>;

export const FolderHead = z.object({
  /** Folders in it that have a kustomization; '' is the folder itself. */
  kustomizations: z.array(z.string()),
  /** Objects that were looked at, of `total`. */
  asked: z.number(),
  total: z.number(),
  done: z.boolean(),
  problems: z.array(FileProblem),
  /** Applied from a folder of this name before, there still, and no longer in it. */
  gone: z.array(ObjectRef),
  /** Why the whole cannot be looked at. */
  error: z.string().optional(),
  hint: z.string().optional(),
});
export type FolderHead = z.infer<typeof FolderHead>;

const read = { verb: 'read', resource: 'objects' } as const;
const write = { verb: 'write', resource: 'objects' } as const;

const FolderInput = z.object({
  /** As `bring` called it. */
  upload: z.string().max(64),
  /** What the folder is remembered as: of the same name, what is gone from it is told. '' is not remembered. */
  name: z.string().max(200),
  cluster: z.string(),
  namespace: z.string().default('default'),
  force: z.boolean().default(false),
  /** Builds this folder's kustomization ('' for the top); absent: the files as they are. */
  kustomization: z.string().max(1000).optional(),
  /** Files in folders below, too; a kustomization decides by itself. */
  recursive: z.boolean().default(true),
  /** With another number it is looked at anew. */
  turn: z.number().int().default(0),
});
export type FolderInput = z.infer<typeof FolderInput>;

const FolderPlan = FolderInput.extend({
  /** Keys of the rows that are applied. */
  keys: z.array(z.string()).max(1000),
  /** Of `gone`: these are deleted. */
  remove: z.array(ObjectRef).max(1000).default([]),
});
export type FolderPlan = z.infer<typeof FolderPlan>;

const Manifest = z.object({
  cluster: z.string(),
  /** One or many YAML documents. */
  text: z.string().max(3_000_000),
  /** For objects that name none. */
  namespace: z.string().default('default'),
  /** Takes over fields of other managers, and overwrites what was changed since an object was opened. */
  force: z.boolean().default(false),
  /** The object that is edited, as it was opened: what the text changes in it, is what is sent. */
  opened: z.object({ object: ObjectRef, text: z.string().max(3_000_000) }).optional(),
});

export const manifests = {
  open: query({
    summary: 'An object as it is edited: YAML without status and what else the server writes',
    access: read,
    input: z.object({ object: ObjectRef }),
    result: z.object({
      /** Values of secrets are sizes; left as they are, they stay as they are. */
      text: z.string(),
      owner: Owner.optional(),
      source: Source.optional(),
    }),
  }),
  preview: query({
    summary: 'What YAML documents would change in a cluster, by a dry run at the API server',
    access: read,
    input: Manifest,
    result: z.object({
      documents: z.array(DocumentPreview),
      /** What keeps the text from being read. With any, `documents` is empty. */
      problems: z.array(TextProblem),
      confirmation: Confirmation,
    }),
  }),
  apply: command({
    summary: 'Applies YAML documents; progress and undo are in `changes`',
    access: write,
    input: Manifest.extend({ confirmed: z.string().optional() }),
    result: z.object({ run: z.string() }),
  }),
  bring: command({
    summary: 'Hands files of a folder over, in as many calls as it takes; the engine reads no folder by itself',
    access: read,
    input: z.object({
      /** The caller's own name for what belongs together; kept for a while, and forgotten with the program. */
      upload: z.string().min(1).max(64),
      files: z
        .array(
          z.object({
            /** In the folder, with slashes: `overlays/prod/kustomization.yaml`. */
            path: z.string().min(1).max(1000),
            text: z.string().max(800_000),
            /** It goes on what was brought before of the same file. */
            more: z.boolean().default(false),
          }),
        )
        .max(500),
    }),
    result: z.object({}),
  }),
  folder: live({
    summary: 'What the files of a folder would change in a cluster: a dry run of each object, as they come',
    access: read,
    input: FolderInput,
    head: FolderHead,
    row: FolderRow,
  }),
  folderDocument: query({
    summary: 'What one object of a folder would change, in full',
    access: read,
    input: FolderInput.extend({ key: z.string() }),
    result: DocumentPreview,
  }),
  folderConfirmation: query({
    summary: 'What applying a choice of a folder asks for',
    access: read,
    input: FolderPlan,
    result: Confirmation,
  }),
  applyFolder: command({
    summary: 'Applies a choice of a folder, as one change; progress and undo are in `changes`',
    access: write,
    input: FolderPlan.extend({ confirmed: z.string().optional() }),
    result: z.object({ run: z.string() }),
  }),
  schema: query({
    summary: "A kind's JSON schema as the cluster itself publishes it, with every schema that it refers to",
    access: read,
    input: z.object({ cluster: z.string(), apiVersion: z.string(), kind: z.string() }),
    result: z.object({
      /** Key of the kind's own schema in `schemas`. */
      root: z.string(),
      /** By name: `$ref` is `#/components/schemas/<name>`. */
      schemas: z.record(z.string(), z.unknown()),
    }),
  }),
  kinds: query({
    summary: 'The kinds that a cluster serves, as manifests name them',
    access: read,
    input: z.object({ cluster: z.string() }),
    result: z.object({ kinds: z.array(z.object({ apiVersion: z.string(), kind: z.string() })) }),
  }),
  templates: query({
    summary: 'Manifests to begin with',
    access: read,
    input: z.object({}),
    result: z.object({ templates: z.array(Template) }),
  }),
};
