import { readFile, realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { KubeSageError } from '../../kernel/errors.ts';
import { maxKubeconfigBytes, type ParsedKubeconfig, parseKubeconfig, tooLarge } from './parse.ts';
import type { FileFacts } from './risks.ts';

/** A kubeconfig file with its last good content. */
export interface TrackedFile {
  path: string;
  /** What it resolves to through symbolic links; the path itself while it cannot be resolved. */
  realPath: string;
  /** Changes whenever the file does. */
  fingerprint: string;
  /** Last content that could be read; undefined when there never was one. */
  good: ParsedKubeconfig | undefined;
  facts: FileFacts;
  /** Why the present content is not `good`. */
  problem: KubeSageError | undefined;
  missing: boolean;
  /** Content that looks cut off, and since when (milliseconds) it has been so. */
  suspect: { parsed: ParsedKubeconfig; since: number } | undefined;
}

/** A file that is being written is complete soon; one that stays as it is was meant so. */
const settledMs = 10_000;

const noFacts: FileFacts = { worldReadable: false, folderWorldWritable: false };

/**
 * Looks at a file again. Unchanged: the same object. A file that is empty, cut off, not readable or no kubeconfig keeps
 * the last good content and says so; one that is gone has none.
 * @param now milliseconds
 */
export async function refresh(path: string, before: TrackedFile | undefined, now: number): Promise<TrackedFile> {
  const missing: TrackedFile = {
    path,
    realPath: path,
    fingerprint: 'missing',
    good: undefined,
    facts: noFacts,
    problem: undefined,
    missing: true,
    suspect: undefined,
  };
  let found: TrackedFile = { ...missing, missing: false, good: before?.good };
  try {
    const realPath = await realpath(path);
    const facts = await stat(realPath, { bigint: true });
    const fingerprint = `${realPath}:${facts.dev}:${facts.ino}:${facts.size}:${facts.mtimeNs}:${facts.ctimeNs}`;
    if (before?.fingerprint === fingerprint) return settle(before, now);
    found = { ...found, realPath, fingerprint };
    // A pipe or a device could block for ever.
    if (!facts.isFile()) throw new KubeSageError('invalid', 'It is not a regular file', { hint: 'Name a file.' });
    if (facts.size > BigInt(maxKubeconfigBytes)) throw tooLarge();
    const folder = dirname(path);
    const folderMode = Number((await stat(folder)).mode);
    const posix = process.platform !== 'win32';
    found.facts = {
      worldReadable: posix && (Number(facts.mode) & 0o004) !== 0,
      folderWorldWritable: posix && (folderMode & 0o002) !== 0,
    };
    const text = new TextDecoder('utf-8', { fatal: true }).decode(await readFile(realPath));
    const parsed = parseKubeconfig(text, folder);
    const last = before?.good;
    if (last?.parts.every((part) => parsed.parts.includes(part)) === false) {
      return { ...found, suspect: { parsed, since: now }, problem: cutOff() };
    }
    return { ...found, good: parsed };
  } catch (error) {
    const problem = asProblem(error);
    if (problem === 'missing') return before?.missing === true ? before : missing;
    return { ...found, problem };
  }
}

function settle(file: TrackedFile, now: number): TrackedFile {
  if (file.suspect === undefined || now - file.suspect.since < settledMs) return file;
  return { ...file, good: file.suspect.parsed, suspect: undefined, problem: undefined };
}

function cutOff(): KubeSageError {
  return new KubeSageError('invalid', 'It seems to be cut off', {
    hint: 'If it was meant so, it is used in a few seconds.',
  });
}

function asProblem(error: unknown): KubeSageError | 'missing' {
  if (error instanceof KubeSageError) return error;
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'missing';
  if (code === 'EACCES' || code === 'EPERM') {
    return new KubeSageError('forbidden', 'It may not be read', { hint: 'Give yourself the right to read it.' });
  }
  if (code === 'ELOOP')
    return new KubeSageError('invalid', 'Its symbolic links lead in a circle', { hint: 'Repair them.' });
  if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') {
    return new KubeSageError('invalid', 'It is not text (UTF-8)', { hint: 'Save it as UTF-8.' });
  }
  return new KubeSageError('unavailable', `It could not be read (${code ?? 'unknown error'})`, {
    hint: 'KubeSage tries again by itself.',
    cause: error,
  });
}
