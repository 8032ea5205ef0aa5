import type { LiveSource, LiveState } from '../../kernel/contract.ts';
import { Emitter } from '../../kernel/emitter.ts';
import { toErrorValue } from '../../kernel/errors.ts';
import type { OpenClusters } from '../fleet/openClusters.ts';
import { objectKey } from './applied.ts';
import type { DocumentPreview, FolderHead, FolderInput, FolderRow } from './contract.ts';
import { previewOf } from './dryRun.ts';
import type { FolderJob, Folders } from './folders.ts';

/** Dry runs at once. */
const askedAtOnce = 6;

/** The dry runs of a folder, one after the other, while somebody looks. */
export class FolderDryRun implements LiveSource<FolderHead, FolderRow> {
  readonly #fleet: OpenClusters;
  readonly #folders: Folders;
  readonly #input: FolderInput;
  readonly #end = new AbortController();
  readonly #changed = new Emitter<void>();
  readonly onChange = this.#changed.event;
  #rows: FolderRow[] = [];
  #rev = 0;
  #head: FolderHead = { kustomizations: [], asked: 0, total: 0, done: false, problems: [], gone: [] };

  constructor(deps: { fleet: OpenClusters; folders: Folders }, input: FolderInput, owner: string) {
    this.#fleet = deps.fleet;
    this.#folders = deps.folders;
    this.#input = input;
    void this.#ask(owner);
  }

  read(): LiveState<FolderHead, FolderRow> {
    return { rev: this.#rev, head: this.#head, rows: this.#rows };
  }

  dispose(): void {
    this.#end.abort();
    this.#changed.dispose();
  }

  async #ask(owner: string): Promise<void> {
    const { signal } = this.#end;
    try {
      const { jobs, problems, kustomizations } = await this.#folders.place(this.#input, owner, signal);
      this.#rows = waiting(jobs);
      this.#tell({ problems, kustomizations, total: jobs.length });
      const left = [...jobs.entries()];
      const worker = async () => {
        for (let next = left.shift(); next !== undefined; next = left.shift()) {
          const [at, job] = next;
          const preview = await previewOf(this.#fleet, job, this.#input, signal);
          const row = this.#rows[at];
          if (row !== undefined) this.#rows = this.#rows.with(at, looked(row, preview));
          this.#tell({ asked: this.#head.asked + 1 });
        }
      };
      await Promise.all(Array.from({ length: askedAtOnce }, worker));
      this.#tell({ gone: await this.#folders.gone(this.#input, jobs, signal), done: true });
    } catch (error) {
      if (signal.aborted) return;
      const { message, hint } = toErrorValue(error);
      this.#tell({ error: message, ...(hint !== undefined && { hint }), done: true });
    }
  }

  #tell(change: Partial<FolderHead>): void {
    this.#head = { ...this.#head, ...change };
    this.#rev++;
    this.#changed.fire();
  }
}

function waiting(jobs: readonly FolderJob[]): FolderRow[] {
  const first = new Map<string, string>();
  return jobs.map(({ key, file, document, target }) => {
    const place = `${file === '' ? '' : `${file}, `}line ${document.line}`;
    const earlier = target.object.metadata.name === undefined ? undefined : first.get(objectKey(target.ref));
    if (earlier === undefined) first.set(objectKey(target.ref), place);
    return {
      key,
      file,
      line: document.line,
      kind: target.object.kind,
      object: target.ref,
      state: 'waiting',
      changes: 0,
      warnings: earlier === undefined ? [] : [`The same object is in ${earlier}: the later one is applied over it.`],
    };
  });
}

function looked(row: FolderRow, preview: DocumentPreview): FolderRow {
  const { changes, warnings, error, hint } = preview;
  return {
    ...row,
    state: stateOf(preview),
    changes: changes.length,
    warnings: [...row.warnings, ...warnings],
    ...(error !== undefined && { error }),
    ...(hint !== undefined && { hint }),
  };
}

function stateOf({ error, conflicts, mode, changes }: DocumentPreview): FolderRow['state'] {
  if (error !== undefined) return 'refused';
  if (conflicts.length > 0) return 'conflict';
  if (mode === 'create') return 'new';
  return changes.length === 0 ? 'same' : 'changed';
}
