import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { z } from 'zod';
import { KubeSageError } from '../../../kernel/errors.ts';

const unzip = promisify(gunzip);
/** A release is at most 1 MB in the cluster; what unpacks to more than this is not one. */
const mostBytes = 64 * 1024 * 1024;

const text = z
  .string()
  .nullish()
  .transform((value) => value ?? '');
const table = z
  .record(z.string(), z.unknown())
  .nullish()
  .transform((value) => value ?? {});
const files = z
  .array(z.looseObject({ name: z.string(), data: text }))
  .nullish()
  .transform((value) => value ?? []);

/** What helm stores of a revision, as far as it is read here; the names are helm's. */
const Body = z.object({
  name: z.string(),
  namespace: text,
  version: z.number(),
  info: z.looseObject({
    first_deployed: text,
    last_deployed: text,
    description: text,
    status: text,
    notes: text,
  }),
  chart: z.looseObject({
    metadata: z.looseObject({
      name: text,
      version: text,
      appVersion: text,
      dependencies: z.array(z.looseObject({ name: text })).nullish(),
    }),
    templates: files,
    values: table,
    /** Base64 of a JSON schema. */
    schema: text,
    files,
  }),
  config: table,
  manifest: text,
  hooks: z
    .array(
      z.looseObject({
        name: text,
        kind: text,
        events: z.array(z.string()).nullish(),
        delete_policies: z.array(z.string()).nullish(),
        manifest: text,
        weight: z.number().nullish(),
        last_run: z.looseObject({ phase: text }).nullish(),
      }),
    )
    .nullish()
    .transform((value) => value ?? []),
});
export type ReleaseBody = z.output<typeof Body>;

/**
 * Reads what stands in the key `release` of a configmap (or of a secret, after the API's own base64): base64 of gzip of JSON.
 * Rejects with `invalid`, without a word of what stands in it.
 */
export async function readBody(encoded: string): Promise<ReleaseBody> {
  try {
    const bytes = Buffer.from(encoded, 'base64');
    const zipped = bytes[0] === 0x1f && bytes[1] === 0x8b && bytes[2] === 0x08;
    const json = zipped ? await unzip(bytes, { maxOutputLength: mostBytes }) : bytes;
    return parseBody(json.toString('utf8'));
  } catch {
    // The cause would quote the body, and so values that may be secret.
    throw new KubeSageError('invalid', 'What is stored of this revision cannot be read', {
      hint: 'It was damaged, or written by a program that is not helm 3 or newer.',
    });
  }
}

/** A release as helm writes it as JSON. Throws whatever is wrong with it, with its content: not to be told to anybody. */
export function parseBody(json: string): ReleaseBody {
  return Body.parse(JSON.parse(json));
}
