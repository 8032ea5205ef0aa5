import { contract } from '../../core/contract.ts';
import { createConnection } from '../../core/kernel/client.ts';
import type { Connection } from './connection.ts';
import { desktop, watchEngine } from './desktop.ts';
import { openDesktopPort, openSocketPort } from './ports.ts';

/**
 * The connection to the engine: over the desktop app's port, or over a WebSocket in a browser. With `?fake` in the
 * page's address a development build serves itself believable data, so that every screen can be seen without an engine.
 */
export async function connectEngine(): Promise<Connection> {
  const bridge = desktop();
  if (bridge !== undefined) {
    watchEngine();
    return createConnection(contract, () => openDesktopPort(bridge));
  }
  if (import.meta.env.DEV || import.meta.env.MODE === 'fake') {
    const fake = new URLSearchParams(window.location.search).get('fake');
    if (fake !== null) return (await import('./fake/index.ts')).connectFake(fake);
  }
  return createConnection(contract, openSocketPort);
}
