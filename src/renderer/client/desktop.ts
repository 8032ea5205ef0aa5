import { useSyncExternalStore } from 'react';
import { z } from 'zod';

/** What the preload of the desktop app offers. It is absent in a browser. */
export interface DesktopBridge {
  host: 'electron';
  /** Asks for a port to the engine; it arrives as a message event with `{ type: 'kubesage:port' }` and one port. */
  connect(): void;
  /** Lets the user choose a kubeconfig; null when they changed their mind. */
  chooseKubeconfig(kind: 'file' | 'folder'): Promise<string | null>;
  /** The theme of the page, for the window's frame and its background while loading. */
  setTheme(theme: 'system' | 'light' | 'dark'): void;
  /** The `kubesage://` link that the system asked to open, once; a message event `{ type: 'kubesage:link' }` announces it. */
  takeLink(): string | undefined;
}

declare global {
  interface Window {
    kubesage?: DesktopBridge;
  }
}

export function desktop(): DesktopBridge | undefined {
  return window.kubesage;
}

const EngineState = z.union([
  z.object({ state: z.enum(['starting', 'running']) }),
  z.object({ state: z.literal('restarting'), reason: z.string(), attempt: z.number(), delayMs: z.number() }),
  z.object({ state: z.literal('failed'), reason: z.string() }),
]);
/** How the engine's process is doing, as the desktop app's main process sees it. */
export type EngineState = z.infer<typeof EngineState>;

const listeners = new Set<() => void>();
let engine: EngineState | undefined;

/** Follows what the preload tells of the engine's process. Called once, by the entry, before it connects. */
export function watchEngine(): void {
  window.addEventListener('message', (event: MessageEvent<unknown>) => {
    // Only this window posts it: the preload runs in it. Frames and openers are not listened to.
    if (event.source !== window) return;
    const message = z.object({ type: z.literal('kubesage:engine'), state: EngineState }).safeParse(event.data);
    if (!message.success) return;
    engine = message.data.state;
    for (const listener of [...listeners]) listener();
  });
}

/** Hands on each link that the system asks to open, also one that came before. Called once, by the entry. */
export function followLinks(open: (link: string) => void): void {
  const take = () => {
    const link = desktop()?.takeLink();
    if (link !== undefined) open(link);
  };
  window.addEventListener('message', (event: MessageEvent<unknown>) => {
    if (event.source !== window) return;
    if (z.object({ type: z.literal('kubesage:link') }).safeParse(event.data).success) take();
  });
  take();
}

/** Calls back when the engine's process has ended or is being started again, until the returned function is called. */
export function onEngineLost(lost: () => void): () => void {
  const listener = () => {
    if (engine?.state === 'restarting' || engine?.state === 'failed') lost();
  };
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** undefined in a browser, and before the first word of it. */
export function useEngineState(): EngineState | undefined {
  return useSyncExternalStore(
    (changed) => {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
    () => engine,
  );
}
