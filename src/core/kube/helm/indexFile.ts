import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';

/**
 * What a repository's index says and helm's search does not: which versions are deprecated, as `chart@version`. An index is
 * up to tens of megabytes of YAML that helm wrote itself, so it is read line by line: a key of an entry stands exactly two
 * columns right of the entry's dash, and everything that is longer than a line stands further right.
 */
export async function readDeprecated(file: string): Promise<Set<string>> {
  const found = new Set<string>();
  const lines = createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Number.POSITIVE_INFINITY });
  let keys = '';
  let entry: Record<string, string> = {};
  const close = () => {
    if (entry.deprecated === 'true') found.add(`${entry.name}@${entry.version}`);
    entry = {};
  };
  let first = true;
  for await (const line of lines) {
    if (first && line.startsWith('{')) {
      lines.close();
      return readJson(file);
    }
    first = false;
    const dash = /^( *)- (?=[\w"']+:)/.exec(line);
    // The entries' own lists (`maintainers`, `dependencies`) stand as far right as their keys, or further.
    if (dash !== null && (keys === '' || (dash[1] ?? '').length < keys.length)) {
      close();
      keys = `${dash[1] ?? ''}  `;
    }
    const place = dash === null ? line : line.replace('- ', '  ');
    if (!place.startsWith(keys) || place[keys.length] === ' ' || keys === '') continue;
    const [, key = '', value = ''] = /^(deprecated|name|version): *(.*?) *$/.exec(place.slice(keys.length)) ?? [];
    if (key !== '') entry[key] ??= unquoted(value);
  }
  close();
  return found;
}

/** Time at which the file was written, milliseconds; null when there is none. */
export async function writtenAt(file: string): Promise<number | null> {
  try {
    return (await stat(file)).mtimeMs;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

export function indexPath(cacheFolder: string, repository: string): string {
  return path.join(cacheFolder, `${repository}-index.yaml`);
}

async function readJson(file: string): Promise<Set<string>> {
  const { entries } = JSON.parse(await readFile(file, 'utf8')) as {
    entries?: Record<string, { name?: string; version?: string; deprecated?: boolean }[]>;
  };
  const versions = Object.values(entries ?? {}).flat();
  return new Set(versions.filter(({ deprecated }) => deprecated).map(({ name, version }) => `${name}@${version}`));
}

function unquoted(value: string): string {
  return value.replace(/^(["'])(.*)\1$/, '$2');
}
