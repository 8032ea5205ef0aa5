import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeMessage, messageTypeOf } from '../kube/projectors/index.ts';
import { type Answer, type Api, connect, unwrap } from './conformanceClient.ts';
import { at, listAt, recordAt, textAt } from './objects.ts';
import { createSimulator } from './server.ts';

async function simulated(): Promise<Api> {
  const simulator = createSimulator({ name: 'conformance' });
  for (const name of ['default', 'kube-system']) {
    simulator.cluster.create('namespaces', {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name },
      spec: { finalizers: ['kubernetes'] },
      status: { phase: 'Active' },
    });
  }
  await simulator.listen();
  return connect(simulator.kubeconfig(), () => simulator.close());
}

const tool = process.env.KUBESAGE_KUBE;
const realName = 'kubesage-conformance';

async function real(): Promise<Api> {
  const started = spawnSync(tool ?? '', ['up', realName, '--nodes', '1'], { encoding: 'utf8' });
  const path = started.stdout.trim().split('\n').at(-1) ?? '';
  if (started.status !== 0) throw new Error(`${tool} up failed: ${started.stderr}`);
  return connect(readFileSync(path, 'utf8'), async () => {
    spawnSync(tool ?? '', ['down', realName]);
  });
}

const servers: { name: string; start: () => Promise<Api> }[] = [{ name: 'the simulator', start: simulated }];
if (tool === undefined) process.stdout.write('No real API server: KUBESAGE_KUBE does not name the cluster tool.\n');
else servers.push({ name: 'a real API server', start: real });

describe.each(servers)('$name', ({ name: server, start }) => {
  let api: Api;
  const home = '/api/v1/namespaces/conformance';
  const apps = '/apis/apps/v1/namespaces/conformance';

  const configMap = (name: string, data: Record<string, string>, labels = {}) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, labels },
    data,
  });
  const deployment = (name: string, image: string) => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'web', image }] } },
    },
  });
  const apply = (path: string, body: unknown, manager: string, force = false) =>
    api.call('PATCH', `${path}?fieldManager=${manager}${force ? '&force=true' : ''}`, {
      body,
      type: 'application/apply-patch+yaml',
    });
  const names = (answer: Answer) => listAt(answer.json, 'items').map((item) => textAt(item, 'metadata.name'));
  const status = (answer: Answer) => ({
    http: answer.status,
    kind: answer.json.kind,
    status: answer.json.status,
    reason: answer.json.reason,
    code: answer.json.code,
    message: answer.json.message,
  });
  /** Tries until it holds, for what a controller does a moment later. */
  const eventually = async (probe: () => Promise<boolean>) => {
    for (let tries = 0; tries < 100; tries++) {
      if (await probe()) return true;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return false;
  };

  beforeAll(async () => {
    api = await start();
    const body = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'conformance' } };
    expect((await api.call('POST', '/api/v1/namespaces', { body })).status).toBe(201);
    await eventually(async () => (await api.call('GET', `${home}/serviceaccounts/default`)).status === 200);
    const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default' } };
    await api.call('POST', `${home}/serviceaccounts`, { body: account });
  }, 120_000);

  afterAll(() => api.dispose(), 60_000);

  it('tells its version and that it is ready', async () => {
    const version = await api.call('GET', '/version');
    expect(version.json.gitVersion).toMatch(/^v1\.\d+\.\d+/);
    expect((await api.call('GET', '/readyz')).bytes.toString()).toBe('ok');
  });

  it('announces its resources, aggregated and by group', async () => {
    const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
    const aggregated = await api.call('GET', '/apis', { accept });
    expect(aggregated.json.kind).toBe('APIGroupDiscoveryList');
    const group = listAt(aggregated.json, 'items').find((item) => textAt(item, 'metadata.name') === 'apps');
    const resources = listAt(listAt(group, 'versions')[0], 'resources');
    const found = resources.find((resource) => textAt(resource, 'resource') === 'deployments');
    expect(found).toEqual({
      resource: 'deployments',
      responseKind: { group: '', version: '', kind: 'Deployment' },
      scope: 'Namespaced',
      singularResource: 'deployment',
      verbs: ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'],
      shortNames: ['deploy'],
      categories: ['all'],
      subresources: [
        {
          subresource: 'scale',
          responseKind: { group: 'autoscaling', version: 'v1', kind: 'Scale' },
          verbs: ['get', 'patch', 'update'],
        },
        {
          subresource: 'status',
          responseKind: { group: '', version: '', kind: 'Deployment' },
          verbs: ['get', 'patch', 'update'],
        },
      ],
    });
    const legacy = await api.call('GET', '/apis/apps/v1');
    const names = listAt(legacy.json, 'resources').map((resource) => textAt(resource, 'name'));
    expect(names).toContain('deployments/scale');
    expect((await api.call('GET', '/apis/nothing.example/v1')).status).toBe(404);
  });

  it('lists in pages of one moment, in the order of names', async () => {
    for (const name of ['p-c', 'p-a', 'p-d', 'p-b']) {
      await api.call('POST', `${home}/configmaps`, { body: configMap(name, {}, { set: 'page' }) });
    }
    const first = await api.call('GET', `${home}/configmaps?limit=2&labelSelector=set%3Dpage`);
    expect(names(first)).toEqual(['p-a', 'p-b']);
    await api.call('DELETE', `${home}/configmaps/p-c`);
    const token = encodeURIComponent(textAt(first.json, 'metadata.continue'));
    const second = await api.call('GET', `${home}/configmaps?limit=2&labelSelector=set%3Dpage&continue=${token}`);
    expect(names(second)).toEqual(['p-c', 'p-d']);
    expect(textAt(second.json, 'metadata.continue')).toBe('');
    expect(textAt(second.json, 'metadata.resourceVersion')).toBe(textAt(first.json, 'metadata.resourceVersion'));
    expect(at(second.json, 'items.0.kind')).toBeUndefined();
  });

  it('selects by labels and fields, and refuses unknown fields', async () => {
    await api.call('POST', `${home}/configmaps`, { body: configMap('s-1', {}, { tier: 'a', set: 's' }) });
    await api.call('POST', `${home}/configmaps`, { body: configMap('s-2', {}, { tier: 'b', set: 's' }) });
    const by = async (selector: string) =>
      names(await api.call('GET', `${home}/configmaps?labelSelector=${encodeURIComponent(`set=s,${selector}`)}`));
    expect(await by('tier in (a,c)')).toEqual(['s-1']);
    expect(await by('tier!=a')).toEqual(['s-2']);
    expect(await by('!tier')).toEqual([]);
    const field = await api.call('GET', `${home}/configmaps?fieldSelector=metadata.name%3Ds-2`);
    expect(names(field)).toEqual(['s-2']);
    const unknown = await api.call('GET', `${home}/pods?fieldSelector=spec.color%3Dred`);
    expect([unknown.status, unknown.json.reason]).toEqual([400, 'BadRequest']);
  });

  it('watches from a version: every change once, in order', async () => {
    const from = textAt((await api.call('GET', `${home}/configmaps`)).json, 'metadata.resourceVersion');
    const during = async () => {
      await api.call('POST', `${home}/configmaps`, { body: configMap('w-1', { a: '1' }, { set: 'w' }) });
      const body = { data: { a: '2' } };
      const type = 'application/merge-patch+json';
      await api.call('PATCH', `${home}/configmaps/w-1`, { body, type });
      await api.call('PATCH', `${home}/configmaps/w-1`, { body: { metadata: { labels: { set: 'other' } } }, type });
      await api.call('DELETE', `${home}/configmaps/w-1`);
    };
    const path = `${home}/configmaps?watch=1&resourceVersion=${from}&labelSelector=set%3Dw`;
    const { events } = await api.watch(path, 3, { during });
    // Leaving the selection is a deletion for this watch; the real one comes too late to matter.
    expect(events.map((event) => event.type)).toEqual(['ADDED', 'MODIFIED', 'DELETED']);
    expect(events.map((event) => event.object.kind)).toEqual(['ConfigMap', 'ConfigMap', 'ConfigMap']);
    expect(textAt(events[1]?.object, 'data.a')).toBe('2');
  });

  it('streams a list, then its end as an annotated bookmark', async () => {
    await api.call('POST', `${home}/configmaps`, { body: configMap('l-1', {}, { set: 'l' }) });
    await api.call('POST', `${home}/configmaps`, { body: configMap('l-2', {}, { set: 'l' }) });
    const query =
      'watch=1&sendInitialEvents=true&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan&labelSelector=set%3Dl';
    const { events } = await api.watch(`${home}/configmaps?${query}`, 3);
    expect(events.map((event) => event.type)).toEqual(['ADDED', 'ADDED', 'BOOKMARK']);
    expect(events.slice(0, 2).map((event) => textAt(event.object, 'metadata.name'))).toEqual(['l-1', 'l-2']);
    const mark = recordAt(events[2]?.object, 'metadata.annotations');
    expect(mark['k8s.io/initial-events-end']).toBe('true');
    const refused = await api.call('GET', `${home}/configmaps?watch=1&sendInitialEvents=true&allowWatchBookmarks=true`);
    expect(status(refused)).toMatchObject({ http: 422, reason: 'Invalid' });
  });

  it('ends a watch at its timeout', async () => {
    const { status: code, events } = await api.watch(`${home}/secrets?watch=1&timeoutSeconds=1`, 1);
    expect([code, events]).toEqual([200, []]);
  });

  // A real server keeps what it has seen for longer than a test lasts, and nothing here can compact its cache.
  if (server === 'the simulator') {
    it('answers a version that is too old with 410 inside the watch', async () => {
      const { events } = await api.watch(`${home}/configmaps?watch=1&resourceVersion=1`, 1);
      expect(events[0]?.type).toBe('ERROR');
      expect(events[0]?.object).toMatchObject({ kind: 'Status', status: 'Failure', reason: 'Expired', code: 410 });
    });
  }

  it('words its refusals', async () => {
    const missing = await api.call('GET', `${apps}/deployments/none`);
    expect(missing.json).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: 'deployments.apps "none" not found',
      reason: 'NotFound',
      details: { name: 'none', group: 'apps', kind: 'deployments' },
      code: 404,
    });
    const body = configMap('twice', {});
    await api.call('POST', `${home}/configmaps`, { body });
    expect(status(await api.call('POST', `${home}/configmaps`, { body }))).toEqual({
      http: 409,
      kind: 'Status',
      status: 'Failure',
      reason: 'AlreadyExists',
      code: 409,
      message: 'configmaps "twice" already exists',
    });
    const bad = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'bad' }, spec: { containers: [] } };
    const invalid = await api.call('POST', `${home}/pods`, { body: bad });
    expect(status(invalid)).toMatchObject({
      http: 422,
      reason: 'Invalid',
      message: 'Pod "bad" is invalid: spec.containers: Required value',
    });
    expect(recordAt(invalid.json, 'details').causes).toEqual([
      { reason: 'FieldValueRequired', message: 'Required value', field: 'spec.containers' },
    ]);
    const nowhere = await api.call('POST', '/api/v1/namespaces/none/configmaps', { body: configMap('x', {}) });
    expect(status(nowhere)).toMatchObject({ http: 404, message: 'namespaces "none" not found' });
  });

  it('makes names, and keeps updates to the version that they name', async () => {
    const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { generateName: 'made-' }, data: { a: '1' } };
    const made = await api.call('POST', `${home}/configmaps`, { body });
    const name = textAt(made.json, 'metadata.name');
    expect(name).toMatch(/^made-[a-z0-9]{5}$/);
    const path = `${home}/configmaps/${name}`;
    const updated = await api.call('PUT', path, { body: { ...made.json, data: { a: '2' } } });
    expect(updated.status).toBe(200);
    const stale = await api.call('PUT', path, { body: { ...made.json, data: { a: '3' } } });
    expect(status(stale)).toMatchObject({
      http: 409,
      reason: 'Conflict',
      message: `Operation cannot be fulfilled on configmaps "${name}": the object has been modified; please apply your changes to the latest version and try again`,
    });
    const dry = await api.call('PUT', `${path}?dryRun=All`, { body: { ...updated.json, data: { a: '4' } } });
    expect([dry.status, textAt(dry.json, 'data.a')]).toEqual([200, '4']);
    expect(textAt((await api.call('GET', path)).json, 'data.a')).toBe('2');
  });

  it('patches in three ways', async () => {
    await api.call('POST', `${apps}/deployments`, { body: deployment('patched', 'nginx:1.27') });
    const path = `${apps}/deployments/patched`;
    const strategic = await api.call('PATCH', path, {
      type: 'application/strategic-merge-patch+json',
      body: { spec: { template: { spec: { containers: [{ name: 'side', image: 'busybox:1.36' }] } } } },
    });
    const containers = listAt(strategic.json, 'spec.template.spec.containers').map((item) => textAt(item, 'name'));
    expect(containers.sort()).toEqual(['side', 'web']);
    const merged = await api.call('PATCH', path, {
      type: 'application/merge-patch+json',
      body: { spec: { replicas: 0 }, metadata: { labels: { a: 'b' } } },
    });
    expect([at(merged.json, 'spec.replicas'), textAt(merged.json, 'metadata.labels.a')]).toEqual([0, 'b']);
    const operations = [
      { op: 'test', path: '/metadata/labels/a', value: 'b' },
      { op: 'remove', path: '/metadata/labels/a' },
      { op: 'add', path: '/metadata/annotations/note', value: 'x' },
    ];
    const annotated = await api.call('PATCH', path, {
      type: 'application/merge-patch+json',
      body: { metadata: { annotations: { first: '1' } } },
    });
    expect(annotated.status).toBe(200);
    const listed = await api.call('PATCH', path, { type: 'application/json-patch+json', body: operations });
    expect(at(listed.json, 'metadata.labels')).toBeUndefined();
    expect(textAt(listed.json, 'metadata.annotations.note')).toBe('x');
    const scale = await api.call('GET', `${path}/scale`);
    expect([scale.json.kind, at(scale.json, 'spec.replicas') ?? 0]).toEqual(['Scale', 0]);
  });

  it('applies: fields have owners, another owner is a conflict, what is left out goes', async () => {
    const path = `${home}/configmaps/applied`;
    const config = (data: Record<string, string>) => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'applied' },
      data,
    });
    const created = await apply(path, config({ a: '1', b: '1' }), 'one');
    expect(created.status).toBe(201);
    expect(listAt(created.json, 'metadata.managedFields').map((entry) => recordAt(entry, 'fieldsV1'))).toEqual([
      { 'f:data': { 'f:a': {}, 'f:b': {} } },
    ]);
    const conflict = await apply(path, config({ a: '2' }), 'two');
    expect(status(conflict)).toMatchObject({
      http: 409,
      reason: 'Conflict',
      message: 'Apply failed with 1 conflict: conflict with "one": .data.a',
    });
    expect(recordAt(conflict.json, 'details').causes).toEqual([
      { reason: 'FieldManagerConflict', message: 'conflict with "one"', field: '.data.a' },
    ]);
    const forced = await apply(path, config({ a: '2' }), 'two', true);
    expect(recordAt(forced.json, 'data')).toEqual({ a: '2', b: '1' });
    const less = await apply(path, config({}), 'one');
    expect(recordAt(less.json, 'data')).toEqual({ a: '2' });
    const again = await apply(path, config({ a: '2' }), 'two');
    expect(textAt(again.json, 'metadata.resourceVersion')).toBe(textAt(less.json, 'metadata.resourceVersion'));
  });

  it('applies lists by their keys', async () => {
    const path = `${apps}/deployments/keyed`;
    await apply(path, deployment('keyed', 'nginx:1.27'), 'one');
    const side = deployment('keyed', 'nginx:1.27');
    side.spec.template.spec.containers.push({ name: 'side', image: 'busybox:1.36' });
    await apply(path, side, 'one');
    const without = await apply(path, deployment('keyed', 'nginx:1.28'), 'one');
    const containers = listAt(without.json, 'spec.template.spec.containers');
    expect(containers.map((item) => [textAt(item, 'name'), textAt(item, 'image')])).toEqual([['web', 'nginx:1.28']]);
    expect(without.json.metadata).toMatchObject({ generation: 3 });
  });

  it('deletes: owned objects go along, finalizers hold, preconditions count', async () => {
    const owner = await api.call('POST', `${home}/configmaps`, { body: configMap('owner', {}) });
    const uid = textAt(owner.json, 'metadata.uid');
    const ownerReferences = [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid }];
    const owned = { ...configMap('owned', {}), metadata: { name: 'owned', ownerReferences } };
    await api.call('POST', `${home}/configmaps`, { body: owned });
    const wrong = { kind: 'DeleteOptions', apiVersion: 'v1', preconditions: { uid: 'other' } };
    expect(status(await api.call('DELETE', `${home}/configmaps/owner`, { body: wrong }))).toMatchObject({
      http: 409,
      message: `Operation cannot be fulfilled on ConfigMap "owner": the UID in the precondition (other) does not match the UID in record (${uid}). The object might have been deleted and then recreated`,
    });
    expect((await api.call('DELETE', `${home}/configmaps/owner`)).json).toMatchObject({ status: 'Success' });
    const gone = (name: string) => async () => (await api.call('GET', `${home}/configmaps/${name}`)).status === 404;
    expect(await eventually(gone('owned'))).toBe(true);

    const held = { ...configMap('held', {}), metadata: { name: 'held', finalizers: ['kubesage.dev/hold'] } };
    await api.call('POST', `${home}/configmaps`, { body: held });
    const going = await api.call('DELETE', `${home}/configmaps/held`);
    expect(textAt(going.json, 'metadata.deletionTimestamp')).not.toBe('');
    expect((await api.call('GET', `${home}/configmaps/held`)).status).toBe(200);
    const release = { body: { metadata: { finalizers: null } }, type: 'application/merge-patch+json' };
    expect((await api.call('PATCH', `${home}/configmaps/held`, release)).status).toBe(200);
    expect(await gone('held')()).toBe(true);

    await api.call('POST', `${home}/configmaps`, { body: configMap('many-1', {}, { set: 'many' }) });
    await api.call('POST', `${home}/configmaps`, { body: configMap('many-2', {}, { set: 'many' }) });
    const many = await api.call('DELETE', `${home}/configmaps?labelSelector=set%3Dmany`);
    expect(many.status).toBe(200);
    expect(names(await api.call('GET', `${home}/configmaps?labelSelector=set%3Dmany`))).toEqual([]);
  });

  it('prints pods as a table', async () => {
    const body = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'printed' },
      spec: { nodeSelector: { no: 'where' }, containers: [{ name: 'web', image: 'nginx:1.27' }] },
    };
    await api.call('POST', `${home}/pods`, { body });
    const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io';
    const table = await api.call('GET', `${home}/pods?fieldSelector=metadata.name%3Dprinted`, { accept });
    const columns = listAt(table.json, 'columnDefinitions').map((column) => [
      textAt(column, 'name'),
      textAt(column, 'type'),
      at(column, 'priority'),
    ]);
    expect(columns).toEqual([
      ['Name', 'string', 0],
      ['Ready', 'string', 0],
      ['Status', 'string', 0],
      ['Restarts', 'string', 0],
      ['Age', 'string', 0],
      ['IP', 'string', 1],
      ['Node', 'string', 1],
      ['Nominated Node', 'string', 1],
      ['Readiness Gates', 'string', 1],
    ]);
    const cells = listAt(listAt(table.json, 'rows')[0], 'cells');
    cells[4] = '<age>';
    expect(cells).toEqual(['printed', '0/1', 'Pending', '0', '<age>', '<none>', '<none>', '<none>', '<none>']);
    expect(textAt(listAt(table.json, 'rows')[0], 'object.kind')).toBe('PartialObjectMetadata');
    const partial = 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io';
    const metadata = await api.call('GET', `${home}/pods`, { accept: partial });
    expect(metadata.json.kind).toBe('PartialObjectMetadataList');
    expect(Object.keys(recordAt(listAt(metadata.json, 'items')[0], 'metadata'))).toContain('uid');
  });

  it('tells what the caller may do', async () => {
    const review = (namespace: string) => ({
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: { resourceAttributes: { verb: 'list', resource: 'pods', namespace } },
    });
    const path = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
    const answer = await api.call('POST', path, { body: review('default') });
    expect([answer.status, at(answer.json, 'status.allowed')]).toEqual([201, true]);
  });

  it('serves a new kind at once', async () => {
    const definition = {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'widgets.kubesage.dev' },
      spec: {
        group: 'kubesage.dev',
        scope: 'Namespaced',
        names: { plural: 'widgets', singular: 'widget', kind: 'Widget', shortNames: ['wd'] },
        versions: [
          {
            name: 'v1',
            served: true,
            storage: true,
            schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
            additionalPrinterColumns: [{ name: 'Size', type: 'integer', jsonPath: '.spec.size' }],
          },
        ],
      },
    };
    const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
    expect((await api.call('POST', path, { body: definition })).status).toBe(201);
    const widgets = '/apis/kubesage.dev/v1/namespaces/conformance/widgets';
    expect(await eventually(async () => (await api.call('GET', widgets)).status === 200)).toBe(true);
    const body = { apiVersion: 'kubesage.dev/v1', kind: 'Widget', metadata: { name: 'w' }, spec: { size: 3 } };
    expect((await api.call('POST', widgets, { body })).status).toBe(201);
    const table = await api.call('GET', widgets, { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' });
    expect(listAt(table.json, 'columnDefinitions').map((column) => textAt(column, 'name'))).toEqual(['Name', 'Size']);
    expect(listAt(listAt(table.json, 'rows')[0], 'cells')).toEqual(['w', 3]);
    expect(textAt(listAt((await api.call('GET', widgets)).json, 'items')[0], 'kind')).toBe('Widget');
    const strategic = { type: 'application/strategic-merge-patch+json', body: {} };
    expect((await api.call('PATCH', `${widgets}/w`, strategic)).status).toBe(415);
    await api.call('DELETE', `${path}/widgets.kubesage.dev`);
    expect(await eventually(async () => (await api.call('GET', widgets)).status === 404)).toBe(true);
  });

  it('lists the same objects as protobuf and as JSON', async () => {
    const accept = 'application/vnd.kubernetes.protobuf';
    for (const [group, path, kind] of [
      ['', `${home}/configmaps`, 'ConfigMapList'],
      ['apps', `${apps}/deployments`, 'DeploymentList'],
      ['', `${home}/pods`, 'PodList'],
    ] as const) {
      const json = await api.call('GET', path);
      const binary = await api.call('GET', path, { accept });
      expect([binary.status, binary.type, binary.bytes.subarray(0, 4).toString('latin1')]).toEqual([
        200,
        accept,
        'k8s\0',
      ]);
      const decoded = decodeMessage(messageTypeOf(group, 'v1', kind) ?? '', unwrap(binary.bytes));
      const uids = (value: unknown) =>
        listAt(value, 'items').map((item) => [
          textAt(item, 'metadata.uid'),
          textAt(item, 'metadata.name'),
          textAt(item, 'metadata.resourceVersion'),
        ]);
      expect(uids(json.json).length).toBeGreaterThan(0);
      expect(uids(decoded)).toEqual(uids(json.json));
    }
  });

  it('empties a namespace before it goes', async () => {
    expect((await api.call('DELETE', '/api/v1/namespaces/conformance')).status).toBe(200);
    const terminating = await api.call('POST', `${home}/configmaps`, { body: configMap('late', {}) });
    expect([403, 404]).toContain(terminating.status);
    expect(await eventually(async () => (await api.call('GET', '/api/v1/namespaces/conformance')).status === 404)).toBe(
      true,
    );
  }, 30_000);
});
