import { toErrorValue } from '../../kernel/errors.ts';
import { isKustomization, type KustomizeProgram } from '../../kube/kustomize/index.ts';
import type { FileProblem, FolderInput } from './contract.ts';
import { readDocuments, type TextDocument } from './documents.ts';
import type { Upload } from './uploads.ts';

/** One object of a folder. */
export interface FolderDocument {
  /** The same as long as the folder is. */
  key: string;
  file: string;
  document: TextDocument;
}

export interface ReadFolder {
  documents: FolderDocument[];
  problems: FileProblem[];
}

type Way = Pick<FolderInput, 'kustomization' | 'recursive'>;

/** Folders of an upload that have a kustomization, those near the top first. */
export function kustomizationsOf({ files }: Upload): string[] {
  const folders = [...files.keys()].filter(isKustomization).map((path) => path.split('/').slice(0, -1).join('/'));
  const depth = (folder: string) => (folder === '' ? 0 : folder.split('/').length);
  return folders.sort((a, b) => depth(a) - depth(b) || a.localeCompare(b));
}

/**
 * The objects of a folder: what its kustomization makes, or every YAML and JSON file in the order of their paths. A file
 * that cannot be read takes no other one with it. Rejects as `KustomizeProgram.build`.
 */
export async function readFolder(
  upload: Upload,
  { kustomization, recursive }: Way,
  program: KustomizeProgram,
  signal: AbortSignal,
): Promise<ReadFolder> {
  const found: ReadFolder = { documents: [], problems: [] };
  if (kustomization !== undefined) {
    readInto(found, '', await program.build(upload.files, kustomization, signal));
    return found;
  }
  const paths = [...upload.files.keys()]
    .filter((path) => /\.(ya?ml|json)$/i.test(path) && !isKustomization(path))
    .filter((path) => recursive || !path.includes('/'))
    .sort((a, b) => a.localeCompare(b));
  for (const path of paths) readInto(found, path, upload.files.get(path) ?? '');
  return found;
}

function readInto(found: ReadFolder, file: string, text: string): void {
  try {
    const { documents, problems } = readDocuments(text);
    found.problems.push(...problems.map((problem) => ({ file, ...problem })));
    if (problems.length > 0) return;
    for (const [index, document] of documents.entries()) {
      found.documents.push({ key: `${file}#${index}`, file, document });
    }
  } catch (error) {
    found.problems.push({ file, line: 1, column: 1, message: toErrorValue(error).message });
  }
}
