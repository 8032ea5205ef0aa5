import { toErrorValue } from '../../kernel/errors.ts';
import { ApiFailure } from '../../kube/transport/index.ts';
import { differences } from '../changes/index.ts';
import type { OpenClusters } from '../fleet/openClusters.ts';
import type { DocumentPreview } from './contract.ts';
import type { TextDocument } from './documents.ts';
import { deletedMeanwhile, reconcile } from './edit.ts';
import type { Job, KubeObject, WriteOptions } from './model.ts';
import { conflictsOf, isOwn, ownerOf, sourceOf } from './owners.ts';
import { applyRequest, createRequest, editRequest, type WriteRequest, warningsOf } from './requests.ts';
import { asWritten, shownAfter, shownChanges, shownText } from './shown.ts';
import { readJson } from './targets.ts';

/** What one document would do. What the server refuses is in the answer; rejects only with the signal's reason. */
export async function previewOf(
  fleet: OpenClusters,
  job: Job,
  input: WriteOptions,
  signal: AbortSignal,
): Promise<DocumentPreview> {
  const { document, target } = job;
  const isSecret = target.ref.kind === 'secrets';
  const preview: DocumentPreview = {
    line: document.line,
    object: target.ref,
    mode: 'create',
    changes: [],
    before: '',
    after: shownText(target.object, isSecret),
    conflicts: [],
    meanwhile: [],
    warnings: [],
    problems: [],
  };
  const fail = (error: unknown) => {
    const { message, hint } = toErrorValue(error);
    preview.error = message;
    if (hint !== undefined) preview.hint = hint;
    for (const { field, message } of error instanceof ApiFailure ? error.causes : []) {
      if (field !== '') preview.problems.push({ ...document.place(field), message: `${field}: ${message}` });
    }
    // A message about the whole stands at the document's head.
    if (preview.problems.length === 0) preview.problems.push({ ...placeIn(message, document), message });
  };
  const created = () => {
    preview.changes = shownChanges(differences(null, asWritten(target.object)), isSecret);
  };
  if (target.kindComes) {
    created();
    preview.warnings.push('Its kind is defined in this text: the server is asked once the definition is there.');
    return preview;
  }
  try {
    const named = target.object.metadata.name !== undefined;
    const live = named ? await readJson<KubeObject>(fleet, input.cluster, target.path, signal) : undefined;
    if (live !== undefined) {
      preview.mode = 'apply';
      preview.before = shownText(live, isSecret);
      preview.live = preview.before;
      const owner = ownerOf(live);
      const source = sourceOf(live);
      if (owner !== undefined) preview.owner = owner;
      if (source !== undefined) preview.source = source;
    }
    let request: WriteRequest;
    if (job.opened !== undefined) {
      preview.mode = 'edit';
      if (live === undefined) throw deletedMeanwhile(target.ref.name);
      const { meanwhile, patch, merged } = reconcile(job.opened, target.object, live, isSecret);
      preview.meanwhile = meanwhile;
      if (meanwhile.length > 0) preview.merged = shownText(merged, isSecret);
      preview.after = preview.before;
      if (patch === undefined) return preview;
      request = editRequest(target, patch);
    } else request = named ? applyRequest(target, input.force) : createRequest(target);
    let answer: KubeObject;
    try {
      answer = await ask(fleet, input.cluster, request, preview, signal);
    } catch (error) {
      const conflicts = error instanceof ApiFailure ? conflictsOf(error.causes) : [];
      if (conflicts.length === 0) throw error;
      preview.conflicts = conflicts.every(isOwn) ? [] : conflicts;
      // What it would become, if the others' fields were taken over.
      answer = await ask(fleet, input.cluster, applyRequest(target, true), preview, signal);
    }
    preview.changes = shownChanges(
      differences(live === undefined ? null : asWritten(live), asWritten(answer)),
      isSecret,
    );
    preview.after = shownAfter(live, answer, isSecret);
    if (!named) preview.warnings.push('The server gives it a name: it cannot be undone from here.');
  } catch (error) {
    if (target.namespaceComes && isMissingNamespace(error, target.ref.namespace)) {
      created();
      preview.warnings.push('Its namespace is created by this text: the server is asked once it is there.');
    } else if (signal.aborted) throw error;
    else fail(error);
  }
  return preview;
}

async function ask(
  fleet: OpenClusters,
  cluster: string,
  request: WriteRequest,
  preview: DocumentPreview,
  signal: AbortSignal,
): Promise<KubeObject> {
  const answer = await fleet.request(cluster, {
    method: request.method,
    path: `${request.path}&dryRun=All`,
    headers: { Accept: 'application/json', 'Content-Type': request.contentType },
    body: JSON.stringify(request.body),
    signal,
  });
  preview.warnings = warningsOf(answer.headers.warning);
  return JSON.parse(new TextDecoder().decode(answer.body)) as KubeObject;
}

/** Decoding names the field in words: `unknown field "spec.replica"`, `.spec.replica: field not declared in schema`. */
function placeIn(message: string, document: TextDocument): { line: number; column: number } {
  const [, quoted, bare] = /field "([^"]+)"|(?:^|: )\.([^\s:]+): /.exec(message) ?? [];
  return document.place(quoted ?? bare ?? '');
}

function isMissingNamespace(error: unknown, namespace: string): boolean {
  const { code, message } = toErrorValue(error);
  return code === 'notFound' && message.includes(`namespaces "${namespace}" not found`);
}
