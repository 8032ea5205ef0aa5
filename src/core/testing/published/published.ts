import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parseAllDocuments } from 'yaml';

/** An object of a published manifest. */
export interface PublishedObject {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; labels?: Record<string, string> };
}

/** A manifest as its project publishes it, in texts that one apply takes each, in the order of the file. */
export interface Published {
  texts: string[];
  objects: PublishedObject[];
}

/** Characters of a text that is applied at once. */
const mostTogether = 2_500_000;

/** @param name of a file beside this one, without `.yaml.gz` */
export function readPublished(name: string): Published {
  const text = gunzipSync(readFileSync(path.join(import.meta.dirname, `${name}.yaml.gz`))).toString('utf8');
  const texts: string[] = [];
  for (const document of text.split(/^---.*\n/m)) {
    if (document.trim() === '') continue;
    const last = texts.at(-1);
    if (last === undefined || last.length + document.length > mostTogether) texts.push(document);
    else texts[texts.length - 1] = `${last}\n---\n${document}`;
  }
  const read = parseAllDocuments(text, { version: '1.1' });
  if (!Array.isArray(read)) throw new Error(`${name} is empty`);
  const objects = read.flatMap((document) => {
    const value = document.toJS() as (PublishedObject & { items?: PublishedObject[] }) | null;
    if (value === null) return [];
    return value.kind.endsWith('List') && value.items !== undefined ? value.items : [value];
  });
  return { texts, objects };
}
