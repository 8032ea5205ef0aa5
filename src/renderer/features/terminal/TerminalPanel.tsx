import { ArrowDown, ArrowUp, Plus, RotateCw, Search, Unplug } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { toast } from 'sonner';
import type { TerminalContainer } from '../../../core/cluster/terminal/contract.ts';
import type { DockPanelProps } from '../../app/feature.ts';
import { useClusters } from '../../app/scope.ts';
import { useQuery } from '../../client/index.ts';
import { useDock } from '../../state/dock.ts';
import {
  Button,
  ContextMenu,
  Dialog,
  Dot,
  EmptyState,
  Field,
  IconButton,
  type MenuGroup,
  Name,
  SearchInput,
  Select,
  Strip,
  TextInput,
  t,
} from '../../ui/index.ts';
import { useAsked } from './asked.ts';
import { copyQuietly, isOver, wordsOf } from './ending.ts';
import { isRisky, linesOf, pastable } from './paste.ts';
import { RecordButton, recordActions } from './Recorded.tsx';
import type { Screen } from './screen.ts';
import type { SessionState } from './session.ts';
import { TogetherStrip, TogetherSwitch } from './TogetherSwitch.tsx';
import { againOn, readTarget, type Target, writeTarget } from './target.ts';
import css from './terminal.module.css';
import { useTerminal } from './useTerminal.ts';

/** A tab of the dock: a terminal in a container, a debug container or a node. */
export function TerminalPanel({ tab, subject, visible }: DockPanelProps) {
  const target = readTarget(subject);
  if (target === undefined) return <EmptyState compact title={t('terminal.unreadable')} />;
  return <OpenTerminal tab={tab} first={target} visible={visible} />;
}

function OpenTerminal({ tab, first, visible }: { tab: string; first: Target; visible: boolean }) {
  const terminal = useTerminal(tab, first);
  const { state, target, host, screen, connect, again, pasted, setPasted, finding, setFinding } = terminal;
  useEffect(() => {
    if (!visible) return;
    screen.current?.fit();
    screen.current?.focus();
  }, [visible, screen]);
  const over = isOver(state);
  return (
    <div className={css.panel}>
      <header className={css.bar}>
        <Place
          target={target}
          state={state}
          onContainer={(container) => connect({ ...target, ...inPod(target, state), container } as Target)}
        />
        <span className={css.grow} />
        {finding && <Find screen={screen.current} onClose={() => setFinding(false)} />}
        <TogetherSwitch tab={tab} />
        <RecordButton state={state} onRecord={terminal.record} />
        <IconButton
          size="s"
          icon={Search}
          label={t('terminal.find')}
          keys="Ctrl+Shift+F"
          onClick={() => setFinding(!finding)}
        />
        <IconButton
          size="s"
          icon={Plus}
          label={t('terminal.another')}
          onClick={() => useDock.getState().show('terminal', writeTarget(first), true)}
        />
        {over ? (
          <IconButton size="s" icon={RotateCw} label={t('terminal.again')} onClick={again} />
        ) : (
          <IconButton
            size="s"
            icon={Unplug}
            label={t('terminal.reconnect')}
            disabled={state.name !== 'open'}
            onClick={() => connect(againOn(target, state.container))}
          />
        )}
      </header>
      <StateStrip
        state={state}
        target={target}
        onAgain={again}
        onConfirm={(confirmed) => connect(target, { confirmed })}
      />
      <TogetherStrip tab={tab} />
      <ContextMenu groups={menuOf({ screen, setPasted, find: () => setFinding(true), state, record: terminal.record })}>
        <div className={css.screen}>
          <div ref={host} className={css.host} />
        </div>
      </ContextMenu>
      {pasted !== undefined && (
        <PasteDialog
          text={pasted}
          onPaste={() => {
            screen.current?.paste(pasted);
            setPasted(undefined);
          }}
          onClose={() => {
            setPasted(undefined);
            screen.current?.focus();
          }}
        />
      )}
    </div>
  );
}

/** Where it is: cluster, namespace, pod and container; another container is one choice away. */
function Place(props: { target: Target; state: SessionState; onContainer(container: string): void }) {
  const { target, state } = props;
  const { object, mode } = target;
  const cluster = useClusters().byId.get(object.cluster);
  const chooses = mode === 'exec' || mode === 'attach';
  // The pod that was chosen, where a workload was asked for.
  const pod = state.pod === undefined ? object : { ...object, kind: 'pods', name: state.pod };
  const { data } = useQuery((client) => client.terminal.containers, chooses ? { object: pod } : null);
  const containers = data?.containers.filter((each) => each.state === 'running') ?? [];
  const known = containers.some(({ name }) => name === state.container);
  return (
    <div className={css.place}>
      {cluster !== undefined && <Dot color={cluster.color} />}
      <span>{cluster?.name ?? object.cluster}</span>
      {object.namespace !== '' && <span>{object.namespace}</span>}
      {mode === 'local' ? <span>{t('terminal.local.title')}</span> : <Name>{object.name}</Name>}
      {state.pod !== undefined && state.pod !== object.name && mode !== 'node' && <Name>{state.pod}</Name>}
      {chooses && known && containers.length > 1 ? (
        <Select
          className={css.containers}
          aria-label={t('terminal.container')}
          value={state.container ?? ''}
          options={containers.map((each) => ({ value: each.name, label: labelOf(each) }))}
          onChange={props.onContainer}
        />
      ) : (
        state.container !== undefined && mode !== 'node' && <Name>{state.container}</Name>
      )}
    </div>
  );
}

/** The same pod, where a workload was asked for and another container of it is wanted. */
function inPod({ object }: Target, { pod }: SessionState): { object: Target['object'] } {
  return { object: pod === undefined ? object : { ...object, kind: 'pods', name: pod } };
}

function labelOf({ name, kind }: TerminalContainer): string {
  return kind === 'container' ? name : `${name} (${t(`terminal.kind.${kind}`)})`;
}

function StateStrip(props: { state: SessionState; target: Target; onAgain(): void; onConfirm(name: string): void }) {
  const { state, target } = props;
  const [name, setName] = useState('');
  if (state.name === 'connecting') {
    return state.message === undefined ? null : <Strip tone="progressing">{state.message}…</Strip>;
  }
  if (state.name === 'asked') {
    return (
      <form
        className={css.ask}
        onSubmit={(event) => {
          event.preventDefault();
          props.onConfirm(name);
        }}
      >
        <Field label={state.message} hint={state.hint}>
          <TextInput value={name} onChange={(event) => setName(event.target.value)} />
        </Field>
        <Button type="submit" variant="primary" disabled={name === ''}>
          {t('terminal.openIt')}
        </Button>
      </form>
    );
  }
  if (!isOver(state)) return null;
  return (
    <Strip
      tone={state.name === 'ended' && state.exitCode === 0 ? 'unknown' : state.name === 'lost' ? 'warning' : 'failed'}
      actions={
        <>
          {state.noProgram && target.object.kind === 'pods' && (
            <Button size="s" variant="quiet" onClick={() => useAsked.getState().ask(target.object)}>
              {t('terminal.debug.open')}
            </Button>
          )}
          <Button size="s" variant="quiet" icon={RotateCw} onClick={props.onAgain}>
            {t(state.name === 'lost' ? 'terminal.reconnect' : 'terminal.again')}
          </Button>
        </>
      }
    >
      {wordsOf(state)} {state.hint}
    </Strip>
  );
}

function Find({ screen, onClose }: { screen: Screen | undefined; onClose(): void }) {
  const [text, setText] = useState('');
  const [found, setFound] = useState(true);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);
  const find = (upwards: boolean) => setFound(text === '' || screen?.find(text, upwards) === true);
  return (
    <>
      <SearchInput
        className={found ? css.find : `${css.find} ${css.notFound}`}
        label={t('terminal.find')}
        value={text}
        onChange={setText}
        inputRef={input}
        onKeyDown={(event) => {
          if (event.key === 'Enter') find(!event.shiftKey);
          if (event.key !== 'Escape') return;
          event.stopPropagation();
          onClose();
          screen?.focus();
        }}
      />
      <IconButton size="s" icon={ArrowUp} label={t('terminal.findUp')} onClick={() => find(true)} />
      <IconButton size="s" icon={ArrowDown} label={t('terminal.findDown')} onClick={() => find(false)} />
    </>
  );
}

function PasteDialog({ text, onPaste, onClose }: { text: string; onPaste(): void; onClose(): void }) {
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('terminal.paste.title', { count: linesOf(text) })}
      description={t('terminal.paste.text')}
      footer={
        <>
          <Button onClick={onClose}>{t('terminal.cancel')}</Button>
          <Button variant="primary" onClick={onPaste}>
            {t('terminal.paste.paste')}
          </Button>
        </>
      }
    >
      <pre className={css.pasted}>{text.slice(0, 5000)}</pre>
    </Dialog>
  );
}

interface MenuOptions {
  screen: { readonly current: Screen | undefined };
  setPasted(text: string): void;
  find(): void;
  state: SessionState;
  record(on: boolean, input: boolean): void;
}

function menuOf({ screen, setPasted, find, state, record }: MenuOptions): MenuGroup[] {
  const paste = () => {
    navigator.clipboard.readText().then(
      (text) => {
        const clean = pastable(text);
        if (isRisky(clean, screen.current?.marksPastes === true)) setPasted(clean);
        else screen.current?.paste(clean);
        screen.current?.focus();
      },
      // Pages of this program may write the clipboard and not read it: the system's own key may.
      () => toast(t('terminal.pasteByKey')),
    );
  };
  return [
    {
      id: 'clipboard',
      actions: [
        {
          id: 'copy',
          label: t('ui.copy'),
          keys: 'Ctrl+Shift+C',
          perform: () => copyQuietly(screen.current?.selection ?? ''),
        },
        { id: 'paste', label: t('terminal.paste.paste'), keys: 'Ctrl+Shift+V', perform: paste },
      ],
    },
    {
      id: 'screen',
      actions: [
        { id: 'all', label: t('terminal.selectAll'), perform: () => screen.current?.selectAll() },
        { id: 'find', label: t('terminal.find'), keys: 'Ctrl+Shift+F', perform: find },
        { id: 'clear', label: t('terminal.clear'), perform: () => screen.current?.clear() },
      ],
    },
    { id: 'record', actions: recordActions(state, record) },
  ];
}
