import { contextBridge, ipcRenderer } from 'electron';

/** A link that the system asked to open and that the page has not taken yet. */
let link: string | undefined;

/**
 * All that the page gets from the desktop: a port to the engine, and the few things that only a native window can do.
 * The page is sandboxed; nothing here takes a channel name or a path to read from it.
 */
const bridge = {
  host: 'electron',
  /** Asks for a connection to the engine. It arrives as a window message `{ type: 'kubesage:port' }` with the port. */
  connect(): void {
    ipcRenderer.send('kubesage:connect');
  },
  /** Lets the user choose a kubeconfig file or folder; null when they changed their mind. */
  chooseKubeconfig(kind: 'file' | 'folder'): Promise<string | null> {
    return ipcRenderer.invoke('kubesage:choose-kubeconfig', kind === 'folder' ? 'folder' : 'file');
  },
  /** Tells the window which theme the page shows, for its frame and its background while loading. */
  setTheme(theme: 'system' | 'light' | 'dark'): void {
    ipcRenderer.send('kubesage:theme', theme);
  },
  /** The `kubesage://` link that the system asked to open, once; a window message `kubesage:link` says that there is one. */
  takeLink(): string | undefined {
    const taken = link;
    link = undefined;
    return taken;
  },
} as const;

export type DesktopBridge = typeof bridge;

ipcRenderer.on('kubesage:port', (event) => {
  const [port] = event.ports;
  if (port !== undefined) window.postMessage({ type: 'kubesage:port' }, location.origin, [port]);
});

ipcRenderer.on('kubesage:link', (_event, address: unknown) => {
  if (typeof address !== 'string') return;
  link = address;
  window.postMessage({ type: 'kubesage:link' }, location.origin);
});

/** Main tells when the engine stopped, why, and when it is there again: the page connects anew. */
ipcRenderer.on('kubesage:engine', (_event, state: unknown) => {
  window.postMessage({ type: 'kubesage:engine', state }, location.origin);
});

contextBridge.exposeInMainWorld('kubesage', bridge);
