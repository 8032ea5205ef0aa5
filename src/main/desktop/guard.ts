import { app, type IpcMainEvent, type IpcMainInvokeEvent, type Session, shell, type WebContents } from 'electron';
import { appOrigin } from './protocol.ts';

/** Closes every way by which a page could leave the app or gain a power, for windows that exist and that will. */
export function guardContents(): void {
  app.on('web-contents-created', (_event, contents) => {
    contents.on('will-navigate', (event, address) => {
      if (!isAppAddress(address)) event.preventDefault();
    });
    contents.on('will-redirect', (event, address) => {
      if (!isAppAddress(address)) event.preventDefault();
    });
    contents.on('will-attach-webview', (event) => event.preventDefault());
    // The policy does not cover peer connections: they get no way out of their own.
    contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp');
    contents.setWindowOpenHandler(({ url }) => {
      openOutside(url);
      return { action: 'deny' };
    });
  });
}

/**
 * Must run before the app is ready. Chromium itself needs no network here (clusters are the engine's, which is another
 * process): it resolves no name and takes no proxy, so that none of its own services phones out.
 */
export function guardNetwork(): void {
  app.commandLine.appendSwitch('host-resolver-rules', 'MAP * ~NOTFOUND');
  app.commandLine.appendSwitch('no-proxy-server');
}

/** Permissions: only writing to the clipboard, which the page asks for when the user copies. */
export function guardSession(session: Session): void {
  session.setPermissionRequestHandler((contents, permission, callback) => {
    callback(permission === 'clipboard-sanitized-write' && isAppContents(contents));
  });
  session.setPermissionCheckHandler((contents, permission) => {
    return permission === 'clipboard-sanitized-write' && contents !== null && isAppContents(contents);
  });
  session.setDevicePermissionHandler(() => false);
  // It would fetch dictionaries from a server of Google's.
  session.setSpellCheckerEnabled(false);
  // Nothing but the app's own files, whatever the page asks for.
  session.webRequest.onBeforeRequest((details, callback) => {
    callback({
      cancel: !isAppAddress(details.url) && !details.url.startsWith('devtools://') && !details.url.startsWith('data:'),
    });
  });
}

/** A message counts only when it comes from the top frame of the app's own page. */
export function isTrusted(event: IpcMainEvent | IpcMainInvokeEvent): boolean {
  const frame = event.senderFrame;
  return frame != null && frame.parent === null && isAppAddress(frame.url);
}

function isAppContents(contents: WebContents): boolean {
  return isAppAddress(contents.getURL());
}

function isAppAddress(address: string): boolean {
  return address === appOrigin || address.startsWith(`${appOrigin}/`);
}

/**
 * Documentation opens in the user's browser, and the start of what a forwarded port leads to; nothing else does. Any other address could carry what a page that was taken
 * over has read to whoever owns it, and text of a cluster can hold links that an editor makes clickable.
 */
function openOutside(address: string): void {
  const documentation = /^https:\/\/kubernetes\.io\/docs\/[\w\-./]*(?:#[\w\-.]*)?$/;
  // Without a path or a query: nothing is sent there but the wish to see its first page.
  const forwarded = /^https?:\/\/(?:127\.0\.0\.1|localhost):\d{2,5}\/?$/;
  if (documentation.test(address) || forwarded.test(address)) void shell.openExternal(address);
}
