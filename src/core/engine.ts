import { setImmediate } from 'node:timers/promises';
import { createActions } from './cluster/actions/index.ts';
import { changesApi, createChanges, unprotectQuestion } from './cluster/changes/index.ts';
import { crdsApi } from './cluster/crds/index.ts';
import {
  agreed,
  type Confirm,
  confirmed,
  createApplied,
  createFleet,
  createFleetApi,
  createUserColumns,
  type Fleet,
  sourceQuestion,
} from './cluster/fleet/index.ts';
import { createGitops, gitopsApi } from './cluster/gitops/index.ts';
import { createHelm, helmApi } from './cluster/helm/index.ts';
import { labelsApi, openLabelRules } from './cluster/labels/index.ts';
import { Captures, captureMigrations, createLogs } from './cluster/logs/index.ts';
import { createManifests } from './cluster/manifests/index.ts';
import { namespacesApi, openNamespaceTemplates } from './cluster/namespaces/index.ts';
import { portfolioApi } from './cluster/portfolio/index.ts';
import { createForwards, portforwardApi } from './cluster/portforward/index.ts';
import { createResources } from './cluster/resources/index.ts';
import { createTerminals, localShellQuestion, once } from './cluster/terminal/index.ts';
import { topologyApi } from './cluster/topology/index.ts';
import { createUpgrades, upgradesApi } from './cluster/upgrades/index.ts';
import { contract, type KubeSageContract } from './contract.ts';
import { type DemoPast, importDemoPast, type ReadDemoPast } from './demoPast.ts';
import { type Clock, systemClock } from './kernel/clock.ts';
import type { ContractImplementation } from './kernel/contract.ts';
import { Scope } from './kernel/disposable.ts';
import { createServer, type Server } from './kernel/server.ts';
import { Approvals, createAuthenticator } from './kube/auth/index.ts';
import { createSnapshotFolder } from './kube/columns/snapshotFolder.ts';
import { createTables } from './kube/columns/tables.ts';
import { followDiscovery } from './kube/discovery/index.ts';
import { createHelmProgram } from './kube/helm/index.ts';
import {
  AddedSources,
  createKeyBox,
  createKubeconfig,
  createPassphrase,
  createProtection,
  createSourceStore,
} from './kube/kubeconfig/index.ts';
import { createKustomizeProgram } from './kube/kustomize/index.ts';
import { createWatchers } from './kube/reflector/index.ts';
import { createLocalShells, type SpawnPty } from './kube/shell/index.ts';
import { createTransport } from './kube/transport/index.ts';
import { createHistory, historyApi, historyMigrations, observeTables } from './observe/history/index.ts';
import { auditApi, createAudit } from './platform/audit/index.ts';
import { createRecordings, recordingsApi } from './platform/recordings/index.ts';
import {
  createClaimedFolder,
  createDataFolder,
  createDocuments,
  createMemoryFolder,
  createSettings,
  createSettingsApi,
} from './platform/settings/index.ts';
import { hasStore, openStore } from './platform/store/index.ts';
import { type About, MemoryWatch, Notices, readMemory, systemApi } from './platform/system/index.ts';

export interface EngineOptions {
  host: About['host'];
  version: string;
  /** Where settings, history and snapshots are kept; undefined keeps everything in memory. */
  dataFolder: string | undefined;
  env: Readonly<Record<string, string | undefined>>;
  homeFolder: string;
  /** Read KUBECONFIG and ~/.kube/config. */
  discover: boolean;
  /** Ask the login shell for its PATH, for credential plugins: for programs that were not started from a shell. */
  askShell: boolean;
  /** Starts the demo fleet: `auto` when no context was found. */
  demo: 'auto' | 'always' | 'never';
  startDemo(): Promise<DemoFleet>;
  clock?: Clock;
  /**
   * Seals pasted kubeconfigs, 32 bytes out of the system's keyring; without one they are plain files (0600) until a
   * passphrase is chosen.
   */
  sealKey?: Uint8Array | undefined;
  /** Asks the user outside of the page before a program may run or a kubeconfig is added: where the host can. */
  confirm?: Confirm | undefined;
  /** Pseudo terminals of this computer: a host that gives none, such as a server, has no shells on its computer. */
  spawnPty?: SpawnPty | undefined;
  /** Watcher threads; see WatchersOptions. */
  workers?: number;
  watcherWorkerUrl?: URL;
  /** Bytes that the process may use; absent: what the system allows it. */
  memoryLimit?: number;
  /** Hears of defects that no caller can be told of. */
  log(message: string): void;
}

export interface DemoFleet {
  kubeconfig: string;
  past: ReadDemoPast;
  dispose(): void;
}

/** The product behind its contract. `server.accept` takes a window's port; `server.dispatch` serves REST. */
export interface Engine {
  readonly server: Server;
  /** Writes what is not written yet and ends everything. */
  close(): Promise<void>;
}

/** Builds every capability by plain arguments, lowest first, and releases them in the opposite order. */
export async function createEngine(options: EngineOptions): Promise<Engine> {
  const { clock = systemClock, env, homeFolder, version, log } = options;
  const scope = new Scope();
  const notices = scope.add(new Notices(clock));

  // Opened beside all that follows: it is nearly all waiting.
  const opening = openStore({
    path: options.dataFolder === undefined ? undefined : `${options.dataFolder}/history.duckdb`,
    migrations: historyMigrations,
    clock,
    onNotice: (message, hint) => notices.add({ key: 'history-file', tone: 'warning', message, hint }),
  });
  scope.add({ dispose: () => void opening.then((store) => store.close()) });

  // One process writes a data folder. A second one shows what is there, and keeps what is its own to itself.
  const borrowed = opening.then(({ heldByAnother }) => heldByAnother);
  const own = options.dataFolder === undefined ? createMemoryFolder() : createDataFolder(options.dataFolder);
  const folder = createClaimedFolder(own, borrowed);
  const documents = scope.add(createDocuments({ folder, clock }));
  const notify = ({ tone, message, hint, at }: (typeof documents.notices)[number]) =>
    notices.add({ tone, message, hint, at });
  scope.add(documents.onNotice(notify));
  const settings = scope.add(await createSettings({ documents }));

  const sources = createSourceStore(await documents.open('sources', AddedSources), folder);
  const keyring = options.sealKey === undefined ? undefined : createKeyBox(options.sealKey);
  const protection = createProtection(keyring, await createPassphrase(folder), sources);
  const kubeconfig = scope.add(
    await createKubeconfig({
      env,
      homeFolder,
      clock,
      discover: options.discover,
      secretBox: protection.box,
      store: sources,
    }),
  );
  const authenticator = scope.add(
    createAuthenticator({
      clock,
      env,
      homeFolder,
      approvals: await documents.open('approvals', Approvals),
      askShell: options.askShell,
    }),
  );
  const tables = createTables();
  const watchers = scope.add(
    createApplied({
      watchers: createWatchers({ clock, version, workers: options.workers, workerUrl: options.watcherWorkerUrl }),
      tables,
      clock,
      resync: (cluster, kind) => fleet.resync(cluster, kind),
      onLost({ cluster, kind, error, count }) {
        const name = fleet.all().find(({ index }) => index === cluster)?.name ?? 'a cluster';
        const times = count === 1 ? '' : ` This is time ${count} since the start.`;
        log(`Changes of ${kind} in ${name} were lost: ${error.message}`);
        notices.add({
          key: 'lost-changes',
          tone: 'warning',
          message: `Changes of ${kind} in ${name} were lost: its list is read again`,
          hint: `This is a defect of KubeSage; nothing is to be done.${times}`,
        });
      },
    }),
  );
  const userColumns = scope.add(createUserColumns(settings));
  const fleet: Fleet = scope.add(
    await createFleet({
      kubeconfig,
      authenticator: confirmed(authenticator, options.confirm),
      watchers,
      tables,
      documents,
      userColumns,
      snapshots:
        options.dataFolder === undefined
          ? undefined
          : {
              folder: createSnapshotFolder(`${options.dataFolder}/snapshots`, borrowed),
              program: version,
              pause: () => setImmediate(),
              notify(key, notice) {
                if (notice === null) notices.remove(key);
                else notices.add({ key, tone: 'warning', ...notice });
              },
            },
      clock,
      createTransport: (spec, credentials) => createTransport(spec, credentials, { clock, version }),
      followDiscovery,
    }),
  );
  const store = await opening;
  if (store.heldByAnother) {
    const message = `Another KubeSage uses ${folder.path}: changes of settings, and the history, are kept until this one ends`;
    const hint = 'Close the other one, or start this one with another --data folder.';
    notices.add({ key: 'history-file', tone: 'warning', message, hint });
    log(`${message}. ${hint}`);
  }
  const history = scope.add(
    createHistory({
      store,
      clock,
      onProblem(message) {
        if (message === null) notices.remove('history');
        else notices.add({ key: 'history', tone: 'failed', message, hint: 'Recent changes wait in memory.' });
      },
    }),
  );
  scope.add(observeTables({ tables, watchers, fleet, history }));
  // The history hears of the rows that are shown from the last run, and so knows what is deleted from now on.
  await fleet.start(() => setImmediate());
  const audit = await createAudit({
    folder: options.dataFolder === undefined ? undefined : `${options.dataFolder}/audit`,
    clock,
  });
  // A served page has nobody beside it who could be asked for each change.
  const outside = options.host === 'electron' ? options.confirm : undefined;
  const changes = scope.add(
    createChanges({ fleet, audit, clock, agree: outside && ((question) => agreed(outside, () => question)) }),
  );
  const forwards = scope.add(await createForwards({ fleet, documents, clock }));
  const helmProgram = createHelmProgram({
    kubeconfig,
    authenticator,
    clock,
    env,
    homeFolder,
    askShell: options.askShell,
  });
  const helm = scope.add(createHelm({ fleet, changes, program: helmProgram, tables, clock }));
  const gitops = scope.add(
    createGitops({
      fleet,
      tables,
      clock,
      serverOf: (cluster) => kubeconfig.contexts.find(({ id }) => id === cluster)?.server,
      releaseObjects: (release, signal) => helm.objects(release, signal),
    }),
  );
  const upgrades = scope.add(
    await createUpgrades({
      fleet,
      tables,
      documents,
      clock,
      versionOf: (cluster) => fleet.rows().find(({ key }) => key === cluster)?.version ?? null,
      pause: () => setImmediate(),
    }),
  );
  const resources = scope.add(createResources({ fleet, tables, clock, userColumns }));

  const namespaceTemplates = await openNamespaceTemplates(documents);
  const labelRules = await openLabelRules(documents);

  const demo = options.demo === 'always' || (options.demo === 'auto' && kubeconfig.contexts.length === 0);
  let past: DemoPast | undefined;
  if (demo) {
    const running = await options.startDemo();
    scope.add(running);
    kubeconfig.setDemo(running.kubeconfig);
    const contexts = kubeconfig.contexts.filter(({ source }) => source === 'demo');
    past = scope.add(importDemoPast({ history, clock, contexts, read: running.past, log }));
    fleet.open(contexts.map(({ id }) => id));
  }

  const captured = options.dataFolder === undefined ? undefined : `${options.dataFolder}/logs.duckdb`;
  const captures = scope.add(
    new Captures({
      fleet,
      tables,
      clock,
      hasFile: captured !== undefined && hasStore(captured),
      openStore: () =>
        openStore({
          path: captured,
          migrations: captureMigrations,
          clock,
          what: 'captured logs',
          onNotice: (message, hint) => notices.add({ key: 'captures-file', tone: 'warning', message, hint }),
        }),
      onProblem(message) {
        if (message === null) notices.remove('captures');
        else notices.add({ key: 'captures', tone: 'failed', message, hint: 'Nothing more is captured meanwhile.' });
      },
    }),
  );
  const recordings = createRecordings({
    folder: options.dataFolder === undefined ? undefined : `${options.dataFolder}/recordings`,
    clock,
  });
  const terminals = createTerminals({
    fleet,
    changes,
    audit,
    recordings,
    localShells:
      options.spawnPty === undefined
        ? undefined
        : createLocalShells({ kubeconfig, authenticator, clock, env, homeFolder, spawn: options.spawnPty }),
    agreeToLocal: once(() => agreed(options.confirm, localShellQuestion)),
    clock,
  });

  const about: About = { version, host: options.host, dataFolder: folder.path, demo };
  const fleetApi = createFleetApi(fleet, kubeconfig, protection);
  const implementation: ContractImplementation<KubeSageContract> = {
    actions: createActions({ fleet, changes, tables, clock }),
    audit: auditApi(audit),
    changes: changesApi(changes),
    crds: crdsApi({ fleet }),
    fleet: {
      ...fleetApi,
      async addSource(input, context) {
        await agreed(options.confirm, () => sourceQuestion(input));
        return fleetApi.addSource(input, context);
      },
      async update(input, context) {
        const cluster = fleet.byId(input.cluster);
        if (input.protected === false && cluster?.protected === true) {
          await agreed(outside, () => unprotectQuestion(cluster.name));
        }
        return fleetApi.update(input, context);
      },
    },
    gitops: gitopsApi(gitops),
    helm: helmApi(helm),
    history: historyApi(history),
    manifests: createManifests({
      fleet,
      changes,
      clock,
      documents,
      kustomize: createKustomizeProgram({ clock, env, askShell: options.askShell }),
    }),
    labels: labelsApi({ fleet, tables, clock, changes }, labelRules),
    namespaces: namespacesApi({ fleet, tables, clock, changes }, namespaceTemplates),
    portfolio: portfolioApi({
      fleet,
      tables,
      clock,
      releases: (clusters) => helm.follow({ clusters, namespaces: [] }),
      deliveries: (clusters) => gitops.deliveries({ clusters, namespaces: [] }),
    }),
    portforward: portforwardApi(forwards, fleet),
    logs: createLogs({ fleet, tables, clock }, captures),
    recordings: recordingsApi(recordings, audit),
    resources: resources.implementation,
    settings: createSettingsApi(settings),
    system: systemApi(about, notices),
    topology: topologyApi({ fleet, tables, clock, pause: () => setImmediate() }),
    terminal: terminals.api,
    upgrades: upgradesApi(upgrades),
  };
  const server = scope.add(createServer(contract, implementation, { clock }));
  scope.add(
    new MemoryWatch({
      clock,
      notices,
      read: () => readMemory(options.memoryLimit),
      sheddables: [
        { name: 'values of your own columns', shed: () => resources.forgetValues() },
        { name: 'what windows that lost their connection had', shed: () => server.forgetLost() },
        { name: 'texts that readers keep at hand', shed: () => watchers.shed() },
        { name: 'lists that nobody looks at any more', shed: () => fleet.endLingering() },
        { name: 'what was watched for the search alone', shed: () => resources.endSearch() },
      ],
    }),
  );

  return {
    server,
    async close() {
      await terminals.close();
      await captures.close();
      // What waits for it is recorded with the flush.
      past?.dispose();
      await past?.ended;
      await fleet.flush();
      await history.recorder.flush();
      await documents.flush();
      scope.dispose();
    },
  };
}
