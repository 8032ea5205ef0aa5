import { ArrowDown, ArrowUp, Plus, RotateCw, Search, Unplug } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { toast } from 'sonner';
import type { TerminalContainer } from '../../../core/cluster/terminal/contract.ts';
import type { DockPanelProps } from '../../app/feature.ts';
import { useClusters } from '../../app/scope.ts';
import { toError, useClient, useQuery } from '../../client/index.ts';
import { useDock } from '../../state/dock.ts';
import {
  Button,
  ContextMenu,
  copyText,
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
  Switch,
  TextInput,
  t,
} from '../../ui/index.ts';
import { useAsked } from './asked.ts';
import { isRisky, linesOf, pastable } from './paste.ts';
import { Screen } from './screen.ts';
import { type Ended, openSession, type Session, type SessionState } from './session.ts';
import { againOn, readTarget, type Target, writeTarget } from './target.ts';
import css from './terminal.module.css';
import { takePart, typeIn, useTogether } from './together.ts';

/** A tab of the dock: a terminal in a container, a debug container or a node. */
export function TerminalPanel({ tab, subject, visible }: DockPanelProps) {
  const target = readTarget(subject);
  if (target === undefined) return <EmptyState compact title={t('terminal.unreadable')} />;
  return <OpenTerminal tab={tab} first={target} visible={visible} />;
}

function OpenTerminal({ tab, first, visible }: { tab: string; first: Target; visible: boolean }) {
  const { state, target, host, screen, connect, pasted, setPasted, finding, setFinding } = useTerminal(tab, first);
  const together = useTogether();
  useEffect(() => {
    if (!visible) return;
    screen.current?.fit();
    screen.current?.focus();
  }, [visible, screen]);
  const over = state.name === 'ended' || state.name === 'lost' || state.name === 'failed';
  const again = () => connect(state.name === 'lost' ? againOn(target, state.container) : target);
  return (
    <div className={css.panel}>
      <header className={css.bar}>
        <Place target={target} state={state} onContainer={(next) => connect({ ...target, ...next } as Target)} />
        <span className={css.grow} />
        {finding && <Find screen={screen.current} onClose={() => setFinding(false)} />}
        {together.count > 1 && (
          <>
            <span>{t('terminal.together', { count: together.count })}</span>
            <Switch
              label={t('terminal.together', { count: together.count })}
              checked={together.on}
              onChange={together.setOn}
            />
          </>
        )}
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
      <StateStrip state={state} target={target} onAgain={again} onConfirm={(name) => connect(target, name)} />
      {together.on && <Strip tone="warning">{t('terminal.togetherOn', { count: together.count })}</Strip>}
      <ContextMenu groups={menuOf(screen, setPasted, () => setFinding(true))}>
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

/** The screen and the session behind it, for the tab's life. */
function useTerminal(tab: string, first: Target) {
  const client = useClient();
  const host = useRef<HTMLDivElement>(null);
  const screen = useRef<Screen>(undefined);
  const session = useRef<Session>(undefined);
  /** The name of a protected cluster, once it was given for this tab. */
  const confirmed = useRef<string>(undefined);
  const current = useRef<{ state: SessionState; target: Target }>({ state: { name: 'connecting' }, target: first });
  const [state, setState] = useState<SessionState>({ name: 'connecting' });
  const [target, setTarget] = useState(first);
  const [pasted, setPasted] = useState<string>();
  const [finding, setFinding] = useState(false);
  const describeTab = useDock((dock) => dock.describe);

  const connect = useRef((_target: Target, _name?: string) => {});
  connect.current = (next, name) => {
    const shown = screen.current;
    if (shown === undefined) return;
    if (name !== undefined) confirmed.current = name;
    if (session.current !== undefined && name === undefined) shown.note(`— ${t('terminal.startedAgain')} —`);
    session.current?.dispose();
    current.current.target = next;
    setTarget(next);
    session.current = openSession(client, next, {
      size: shown.size,
      confirmed: confirmed.current,
      write: (text, taken) => shown.write(text, taken),
      skipped: (count) => shown.note(t('terminal.skipped', { count: Math.round(count / 1000) })),
      change(changed) {
        current.current.state = changed;
        setState(changed);
        shown.setPlain(changed.tty === false);
        describeTab(tab, { title: titleOf(next, changed), mark: markOf(changed) });
        if (isOver(changed)) shown.note(`— ${wordsOf(changed)} —`);
      },
    });
  };

  // biome-ignore lint/correctness/useExhaustiveDependencies: one screen for the tab's life, with what it was opened on
  useEffect(() => {
    const place = host.current;
    if (place === null) return;
    const type = (text: string) => session.current?.input(text);
    const paste = (text: string) => {
      const clean = pastable(text);
      if (clean === '') return;
      if (isRisky(clean, screen.current?.marksPastes === true)) setPasted(clean);
      else screen.current?.paste(clean);
    };
    const shown = new Screen(place, {
      input(text) {
        const { state: now, target: at } = current.current;
        // A key that runs commands elsewhere brings back what has ended here.
        if (now.name === 'lost' && text === '\r') connect.current(againOn(at, now.container));
        else if (now.name === 'ended' && text === '\r') connect.current(at);
        else typeIn(type, text);
      },
      bytes: (text) => session.current?.bytes(text),
      resize: (size) => session.current?.resize(size),
      paste,
      copy: copyQuietly,
      link: (address) => {
        copyQuietly(address);
        toast(t('terminal.linkCopied'), { description: address });
      },
      find: () => setFinding(true),
    });
    screen.current = shown;
    const leave = takePart(type);
    connect.current(first);
    shown.focus();
    return () => {
      leave();
      session.current?.dispose();
      session.current = undefined;
      shown.dispose();
      screen.current = undefined;
    };
  }, []);

  return {
    state,
    target,
    host,
    screen,
    pasted,
    setPasted,
    finding,
    setFinding,
    connect: (next: Target, name?: string) => connect.current(next, name),
  };
}

/** Where it is: cluster, namespace, pod and container; another container is one choice away. */
function Place(props: { target: Target; state: SessionState; onContainer(next: { container: string }): void }) {
  const { target, state } = props;
  const { object, mode } = target;
  const cluster = useClusters().byId.get(object.cluster);
  const chooses = mode === 'exec' || mode === 'attach';
  const { data } = useQuery((client) => client.terminal.containers, chooses ? { object } : null);
  const containers = data?.containers.filter((each) => each.state === 'running') ?? [];
  const known = containers.some(({ name }) => name === state.container);
  return (
    <div className={css.place}>
      {cluster !== undefined && <Dot color={cluster.color} />}
      <span>{cluster?.name ?? object.cluster}</span>
      {object.namespace !== '' && <span>{object.namespace}</span>}
      <Name>{object.name}</Name>
      {chooses && known && containers.length > 1 ? (
        <Select
          className={css.containers}
          aria-label={t('terminal.container')}
          value={state.container ?? ''}
          options={containers.map((each) => ({ value: each.name, label: labelOf(each) }))}
          onChange={(container) => props.onContainer({ container })}
        />
      ) : (
        state.container !== undefined && mode !== 'node' && <Name>{state.container}</Name>
      )}
    </div>
  );
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

function menuOf(
  screen: { readonly current: Screen | undefined },
  setPasted: (text: string) => void,
  find: () => void,
): MenuGroup[] {
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
  ];
}

function copyQuietly(text: string): void {
  if (text === '') return;
  copyText(text).catch((error: unknown) => {
    toast.error(t('ui.copyFailed'), { description: toError(error).message });
  });
}

function titleOf({ object, mode }: Target, { container }: SessionState): string {
  return container === undefined || mode === 'node' ? object.name : `${object.name} · ${container}`;
}

function markOf(state: SessionState): 'ended' | 'attention' | undefined {
  if (state.name === 'ended') return 'ended';
  return state.name === 'lost' || state.name === 'failed' || state.name === 'asked' ? 'attention' : undefined;
}

function isOver(state: SessionState): state is Ended {
  return state.name === 'ended' || state.name === 'lost' || state.name === 'failed';
}

function wordsOf(state: Ended): string {
  if (state.name === 'lost') return t('terminal.lost', { reason: state.message ?? '' });
  if (state.name === 'failed') return t('terminal.failed', { reason: state.message ?? '' });
  if (state.exitCode !== undefined) return t('terminal.exited', { code: state.exitCode });
  return state.message ?? t('terminal.ended');
}
