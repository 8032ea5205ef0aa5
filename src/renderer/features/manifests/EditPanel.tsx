import { WrapText } from 'lucide-react';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Confirmation } from '../../../core/cluster/changes/contract.ts';
import type { DocumentPreview, TextProblem } from '../../../core/cluster/manifests/contract.ts';
import type { KubeSageError } from '../../../core/kernel/errors.ts';
import type { DockPanelProps } from '../../app/feature.ts';
import { useClusters, useScope } from '../../app/scope.ts';
import { toError, useClient, useLive } from '../../client/index.ts';
import { guardTab, useDock } from '../../state/dock.ts';
import { Button, Dialog, Dot, ErrorState, IconButton, Kbd, Select, Strip, TextInput, t } from '../../ui/index.ts';
import { Banners } from './Banners.tsx';
import { TextFrame } from './Frames.tsx';
import css from './manifests.module.css';
import { isTroubled, Review } from './Review.tsx';
import { readSubject } from './subject.ts';
import { Templates } from './Templates.tsx';
import type { TextEditor } from './textEditor.ts';
import { useKnowledge } from './useKnowledge.ts';
import { useOpened } from './useOpened.ts';

interface Looked {
  text: string;
  documents: readonly DocumentPreview[];
  confirmation: Confirmation;
}

/** YAML of an object of the cluster, or of what is to be created: edited, looked at as a dry run, applied. */
export function EditPanel({ tab, subject: written, visible }: DockPanelProps) {
  const client = useClient();
  const clusters = useClusters();
  const scope = useScope();
  const subject = useMemo(() => readSubject(written), [written]);
  const object = 'object' in subject ? subject.object : undefined;
  const [target, setTarget] = useState<{ cluster: string | undefined; namespace: string }>(() => ({
    cluster: object?.cluster ?? scope.clusters?.[0],
    namespace: object?.namespace ?? scope.namespaces?.[0] ?? 'default',
  }));
  const open = clusters.rows.filter(({ state }) => state === 'live');
  const cluster = target.cluster ?? open[0]?.key;
  const file = useOpened(object, visible);
  const [editor, setEditor] = useState<TextEditor | null>(null);
  const [text, setText] = useState('');
  const [problems, setProblems] = useState<readonly TextProblem[]>([]);
  const [wrap, setWrap] = useState(false);
  const [force, setForce] = useState(false);
  const [looked, setLooked] = useState<Looked>();
  const [chosen, setChosen] = useState(0);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<KubeSageError>();
  const [confirmed, setConfirmed] = useState('');
  const [run, setRun] = useState<{ key: string; text: string }>();
  const [closing, setClosing] = useState(false);
  const knowledge = useKnowledge(
    cluster,
    useCallback(() => editor?.check(), [editor]),
  );
  const base = file.opened?.text;
  const dirty = base === undefined ? object === undefined && text.trim() !== '' : text !== base;
  const shown = looked !== undefined;

  // What was opened, and what came since, while nothing is being edited.
  const taken = useRef<string>(undefined);
  useEffect(() => {
    if (editor === null || base === undefined || taken.current === base) return;
    const untouched = taken.current === undefined || editor.text() === taken.current;
    taken.current = base;
    if (untouched) editor.setText(base);
  }, [editor, base]);
  const { newer, adopt } = file;
  useEffect(() => {
    if (newer !== undefined && !dirty && run === undefined) adopt(newer);
  }, [newer, dirty, run, adopt]);

  const root = useRef<HTMLElement>(null);
  useEffect(() => {
    if (!visible) return;
    // The keys go on working where the text is hidden.
    if (shown) root.current?.focus();
    else editor?.focus();
  }, [visible, shown, editor]);
  const { describe: describeTab, close } = useDock.getState();
  const name = object?.name ?? t('manifests.new');
  useEffect(() => describeTab(tab, { title: dirty ? `${name} •` : name }), [describeTab, tab, name, dirty]);
  useEffect(
    () =>
      guardTab(tab, () => {
        if (dirty) setClosing(true);
        return !dirty;
      }),
    [tab, dirty],
  );

  const { rows: runs } = useLive((c) => c.changes.runs, {});
  const ended = run === undefined ? undefined : runs.find(({ key, endedAt }) => key === run.key && endedAt !== null);
  const { look } = file;
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
    void look().then((now) => {
      if (now === undefined) return;
      // The server has filled in what was left out: that is what is edited from now on.
      taken.current = editor?.text() === run.text ? run.text : taken.current;
      adopt(now);
    });
  }, [ended, run, look, adopt, editor]);

  const input = (forced: boolean) => ({
    cluster: cluster ?? '',
    text: editor?.text() ?? '',
    namespace: target.namespace === '' ? 'default' : target.namespace,
    force: forced,
    ...(object !== undefined && base !== undefined && { opened: { object, text: base } }),
  });

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
        setLooked({ text: editor.text(), ...answer });
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
  const mayApply = shown && !troubled && changes && named && !busy && run === undefined;

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

  const back = () => {
    setLooked(undefined);
    setForce(false);
    setError(undefined);
  };
  const merge = (document: DocumentPreview) => {
    if (document.merged === undefined || document.live === undefined || file.opened === undefined) return;
    taken.current = document.live;
    adopt({ ...file.opened, text: document.live });
    editor?.setText(document.merged);
    back();
  };

  const save = useRef(() => {});
  save.current = () => void (shown ? apply() : preview());
  useEffect(() => {
    if (!visible) return;
    const press = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 's') return;
      // Of a button that was pressed and is gone, the focus falls to the page: the tab that is shown still means it.
      const focused = document.activeElement;
      if (focused !== document.body && root.current?.contains(focused) !== true) return;
      event.preventDefault();
      save.current();
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, [visible]);

  const color = cluster === undefined ? undefined : clusters.byId.get(cluster);
  return (
    <section ref={root} tabIndex={-1} className={css.panel} aria-label={t('manifests.panel', { name })}>
      <div className={css.bar}>
        {object === undefined ? (
          <>
            <Select
              aria-label={t('manifests.cluster')}
              className={css.cluster}
              value={cluster ?? ''}
              options={open.map(({ key, name: label }) => ({ value: key, label }))}
              onChange={(next) => {
                setTarget({ ...target, cluster: next });
                back();
              }}
            />
            <TextInput
              aria-label={t('manifests.namespace')}
              className={css.namespace}
              value={target.namespace}
              onChange={(event) => {
                setTarget({ ...target, namespace: event.target.value });
                back();
              }}
            />
          </>
        ) : (
          <span className={css.target}>
            {color !== undefined && <Dot color={color.color} />}
            <span className={css.dim}>{color?.name ?? object.cluster}</span>
            <span className={css.dim}>{object.namespace}</span>
            <strong>{object.name}</strong>
          </span>
        )}
        <span className={css.grow} />
        {shown && confirmation?.level === 'type' && (
          <TextInput
            aria-label={t('manifests.typeName', { name: confirmation.text })}
            placeholder={t('manifests.typeName', { name: confirmation.text })}
            className={css.confirm}
            value={confirmed}
            onChange={(event) => setConfirmed(event.target.value)}
          />
        )}
        <IconButton
          size="s"
          icon={WrapText}
          label={t('manifests.wrap')}
          pressed={wrap}
          onClick={() => setWrap(!wrap)}
        />
        {object !== undefined && !shown && (
          <Button
            size="s"
            variant="quiet"
            disabled={!dirty}
            onClick={() => base !== undefined && editor?.setText(base)}
          >
            {t('manifests.revert')}
          </Button>
        )}
        {shown ? (
          <>
            <Button size="s" onClick={back}>
              {t('manifests.back')}
            </Button>
            <Button
              size="s"
              variant="primary"
              disabled={!mayApply}
              busy={busy || run !== undefined}
              onClick={() => void apply()}
            >
              {t(run === undefined ? 'manifests.apply' : 'manifests.applying')}
              <Kbd keys="Mod+S" />
            </Button>
          </>
        ) : (
          <Button
            size="s"
            variant="primary"
            disabled={!dirty || cluster === undefined}
            busy={busy}
            onClick={() => void preview()}
          >
            {t('manifests.look')}
            <Kbd keys="Mod+S" />
          </Button>
        )}
      </div>
      <Banners
        file={file}
        dirty={dirty && !shown}
        onReload={() => {
          if (newer === undefined) return;
          taken.current = newer.text;
          adopt(newer);
          editor?.setText(newer.text);
          back();
        }}
        onLook={() => void preview()}
      />
      {error !== undefined && (
        <Strip tone="failed">
          {error.message} {error.hint}
        </Strip>
      )}
      {shown && confirmation?.level === 'confirm' && <Strip tone="warning">{confirmation.reasons.join(' ')}</Strip>}
      {file.error !== undefined && base === undefined && (
        <ErrorState compact title={t('manifests.notOpened')} error={file.error} onRetry={() => void look()} />
      )}
      {object === undefined && text === '' && <Templates onChoose={(chosenText) => editor?.setText(chosenText)} />}
      <div className={css.work}>
        <TextFrame
          label={t('manifests.panel', { name })}
          hidden={shown || (object !== undefined && base === undefined)}
          wrap={wrap}
          readOnly={run !== undefined}
          knowledge={knowledge}
          onEditor={setEditor}
          onChange={setText}
          onProblems={setProblems}
        />
        {shown && (
          <Review
            documents={documents}
            chosen={chosen}
            wrap={wrap}
            force={force}
            onChoose={setChosen}
            onForce={() => {
              setForce(true);
              void preview(true);
            }}
            onMerge={merge}
            onGoTo={(line, column) => {
              back();
              requestAnimationFrame(() => editor?.goTo(line, column));
            }}
          />
        )}
      </div>
      {!shown && problems.length > 0 && (
        <ul className={css.problems} aria-label={t('manifests.problems')}>
          {problems.slice(0, 50).map(({ line, column, message }) => (
            <li key={`${line}/${column}/${message}`}>
              <button type="button" className={css.problem} onClick={() => editor?.goTo(line, column)}>
                <span className={css.dim}>{t('manifests.line', { line })}</span> {message}
              </button>
            </li>
          ))}
        </ul>
      )}
      <Dialog
        open={closing}
        onOpenChange={setClosing}
        title={t('manifests.discard', { name })}
        description={t('manifests.discardText')}
        footer={
          <>
            <Button onClick={() => setClosing(false)}>{t('manifests.keep')}</Button>
            <Button variant="danger" onClick={() => close(tab, true)}>
              {t('manifests.throwAway')}
            </Button>
          </>
        }
      />
    </section>
  );
}
