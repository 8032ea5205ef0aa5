import { useEffect, useRef, useState } from 'react';
import type { Confirmation } from '../../../core/cluster/changes/contract.ts';
import type { DocumentPreview } from '../../../core/cluster/manifests/contract.ts';
import type { ObjectRef } from '../../../core/cluster/resources/contract.ts';
import type { KubeSageError } from '../../../core/kernel/errors.ts';
import { toError, useClient, useLive } from '../../client/index.ts';
import { isTroubled } from './Review.tsx';
import type { TextEditor } from './textEditor.ts';

interface Looked {
  documents: readonly DocumentPreview[];
  confirmation: Confirmation;
}

export interface ReviewTarget {
  cluster: string | undefined;
  namespace: string;
  /** The object that is edited, as it was opened. */
  opened: { object: ObjectRef; text: string } | undefined;
}

/** The dry run of a text, and applying it after that. */
export function useReview(editor: TextEditor | null, target: ReviewTarget, onApplied: (text: string) => void) {
  const client = useClient();
  const [looked, setLooked] = useState<Looked>();
  const [chosen, setChosen] = useState(0);
  const [force, setForce] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<KubeSageError>();
  const [confirmed, setConfirmed] = useState('');
  const [run, setRun] = useState<{ key: string; text: string }>();
  const { cluster, namespace, opened } = target;

  const { rows: runs } = useLive((c) => c.changes.runs, {});
  const ended = run === undefined ? undefined : runs.find(({ key, endedAt }) => key === run.key && endedAt !== null);
  const applied = useRef(onApplied);
  applied.current = onApplied;
  useEffect(() => {
    if (ended === undefined || run === undefined) return;
    setRun(undefined);
    if (ended.state !== 'done') {
      const failed = ended.steps.find(({ state }) => state === 'failed');
      setError(toError({ message: failed?.message ?? ended.title }));
      return;
    }
    setLooked(undefined);
    setForce(false);
    applied.current(run.text);
  }, [ended, run]);

  const input = (forced: boolean) => ({
    cluster: cluster ?? '',
    text: editor?.text() ?? '',
    namespace: namespace === '' ? 'default' : namespace,
    force: forced,
    ...(opened !== undefined && { opened }),
  });
  const back = () => {
    setLooked(undefined);
    setForce(false);
    setError(undefined);
  };
  const preview = async (forced = force) => {
    if (editor === null || cluster === undefined || busy) return;
    setBusy(true);
    setError(undefined);
    try {
      const answer = await client.manifests.preview(input(forced));
      if (answer.problems.length > 0) {
        editor.setProblems(answer.problems);
        setLooked(undefined);
        const [first] = answer.problems;
        if (first !== undefined) editor.goTo(first.line, first.column);
      } else if (answer.documents.length > 0) {
        setLooked(answer);
        const troubled = answer.documents.findIndex((each) => isTroubled(each, forced));
        setChosen(troubled === -1 ? 0 : troubled);
        editor.setProblems(answer.documents.flatMap((each) => each.problems));
      }
    } catch (thrown) {
      setError(toError(thrown));
    } finally {
      setBusy(false);
    }
  };

  const documents = looked?.documents ?? [];
  const confirmation = looked?.confirmation;
  const troubled = documents.some((each) => isTroubled(each, force));
  const changes = documents.some((each) => each.changes.length > 0);
  const named = confirmation?.level !== 'type' || confirmed === confirmation.text;
  const mayApply = looked !== undefined && !troubled && changes && named && !busy && run === undefined;
  const apply = async () => {
    if (!mayApply || editor === null) return;
    setBusy(true);
    setError(undefined);
    try {
      const answer = confirmation?.level === 'confirm' ? 'yes' : confirmed;
      const { run: key } = await client.manifests.apply({
        ...input(force),
        ...(answer !== '' && { confirmed: answer }),
      });
      setRun({ key, text: editor.text() });
    } catch (thrown) {
      setError(toError(thrown));
    } finally {
      setBusy(false);
    }
  };
  return {
    shown: looked !== undefined,
    documents,
    confirmation,
    chosen,
    setChosen,
    force,
    forceAll() {
      setForce(true);
      void preview(true);
    },
    busy,
    running: run !== undefined,
    error,
    confirmed,
    setConfirmed,
    mayApply,
    preview: () => void preview(),
    apply: () => void apply(),
    back,
  };
}
