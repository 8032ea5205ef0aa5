import { useEffect, useRef, useState } from 'react';
import { toast } from 'sonner';
import { useConnection } from '../../client/index.ts';
import { useDock } from '../../state/dock.ts';
import { t } from '../../ui/index.ts';
import { copyQuietly, isOver, markOf, titleOf, wordsOf } from './ending.ts';
import { isRisky, pastable } from './paste.ts';
import { adopted } from './restore.ts';
import { Screen } from './screen.ts';
import { openSession, type Session, type SessionState } from './session.ts';
import { againOn, type Target } from './target.ts';
import { takePart, typeIn } from './together.ts';

interface Connect {
  /** The name of a protected cluster, as it was given. */
  confirmed?: string;
  /** Takes this terminal up again, in place of a new one. */
  session?: string | undefined;
}

/** The screen and the session behind it, for the tab's life. */
export function useTerminal(tab: string, first: Target) {
  const connection = useConnection();
  const { client } = connection;
  const host = useRef<HTMLDivElement>(null);
  const screen = useRef<Screen>(undefined);
  const session = useRef<Session>(undefined);
  /** Kept once it was given for this tab. */
  const confirmed = useRef<string>(undefined);
  /** The terminal that the engine has, by its id: it goes on when the connection to the engine is lost. */
  const kept = useRef<string>(undefined);
  const current = useRef<{ state: SessionState; target: Target }>({ state: { name: 'connecting' }, target: first });
  const [state, setState] = useState<SessionState>({ name: 'connecting' });
  const [target, setTarget] = useState(first);
  const [pasted, setPasted] = useState<string>();
  const [finding, setFinding] = useState(false);
  const describeTab = useDock((dock) => dock.describe);

  const connect = useRef((_target: Target, _how?: Connect) => {});
  connect.current = (next, how = {}) => {
    const shown = screen.current;
    if (shown === undefined) return;
    if (how.confirmed !== undefined) confirmed.current = how.confirmed;
    const before = session.current;
    if (before !== undefined && how.confirmed === undefined && how.session === undefined) {
      shown.note(`— ${t('terminal.startedAgain')} —`);
    }
    // A new one stands in for it; one that is taken up again is only left.
    if (how.session === undefined) before?.close();
    else before?.dispose();
    kept.current = how.session;
    current.current.target = next;
    setTarget(next);
    session.current = openSession(client, next, {
      size: shown.size,
      confirmed: confirmed.current,
      session: how.session,
      write: (text, taken) => shown.write(text, taken),
      replay: (text) => shown.replay(text),
      named(id) {
        kept.current = id;
      },
      skipped: (count) => shown.note(t('terminal.skipped', { count: Math.round(count / 1000) })),
      change(changed) {
        const wasOver = isOver(current.current.state);
        current.current.state = changed;
        setState(changed);
        shown.setPlain(changed.tty === false);
        describeTab(tab, { title: titleOf(next, changed), mark: markOf(changed) });
        if (isOver(changed) && !wasOver) shown.note(`— ${wordsOf(changed)} —`);
      },
    });
  };

  const again = useRef(() => {});
  again.current = () => {
    const { state: now, target: at } = current.current;
    const session = continues(now) ? kept.current : undefined;
    if (session !== undefined) connect.current(at, { session });
    else connect.current(now.name === 'lost' ? againOn(at, now.container) : at);
  };

  // biome-ignore lint/correctness/useExhaustiveDependencies: one screen for the tab's life, with what it was opened on
  useEffect(() => {
    const place = host.current;
    if (place === null) return;
    let connected = connection.state === 'connected';
    const type = (text: string) => session.current?.input(text);
    const paste = (text: string) => {
      const clean = pastable(text);
      if (clean === '') return;
      if (isRisky(clean, screen.current?.marksPastes === true)) setPasted(clean);
      else screen.current?.paste(clean);
    };
    const shown = new Screen(place, {
      input(text) {
        const { name } = current.current.state;
        // A key that runs commands elsewhere brings back what has ended here.
        if ((name === 'lost' || name === 'ended') && text === '\r') again.current();
        else typeIn(tab, text);
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
    const leave = takePart(tab, type);
    // Back in touch with the engine, it goes on by itself; what another window took does not.
    const back = connection.onState((now) => {
      if (now === 'connected' && !connected && continues(current.current.state)) again.current();
      connected = now === 'connected';
    });
    connect.current(first, { session: adopted(tab) });
    shown.focus();
    return () => {
      leave();
      back.dispose();
      session.current?.close();
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
    // Asked for by a button, which is gone then: the keys are the terminal's again.
    again() {
      again.current();
      screen.current?.focus();
    },
    connect(next: Target, how?: Connect) {
      connect.current(next, how);
      screen.current?.focus();
    },
    record: (on: boolean, input: boolean) => session.current?.record(on, input),
  };
}

function continues(state: SessionState): boolean {
  return state.name === 'lost' && state.continues === true;
}
