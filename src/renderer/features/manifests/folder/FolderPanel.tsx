import { RefreshCw, Square } from 'lucide-react';
import { type DragEvent, useEffect, useMemo, useState } from 'react';
import type { Confirmation } from '../../../../core/cluster/changes/contract.ts';
import type { ObjectRef } from '../../../../core/cluster/resources/contract.ts';
import type { DockPanelProps } from '../../../app/feature.ts';
import { useClusters, useScope } from '../../../app/scope.ts';
import { toError, useClient } from '../../../client/index.ts';
import { useDock } from '../../../state/dock.ts';
import { Button, ErrorState, IconButton, Strip, t, useDelayed } from '../../../ui/index.ts';
import { readSubject } from '../subject.ts';
import { Chooser } from './Chooser.tsx';
import { ConfirmDialog } from './ConfirmDialog.tsx';
import { isPossible, isWanted, type RowState } from './choice.ts';
import { FolderBar } from './FolderBar.tsx';
import { FolderDetail } from './FolderDetail.tsx';
import { FolderTree, goneKey } from './FolderTree.tsx';
import css from './folder.module.css';
import { Problems } from './Problems.tsx';
import { readDropped } from './readFiles.ts';
import { Summary } from './Summary.tsx';
import { useFolder } from './useFolder.ts';
import { useRun } from './useRun.ts';

/** A folder, loose files or a long text: every object's dry run in one tree, of which some or all are applied. */
export function FolderPanel({ tab, subject: written }: DockPanelProps) {
  const client = useClient();
  const clusters = useClusters();
  const scope = useScope();
  const subject = useMemo(() => readSubject(written), [written]);
  const open = clusters.rows.filter(({ state }) => state === 'live');
  const [target, setTarget] = useState({
    cluster: scope.clusters?.[0],
    namespace: scope.namespaces?.[0] ?? 'default',
  });
  const cluster = target.cluster ?? open[0]?.key;
  const { folder, bringing, error, take, way, change, again, asFiles, input, looked } = useFolder(
    'folder' in subject ? subject.folder : 0,
    { ...target, cluster },
  );
  const [said, setSaid] = useState<ReadonlyMap<string, boolean>>(new Map());
  const [removed, setRemoved] = useState<ReadonlySet<string>>(new Set());
  const [shown, setShown] = useState<ReadonlySet<RowState>>(new Set());
  const [by, setBy] = useState<'file' | 'kind'>('file');
  const [active, setActive] = useState<string>();
  const [asking, setAsking] = useState<Confirmation>();
  const [failure, setFailure] = useState<Error>();
  const [busy, setBusy] = useState(false);
  const { run, follow, progress } = useRun(looked.rows, () => {
    setRemoved(new Set());
    again();
  });

  const { describe: describeTab } = useDock.getState();
  const name =
    folder === undefined
      ? t('manifests.folder.title')
      : folder.name || t('manifests.folder.files', { count: folder.files.length });
  useEffect(() => describeTab(tab, { title: name }), [describeTab, tab, name]);
  const upload = folder?.upload;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another folder, or another way to read it, is chosen from anew
  useEffect(() => {
    setSaid(new Map());
    setRemoved(new Set());
    setActive(undefined);
  }, [upload, way.kustomization, way.recursive]);

  const { rows, head } = looked;
  const chosen = useMemo(
    () => new Set(rows.filter((row) => isPossible(row) && (said.get(row.key) ?? isWanted(row))).map(({ key }) => key)),
    [rows, said],
  );
  const visible = useMemo(
    () => (shown.size === 0 ? rows : rows.filter(({ state }) => shown.has(state))),
    [rows, shown],
  );
  const gone = head?.gone ?? [];
  const remove = gone.filter((object) => removed.has(goneKey(object)));
  const row = rows.find(({ key }) => key === active) ?? visible[0];
  const reading = useDelayed(bringing || (input !== null && looked.state === 'waiting'));

  const perform = async (confirmed?: string) => {
    if (input === null) return;
    setBusy(true);
    setFailure(undefined);
    const plan = { ...input, keys: [...chosen], remove };
    try {
      if (confirmed === undefined) {
        const wanted = await client.manifests.folderConfirmation(plan);
        if (wanted.level !== 'none') {
          setAsking(wanted);
          return;
        }
      }
      setAsking(undefined);
      const { run: key } = await client.manifests.applyFolder({
        ...plan,
        ...(confirmed !== undefined && { confirmed }),
      });
      follow(key, [...chosen]);
    } catch (thrown) {
      setAsking(undefined);
      setFailure(toError(thrown));
    } finally {
      setBusy(false);
    }
  };
  const dropped = (event: DragEvent) => {
    event.preventDefault();
    if (run === undefined) void take(readDropped(event.dataTransfer));
  };

  return (
    <section
      className={css.panel}
      aria-label={t('manifests.folder.panel', { name })}
      onDragOver={(event) => event.preventDefault()}
      onDrop={dropped}
    >
      {folder === undefined || folder.files.length === 0 ? (
        <>
          {error !== undefined && <ErrorState compact title={t('manifests.folder.notRead')} error={error} />}
          {folder !== undefined && <Strip tone="warning">{t('manifests.folder.noManifests')}</Strip>}
          <Chooser busy={bringing} onTake={(reading) => void take(reading)} />
        </>
      ) : (
        <>
          <FolderBar
            clusters={open}
            cluster={cluster}
            namespace={target.namespace}
            head={head}
            way={way}
            locked={run !== undefined}
            onTarget={(next) => setTarget({ ...target, ...next })}
            onWay={change}
            onFiles={asFiles}
          >
            <IconButton
              size="s"
              icon={RefreshCw}
              label={t('manifests.folder.again')}
              disabled={run !== undefined || head?.done !== true}
              onClick={again}
            />
            <Chooser compact busy={bringing || run !== undefined} onTake={(reading) => void take(reading)} />
            {run === undefined ? (
              <Button
                size="s"
                variant="primary"
                busy={busy}
                disabled={head?.done !== true || chosen.size + remove.length === 0}
                onClick={() => void perform()}
              >
                {remove.length === 0
                  ? t('manifests.folder.apply', { count: chosen.size })
                  : t('manifests.folder.applyAndDelete', { count: chosen.size, removed: remove.length })}
              </Button>
            ) : (
              <Button size="s" icon={Square} onClick={() => void client.changes.cancel({ run: run.key })}>
                {t('manifests.folder.stop')}
              </Button>
            )}
          </FolderBar>
          <Summary rows={rows} head={head} shown={shown} by={by} run={run} onShown={setShown} onBy={setBy} />
          {failure !== undefined && <Strip tone="failed">{failure.message}</Strip>}
          {looked.error !== undefined && (
            <ErrorState compact title={t('manifests.folder.notLooked')} error={looked.error} onRetry={looked.retry} />
          )}
          {head?.error !== undefined && (
            <Strip tone="failed">
              {head.error}. {head.hint}
            </Strip>
          )}
          {way.force && (
            <Strip
              tone="warning"
              actions={
                <Button size="s" variant="quiet" disabled={run !== undefined} onClick={() => change({ force: false })}>
                  {t('manifests.folder.leave')}
                </Button>
              }
            >
              {t('manifests.folder.forced')}
            </Strip>
          )}
          {cluster === undefined && <Strip tone="warning">{t('manifests.folder.noCluster')}</Strip>}
          <Problems problems={head?.problems ?? []} tooLarge={folder.tooLarge} />
          <div className={css.work}>
            <FolderTree
              rows={visible}
              by={by}
              chosen={chosen}
              gone={gone}
              removed={removed}
              active={row?.key}
              progress={progress}
              onActive={setActive}
              onChoose={(keys, on) => setSaid(new Map([...said, ...keys.map((key) => [key, on] as const)]))}
              onRemove={(object: ObjectRef, on) => {
                const next = new Set(removed);
                if (on) next.add(goneKey(object));
                else next.delete(goneKey(object));
                setRemoved(next);
              }}
            />
            {row === undefined || input === null ? (
              <p className={css.note}>{t(reading ? 'manifests.folder.reading' : 'manifests.folder.nothing')}</p>
            ) : (
              <FolderDetail input={input} row={row} onForce={() => change({ force: true })} />
            )}
          </div>
        </>
      )}
      {asking !== undefined && (
        <ConfirmDialog
          confirmation={asking}
          objects={remove}
          onConfirm={(text) => void perform(text)}
          onClose={() => setAsking(undefined)}
        />
      )}
    </section>
  );
}
