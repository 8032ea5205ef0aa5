import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { app, BrowserWindow, dialog, ipcMain, Menu, MessageChannelMain, nativeTheme, screen, session } from 'electron';
import { channels, Gate } from './channels.ts';
import { EngineProcess, type EngineState } from './engineProcess.ts';
import { guardContents, guardNetwork, guardSession, isTrusted } from './guard.ts';
import { changedHeapImage } from './heapImages.ts';
import { linkIn, linkScheme } from './links.ts';
import { menuTemplate } from './menu.ts';
import { appOrigin, registerAppScheme, serveApp } from './protocol.ts';
import { readSealKey } from './sealKey.ts';
import { readWindowState, visibleBounds, writeWindowState } from './windowState.ts';

/** The oldest Electron whose Node (20) runs the engine. */
const oldestForEngine = 30;

registerAppScheme();
guardNetwork();
if (process.env.KUBESAGE_DATA !== undefined) app.setPath('userData', process.env.KUBESAGE_DATA);
/** A link that the operating system asked to open, until a window takes it. */
let waitingLink = linkIn(process.argv);
// macOS tells links so, and before the app is ready too.
app.on('open-url', (event, address) => {
  event.preventDefault();
  openLink(linkIn([address]));
});
if (app.requestSingleInstanceLock()) void start();
else app.quit();

async function start(): Promise<void> {
  // Before ready: every renderer is sandboxed, whatever a window asks for. Chromium cannot do it for root, who then said
  // so on the command line; windows still get a sandboxed preload.
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
  guardContents();
  if (app.isPackaged && process.platform === 'linux') {
    const changed = changedHeapImage(dirname(process.execPath), join(__dirname, 'heapImages.json'));
    if (changed !== undefined) {
      dialog.showErrorBox('KubeSage was changed', `It does not start: ${changed}. Install it again.`);
      app.exit(1);
      return;
    }
  }
  let engineState: EngineState = { state: 'starting' };
  const program = engineProgram();
  // The keyring answers when the app is ready.
  const sealKey = app.whenReady().then(() => readSealKey(join(app.getPath('userData'), 'seal.key')));
  const engine = new EngineProcess({
    ...program,
    args: ['--data', app.getPath('userData')],
    sealKey,
    onState(state) {
      engineState = state;
      for (const window of BrowserWindow.getAllWindows()) window.webContents.send('kubesage:engine', state);
    },
    confirm,
  });
  // A Node of its own need not wait for Electron; a utility process has to.
  if (program.node !== undefined) engine.start();
  await app.whenReady();
  if (program.node === undefined) engine.start();
  guardSession(session.defaultSession);
  serveApp(join(__dirname, '..', 'renderer'));
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate()));
  await sealKey;

  const connectGate = new Gate(channels.connect);
  ipcMain.on(channels.connect.name, (event, ...values) => {
    if (!isTrusted(event) || connectGate.admit(values) === undefined) return;
    const { port1, port2 } = new MessageChannelMain();
    engine.connect(port2);
    event.sender.postMessage('kubesage:port', null, [port1]);
    event.sender.send('kubesage:engine', engineState);
  });
  const chooseGate = new Gate(channels.chooseKubeconfig);
  let choosing = false;
  ipcMain.handle(channels.chooseKubeconfig.name, async (event, ...values) => {
    const window = BrowserWindow.fromWebContents(event.sender);
    const admitted = isTrusted(event) ? chooseGate.admit(values) : undefined;
    if (admitted === undefined || window === null || choosing) return null;
    const [kind] = admitted;
    choosing = true;
    try {
      const chosen = await dialog.showOpenDialog(window, {
        title: kind === 'folder' ? 'Folder with kubeconfig files' : 'Kubeconfig file',
        properties: [kind === 'folder' ? 'openDirectory' : 'openFile', 'showHiddenFiles'],
      });
      chosenPath = chosen.filePaths[0];
      return chosenPath ?? null;
    } finally {
      choosing = false;
    }
  });
  const themeGate = new Gate(channels.theme);
  ipcMain.on(channels.theme.name, (event, ...values) => {
    const admitted = isTrusted(event) ? themeGate.admit(values) : undefined;
    if (admitted !== undefined) nativeTheme.themeSource = admitted[0];
  });

  // A package says so in its manifest too; here for what was unpacked by hand.
  if (app.isPackaged) app.setAsDefaultProtocolClient(linkScheme);
  openWindow();
  app.on('second-instance', (_event, args) => openLink(linkIn(args)));
  app.on('activate', () => {
    if (BrowserWindow.getAllWindows().length === 0) openWindow();
  });
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  app.on('before-quit', (event) => {
    event.preventDefault();
    for (const window of BrowserWindow.getAllWindows()) rememberPlace(window);
    // Not `quit` again: it would ask every window once more, and one that hangs would keep the app from ending.
    void engine.stop().then(() => app.exit(0));
  });
}

let asking = false;
/** The path that the user has just chosen in a dialog of ours needs no second one. */
let chosenPath: string | undefined;

/** Asks in a native dialog: a page that was taken over can neither see nor press it. One at a time; No is the default. */
async function confirm(message: string, detail: string): Promise<boolean> {
  if (detail === chosenPath) {
    chosenPath = undefined;
    return true;
  }
  const [window] = BrowserWindow.getAllWindows();
  if (asking || window === undefined) return false;
  asking = true;
  try {
    const options = {
      type: 'warning',
      message,
      detail,
      buttons: ['Cancel', 'Allow'],
      defaultId: 0,
      cancelId: 0,
    } as const;
    const { response } = await dialog.showMessageBox(window, {
      ...options,
      buttons: [...options.buttons],
      noLink: true,
    });
    return response === 1;
  } finally {
    asking = false;
  }
}

/** Brings the window to the front, and the link, if there is one, to its page. */
function openLink(link: string | undefined): void {
  waitingLink = link ?? waitingLink;
  if (!app.isReady()) return;
  const [window] = BrowserWindow.getAllWindows();
  if (window === undefined) {
    openWindow();
    return;
  }
  if (window.isMinimized()) window.restore();
  window.focus();
  if (!window.webContents.isLoading()) giveLink(window);
}

function giveLink(window: BrowserWindow): void {
  if (waitingLink !== undefined) window.webContents.send('kubesage:link', waitingLink);
  waitingLink = undefined;
}

/** Where the engine's program is and what runs it. */
function engineProgram(): { entry: string; node: string | undefined } {
  // Packaged, the engine and its workers lie beside the archive: a Node of its own cannot read inside.
  const folder = __dirname.replace(/app\.asar(?=$|[\\/])/, 'app.asar.unpacked');
  // Packaged, no variable of the environment may name another program than the one that was packaged.
  const isFree = !app.isPackaged;
  const entry = (isFree ? process.env.KUBESAGE_ENGINE_ENTRY : undefined) ?? join(folder, 'engine.mjs');
  const tooOld = Number.parseInt(process.versions.electron, 10) < oldestForEngine;
  if (!tooOld && !(isFree && process.env.KUBESAGE_ENGINE === 'node')) return { entry, node: undefined };
  return { entry, node: process.env.KUBESAGE_NODE ?? 'node' };
}

const statePath = (): string => join(app.getPath('userData'), 'window.json');

function rememberPlace(window: BrowserWindow): void {
  if (window.isDestroyed()) return;
  try {
    writeWindowState(statePath(), { bounds: window.getNormalBounds(), maximized: window.isMaximized() });
  } catch (error) {
    // A full or read-only disk must not keep the window open.
    process.stderr.write(`The window's place was not saved: ${String(error)}\n`);
  }
}

function openWindow(): void {
  const { bounds, maximized } = readWindowState(statePath());
  const displays = screen.getAllDisplays().map((display) => display.workArea);
  const window = new BrowserWindow({
    width: 1440,
    height: 900,
    ...visibleBounds(bounds, displays),
    minWidth: 720,
    minHeight: 480,
    show: false,
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#101316' : '#ffffff',
    autoHideMenuBar: true,
    title: 'KubeSage',
    webPreferences: {
      preload: join(__dirname, '..', 'preload', 'index.cjs'),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
    },
  });
  if (maximized) window.maximize();
  window.once('ready-to-show', () => window.show());
  window.on('close', () => rememberPlace(window));
  window.webContents.on('did-finish-load', () => giveLink(window));
  window.webContents.on('render-process-gone', (_event, details) => {
    if (details.reason !== 'clean-exit' && !window.isDestroyed()) window.webContents.reload();
  });
  const page = process.env.KUBESAGE_PAGE ?? '/';
  if (!existsSync(join(__dirname, '..', 'renderer', 'index.html'))) {
    dialog.showErrorBox(
      'KubeSage is not built',
      'The window has nothing to show. Run `npm run build`, then start again.',
    );
    app.exit(1);
    return;
  }
  void window.loadURL(`${appOrigin}${page.startsWith('/') ? page : '/'}`);
}
