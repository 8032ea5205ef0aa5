import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { DocumentPreview, TextProblem } from '../../../core/cluster/manifests/contract.ts';
import type { DockPanelProps } from '../../app/feature.ts';
import { useClusters, useScope } from '../../app/scope.ts';
import { guardTab, useDock } from '../../state/dock.ts';
import { Button, Dialog, ErrorState, Strip, t } from '../../ui/index.ts';
import { partsOf } from '../../ui/schema/document.ts';
import { Banners } from './Banners.tsx';
import { EditBar, type EditView } from './EditBar.tsx';
import { TextFrame } from './Frames.tsx';
import { openFolder } from './folder/given.ts';
import { readDropped, readPasted } from './folder/readFiles.ts';
import { KindForm } from './form/KindForm.tsx';
import css from './manifests.module.css';
import { Review } from './Review.tsx';
import { SaveTemplate } from './SaveTemplate.tsx';
import { readSubject } from './subject.ts';
import { Templates } from './Templates.tsx';
import type { TextEditor } from './textEditor.ts';
import { dropDraft } from './useDraft.ts';
import { useEdited } from './useEdited.ts';
import { useKnowledge } from './useKnowledge.ts';
import { useOpened } from './useOpened.ts';
import { useReview } from './useReview.ts';
import { useStart } from './useStart.ts';

/** YAML of an object of the cluster, or of what is to be created: edited, looked at as a dry run, applied. */
export function EditPanel({ tab, subject: written, visible }: DockPanelProps) {
  const clusters = useClusters();
  const scope = useScope();
  const subject = useMemo(() => readSubject(written), [written]);
  const object = 'object' in subject ? subject.object : undefined;
  const start = 'created' in subject ? subject : undefined;
  const [target, setTarget] = useState<{ cluster: string | undefined; namespace: string }>(() => ({
    cluster: object?.cluster ?? start?.cluster ?? scope.clusters?.[0],
    namespace: object?.namespace ?? start?.namespace ?? scope.namespaces?.[0] ?? 'default',
  }));
  const open = clusters.rows.filter(({ state }) => state === 'live');
  const cluster = target.cluster ?? open[0]?.key;
  const file = useOpened(object, visible);
  const [editor, setEditor] = useState<TextEditor | null>(null);
  const [view, setView] = useState<EditView>(start?.form === true ? 'form' : 'yaml');
  const [problems, setProblems] = useState<readonly TextProblem[]>([]);
  const [wrap, setWrap] = useState(false);
  const [closing, setClosing] = useState(false);
  const [keeping, setKeeping] = useState(false);
  const knowledge = useKnowledge(
    cluster,
    useCallback(() => editor?.check(), [editor]),
  );
  const edit = useEdited({
    subject: written,
    editor,
    file,
    isNew: object === undefined,
    start: useStart(start, cluster),
  });
  const { text, base, dirty } = edit;
  // What a new object begins with may be created as it is.
  const mayReview = dirty || (object === undefined && text.trim() !== '');
  const review = useReview(
    editor,
    {
      cluster,
      namespace: target.namespace,
      opened: object !== undefined && base !== undefined ? { object, text: base } : undefined,
    },
    edit.appliedAs,
  );
  const { shown, running } = review;
  const { newer, adopt } = file;
  useEffect(() => {
    if (newer !== undefined && !dirty && !running) adopt(newer);
  }, [newer, dirty, running, adopt]);

  const root = useRef<HTMLElement>(null);
  useEffect(() => {
    if (!visible) return;
    // The keys go on working where the text is hidden.
    if (shown || view === 'form') root.current?.focus();
    else editor?.focus();
  }, [visible, shown, view, editor]);
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

  const merge = (document: DocumentPreview) => {
    if (document.merged === undefined || document.live === undefined || file.opened === undefined) return;
    edit.take(document.live);
    adopt({ ...file.opened, text: document.live });
    editor?.setText(document.merged);
    review.back();
  };
  const retarget = (change: { cluster?: string; namespace?: string }) => {
    setTarget({ ...target, ...change });
    edit.elsewhere();
    review.back();
  };
  const save = useRef(() => {});
  save.current = shown ? review.apply : review.preview;
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
  const many = useMemo(() => object === undefined && partsOf(text).length > 1, [object, text]);

  return (
    <section
      ref={root}
      tabIndex={-1}
      className={css.panel}
      aria-label={t('manifests.panel', { name })}
      onDragOver={(event) => event.dataTransfer.types.includes('Files') && event.preventDefault()}
      onDrop={(event) => {
        if (!event.dataTransfer.types.includes('Files')) return;
        event.preventDefault();
        void readDropped(event.dataTransfer).then(openFolder);
      }}
    >
      <EditBar
        object={object}
        clusters={open}
        cluster={cluster === undefined ? undefined : clusters.byId.get(cluster)}
        namespace={target.namespace}
        view={view}
        wrap={wrap}
        dirty={mayReview}
        many={many}
        review={review}
        onTarget={retarget}
        onView={setView}
        onWrap={setWrap}
        onRevert={edit.revert}
        onTree={() => openFolder(readPasted(text))}
        onKeep={() => setKeeping(true)}
      />
      {edit.restored !== undefined && !shown && (
        <Strip
          tone="unknown"
          actions={
            <Button
              size="s"
              variant="quiet"
              onClick={() => {
                dropDraft(written);
                edit.revert();
              }}
            >
              {t('manifests.draft.drop')}
            </Button>
          }
        >
          {t(newer === undefined ? 'manifests.draft.restored' : 'manifests.draft.restoredChanged')}
        </Strip>
      )}
      <Banners
        file={file}
        dirty={dirty && !shown}
        onReload={() => {
          edit.revert();
          review.back();
        }}
        onLook={review.preview}
      />
      {review.error !== undefined && (
        <Strip tone="failed">
          {review.error.message} {review.error.hint}
        </Strip>
      )}
      {shown && review.confirmation?.level === 'confirm' && (
        <Strip tone="warning">{review.confirmation.reasons.join(' ')}</Strip>
      )}
      {file.error !== undefined && base === undefined && (
        <ErrorState compact title={t('manifests.notOpened')} error={file.error} onRetry={() => void file.look()} />
      )}
      {object === undefined && text === '' && (
        <Templates cluster={cluster} onChoose={(chosenText) => editor?.setText(chosenText)} />
      )}
      <div className={css.work}>
        <TextFrame
          label={t('manifests.panel', { name })}
          hidden={shown || view === 'form' || (object !== undefined && base === undefined)}
          wrap={wrap}
          readOnly={running}
          knowledge={knowledge}
          onEditor={setEditor}
          onChange={edit.setText}
          onProblems={setProblems}
        />
        {view === 'form' && !shown && (object === undefined || base !== undefined) && (
          <KindForm text={text} cluster={cluster} readOnly={running} onText={(next) => editor?.setText(next)} />
        )}
        {shown && (
          <Review
            documents={review.documents}
            chosen={review.chosen}
            wrap={wrap}
            force={review.force}
            onChoose={review.setChosen}
            onForce={review.forceAll}
            onMerge={merge}
            onGoTo={(line, column) => {
              review.back();
              setView('yaml');
              requestAnimationFrame(() => editor?.goTo(line, column));
            }}
          />
        )}
      </div>
      {!shown && view === 'yaml' && (
        <Problems problems={problems} onGoTo={(line, column) => editor?.goTo(line, column)} />
      )}
      {keeping && <SaveTemplate text={text} onClose={() => setKeeping(false)} />}
      <Dialog
        open={closing}
        onOpenChange={setClosing}
        title={t('manifests.discard', { name })}
        description={t('manifests.discardText')}
        footer={
          <>
            <Button onClick={() => setClosing(false)}>{t('manifests.keep')}</Button>
            <Button
              variant="danger"
              onClick={() => {
                dropDraft(written);
                close(tab, true);
              }}
            >
              {t('manifests.throwAway')}
            </Button>
          </>
        }
      />
    </section>
  );
}

function Problems(props: { problems: readonly TextProblem[]; onGoTo(line: number, column: number): void }) {
  if (props.problems.length === 0) return null;
  return (
    <ul className={css.problems} aria-label={t('manifests.problems')}>
      {props.problems.slice(0, 50).map(({ line, column, message }) => (
        <li key={`${line}/${column}/${message}`}>
          <button type="button" className={css.problem} onClick={() => props.onGoTo(line, column)}>
            <span className={css.dim}>{t('manifests.line', { line })}</span> {message}
          </button>
        </li>
      ))}
    </ul>
  );
}
