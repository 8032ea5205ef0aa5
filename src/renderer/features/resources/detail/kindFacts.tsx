import type { ReactNode } from 'react';
import type { ObjectRef } from '../../../../core/cluster/resources/contract.ts';
import { Age, Bar, formatBytes, formatCount, formatMillicores, legible, t } from '../../../ui/index.ts';
import { Fraction } from '../CellView.tsx';
import { ObjectLink } from '../objectLinks.tsx';
import css from './detail.module.css';
import { at, entriesAt, instantAt, isObject, listAt, numberAt, quantity, textAt, textsAt } from './json.ts';
import { type Fact, Facts, Grid, PairChips, Section } from './Sections.tsx';

interface KindProps {
  object: ObjectRef;
  json: unknown;
}

/** What matters of one kind, beyond what every object has. Other kinds show their list's columns. */
export const kindSummaries: Readonly<Record<string, (props: KindProps) => ReactNode>> = {
  pods: PodSummary,
  'deployments.apps': WorkloadSummary,
  'statefulsets.apps': WorkloadSummary,
  'replicasets.apps': WorkloadSummary,
  'daemonsets.apps': DaemonSetSummary,
  'jobs.batch': JobSummary,
  'cronjobs.batch': CronJobSummary,
  services: ServiceSummary,
  'ingresses.networking.k8s.io': IngressSummary,
  nodes: NodeSummary,
  persistentvolumeclaims: ClaimSummary,
  configmaps: ConfigMapSummary,
  secrets: SecretSummary,
};

function sibling(object: ObjectRef, kind: string, name: string, namespaced = true): ReactNode {
  if (name === '') return '';
  return <ObjectLink object={{ cluster: object.cluster, kind, namespace: namespaced ? object.namespace : '', name }} />;
}

function PodSummary({ object, json }: KindProps) {
  const tolerations = listAt(json, 'spec', 'tolerations').length;
  return (
    <Facts
      facts={[
        {
          name: t('resources.kindFacts.node'),
          value: sibling(object, 'nodes', textAt(json, 'spec', 'nodeName'), false),
        },
        {
          name: t('resources.kindFacts.ip'),
          value: textsOf(listAt(json, 'status', 'podIPs').map((each) => textAt(each, 'ip'))),
        },
        { name: t('resources.kindFacts.qosClass'), value: textAt(json, 'status', 'qosClass') },
        {
          name: t('resources.kindFacts.serviceAccount'),
          value: sibling(object, 'serviceaccounts', textAt(json, 'spec', 'serviceAccountName')),
        },
        { name: t('resources.kindFacts.priorityClass'), value: textAt(json, 'spec', 'priorityClassName') },
        { name: t('resources.kindFacts.restartPolicy'), value: textAt(json, 'spec', 'restartPolicy') },
        tolerations > 0 && { name: t('resources.kindFacts.tolerations'), value: String(tolerations) },
      ]}
    />
  );
}

function textsOf(texts: readonly string[]): ReactNode {
  const present = texts.filter(Boolean);
  return present.length === 0 ? '' : <code>{legible(present.join(', '))}</code>;
}

function WorkloadSummary({ object, json }: KindProps) {
  const wanted = numberAt(json, 'spec', 'replicas') ?? 1;
  const status = (key: string) => numberAt(json, 'status', key) ?? 0;
  const strategy = textAt(json, 'spec', 'strategy', 'type') || textAt(json, 'spec', 'updateStrategy', 'type');
  return (
    <>
      <Replicas ready={status('readyReplicas')} wanted={wanted} />
      <Facts
        facts={[
          { name: t('resources.kindFacts.ready'), value: <Fraction part={status('readyReplicas')} whole={wanted} /> },
          object.kind !== 'replicasets.apps' && {
            name: t('resources.kindFacts.upToDate'),
            value: <Fraction part={status('updatedReplicas')} whole={wanted} />,
          },
          {
            name: t('resources.kindFacts.available'),
            value: <Fraction part={status('availableReplicas')} whole={wanted} />,
          },
          strategy !== '' && { name: t('resources.kindFacts.strategy'), value: `${strategy}${surge(json)}` },
          at(json, 'spec', 'paused') === true && {
            name: t('resources.kindFacts.paused'),
            value: t('resources.kindFacts.yes'),
          },
          {
            name: t('resources.kindFacts.revision'),
            value: textAt(json, 'metadata', 'annotations', 'deployment.kubernetes.io/revision'),
          },
          {
            name: t('resources.kindFacts.service'),
            value: sibling(object, 'services', textAt(json, 'spec', 'serviceName')),
          },
          { name: t('resources.kindFacts.selector'), value: <Selector json={at(json, 'spec', 'selector')} /> },
        ]}
      />
    </>
  );
}

function surge(json: unknown): string {
  const rolling = at(json, 'spec', 'strategy', 'rollingUpdate');
  if (!isObject(rolling)) return '';
  return t('resources.kindFacts.surge', {
    more: textAt(rolling, 'maxSurge') || '25%',
    fewer: textAt(rolling, 'maxUnavailable') || '25%',
  });
}

function Replicas({ ready, wanted }: { ready: number; wanted: number }) {
  if (wanted === 0) return null;
  return (
    <div className={css.wideBar}>
      <Bar
        label={t('resources.kindFacts.readyReplicas')}
        value={ready}
        max={wanted}
        text={t('resources.kindFacts.of', { ready, wanted })}
        tone={ready >= wanted ? 'healthy' : ready === 0 ? 'failed' : 'warning'}
      />
    </div>
  );
}

function Selector({ json }: { json: unknown }) {
  const labels = entriesAt(json, 'matchLabels');
  const expressions = listAt(json, 'matchExpressions').map((each): [string, string] => [
    `${textAt(each, 'key')} ${textAt(each, 'operator')}`,
    textsAt(each, 'values').join(', '),
  ]);
  const pairs = [...labels, ...expressions];
  return pairs.length === 0 ? '' : <PairChips pairs={pairs} what={t('resources.kindFacts.selector')} />;
}

function DaemonSetSummary({ json }: KindProps) {
  const status = (key: string) => numberAt(json, 'status', key) ?? 0;
  const wanted = status('desiredNumberScheduled');
  return (
    <>
      <Replicas ready={status('numberReady')} wanted={wanted} />
      <Facts
        facts={[
          { name: t('resources.kindFacts.ready'), value: <Fraction part={status('numberReady')} whole={wanted} /> },
          {
            name: t('resources.kindFacts.upToDate'),
            value: <Fraction part={status('updatedNumberScheduled')} whole={wanted} />,
          },
          status('numberMisscheduled') > 0 && {
            name: t('resources.kindFacts.onWrongNodes'),
            value: String(status('numberMisscheduled')),
          },
          { name: t('resources.kindFacts.selector'), value: <Selector json={at(json, 'spec', 'selector')} /> },
        ]}
      />
    </>
  );
}

function JobSummary({ json }: KindProps) {
  const status = (key: string) => numberAt(json, 'status', key) ?? 0;
  const started = instantAt(json, 'status', 'startTime');
  const ended = instantAt(json, 'status', 'completionTime');
  return (
    <Facts
      facts={[
        {
          name: t('resources.kindFacts.completions'),
          value: <Fraction part={status('succeeded')} whole={numberAt(json, 'spec', 'completions') ?? 1} calm />,
        },
        status('active') > 0 && { name: t('resources.kindFacts.active'), value: String(status('active')) },
        status('failed') > 0 && {
          name: t('resources.kindFacts.failed'),
          value: `${status('failed')} of at most ${(numberAt(json, 'spec', 'backoffLimit') ?? 6) + 1} tries`,
        },
        started !== undefined && {
          name: t('resources.kindFacts.started'),
          value: <Age at={started} suffix={t('resources.kindFacts.ago')} />,
        },
        ended !== undefined && {
          name: t('resources.kindFacts.completed'),
          value: <Age at={ended} suffix={t('resources.kindFacts.ago')} />,
        },
        { name: t('resources.kindFacts.parallelism'), value: textAt(json, 'spec', 'parallelism') },
      ]}
    />
  );
}

function CronJobSummary({ object, json }: KindProps) {
  const last = instantAt(json, 'status', 'lastScheduleTime');
  const active = listAt(json, 'status', 'active').map((each) => textAt(each, 'name'));
  return (
    <Facts
      facts={[
        { name: t('resources.kindFacts.schedule'), value: <code>{legible(textAt(json, 'spec', 'schedule'))}</code> },
        { name: t('resources.kindFacts.timeZone'), value: textAt(json, 'spec', 'timeZone') },
        {
          name: t('resources.kindFacts.suspended'),
          value: at(json, 'spec', 'suspend') === true ? t('resources.kindFacts.yes') : t('resources.kindFacts.no'),
        },
        { name: t('resources.kindFacts.concurrency'), value: textAt(json, 'spec', 'concurrencyPolicy') },
        last !== undefined && {
          name: t('resources.kindFacts.lastScheduled'),
          value: <Age at={last} suffix={t('resources.kindFacts.ago')} />,
        },
        active.length > 0 && {
          name: t('resources.kindFacts.runningNow'),
          value: active.map((name) => <span key={name}>{sibling(object, 'jobs.batch', name)}</span>),
        },
      ]}
    />
  );
}

function ServiceSummary({ json }: KindProps) {
  const ports = listAt(json, 'spec', 'ports');
  const outside = listAt(json, 'status', 'loadBalancer', 'ingress').map(
    (each) => textAt(each, 'hostname') || textAt(each, 'ip'),
  );
  const selector = entriesAt(json, 'spec', 'selector');
  return (
    <>
      <Facts
        facts={[
          { name: t('resources.kindFacts.type'), value: textAt(json, 'spec', 'type') },
          { name: t('resources.kindFacts.clusterIp'), value: textsOf(textsAt(json, 'spec', 'clusterIPs')) },
          {
            name: t('resources.kindFacts.outside'),
            value: textsOf([...outside, ...textsAt(json, 'spec', 'externalIPs')]),
          },
          { name: t('resources.kindFacts.externalName'), value: textAt(json, 'spec', 'externalName') },
          {
            name: t('resources.kindFacts.affinity'),
            value: textAt(json, 'spec', 'sessionAffinity').replace('None', ''),
          },
          selector.length > 0 && {
            name: t('resources.kindFacts.selector'),
            value: <PairChips pairs={selector} what={t('resources.kindFacts.selector')} />,
          },
        ]}
      />
      <Grid
        label={t('resources.kindFacts.ports')}
        head={[
          t('resources.kindFacts.port'),
          t('resources.kindFacts.target'),
          t('resources.kindFacts.nodePort'),
          t('resources.kindFacts.name'),
        ]}
        rows={ports.map((port) => ({
          key: `${textAt(port, 'port')}/${textAt(port, 'protocol')}`,
          cells: [
            <code key="port">{`${textAt(port, 'port')}/${textAt(port, 'protocol') || 'TCP'}`}</code>,
            <code key="target">{textAt(port, 'targetPort')}</code>,
            textAt(port, 'nodePort'),
            textAt(port, 'name'),
          ],
        }))}
      />
    </>
  );
}

function IngressSummary({ object, json }: KindProps) {
  const rules = listAt(json, 'spec', 'rules').flatMap((rule) =>
    listAt(rule, 'http', 'paths').map((path) => ({ host: textAt(rule, 'host') || '*', path })),
  );
  const tls = listAt(json, 'spec', 'tls').flatMap((each) => textsAt(each, 'hosts'));
  return (
    <>
      <Facts
        facts={[
          { name: t('resources.kindFacts.class'), value: textAt(json, 'spec', 'ingressClassName') },
          {
            name: t('resources.kindFacts.address'),
            value: textsOf(
              listAt(json, 'status', 'loadBalancer', 'ingress').map(
                (each) => textAt(each, 'hostname') || textAt(each, 'ip'),
              ),
            ),
          },
          tls.length > 0 && { name: t('resources.kindFacts.tls'), value: tls.join(', ') },
        ]}
      />
      <Grid
        label={t('resources.kindFacts.rules')}
        head={[t('resources.kindFacts.host'), t('resources.kindFacts.path'), t('resources.kindFacts.service')]}
        rows={rules.map(({ host, path }) => {
          const service = at(path, 'backend', 'service');
          const port = textAt(service, 'port', 'number') || textAt(service, 'port', 'name');
          return {
            key: `${host}${textAt(path, 'path')}`,
            cells: [
              host,
              <code key="path">{legible(textAt(path, 'path') || '/')}</code>,
              <span key="service">
                {sibling(object, 'services', textAt(service, 'name'))}
                {port !== '' && <span className={css.dim}>:{port}</span>}
              </span>,
            ],
          };
        })}
      />
    </>
  );
}

function NodeSummary({ json }: KindProps) {
  const info = (key: string) => textAt(json, 'status', 'nodeInfo', key);
  const taints = listAt(json, 'spec', 'taints');
  return (
    <>
      <div className={css.capacity}>
        {(['cpu', 'memory', 'ephemeral-storage', 'pods'] as const).map((name) => (
          <NodeCapacity key={name} name={name} json={json} />
        ))}
      </div>
      <Facts
        facts={[
          { name: t('resources.kindFacts.kubelet'), value: info('kubeletVersion') },
          {
            name: t('resources.kindFacts.system'),
            value: [info('osImage'), info('architecture')].filter(Boolean).join(', '),
          },
          { name: t('resources.kindFacts.kernel'), value: info('kernelVersion') },
          { name: t('resources.kindFacts.runtime'), value: info('containerRuntimeVersion') },
          {
            name: t('resources.kindFacts.addresses'),
            value: textsOf(listAt(json, 'status', 'addresses').map((each) => textAt(each, 'address'))),
          },
          at(json, 'spec', 'unschedulable') === true && {
            name: t('resources.kindFacts.scheduling'),
            value: t('resources.kindFacts.cordoned'),
          },
          taints.length > 0 && {
            name: t('resources.kindFacts.taints'),
            value: (
              <PairChips
                pairs={taints.map(
                  (taint) =>
                    [
                      textAt(taint, 'key'),
                      [textAt(taint, 'value'), textAt(taint, 'effect')].filter(Boolean).join(' '),
                    ] as const,
                )}
                what={t('resources.kindFacts.taint')}
              />
            ),
          },
        ]}
      />
    </>
  );
}

function NodeCapacity({ name, json }: { name: string; json: unknown }) {
  const all = quantity(textAt(json, 'status', 'capacity', name));
  const offered = quantity(textAt(json, 'status', 'allocatable', name));
  if (all === undefined || offered === undefined) return null;
  const write = (value: number) =>
    name === 'cpu' ? formatMillicores(value * 1000) : name === 'pods' ? formatCount(value) : formatBytes(value);
  const title =
    name === 'cpu' ? 'CPU' : name === 'ephemeral-storage' ? 'Disk' : name.charAt(0).toUpperCase() + name.slice(1);
  return (
    <div>
      <p className={css.capacityHead}>
        <span>{title}</span>
        <span>
          {write(offered)}{' '}
          <span className={css.dim}>
            {t('resources.kindFacts.of2')} {write(all)} {t('resources.kindFacts.forPods')}
          </span>
        </span>
      </p>
      <Bar
        label={t('resources.kindFacts.forPods2', { title })}
        value={offered}
        max={all}
        text={t('resources.kindFacts.of3', { what: write(offered), what2: write(all) })}
      />
    </div>
  );
}

function ClaimSummary({ object, json }: KindProps) {
  const capacity = quantity(textAt(json, 'status', 'capacity', 'storage'));
  const wanted = quantity(textAt(json, 'spec', 'resources', 'requests', 'storage'));
  return (
    <Facts
      facts={[
        { name: t('resources.kindFacts.phase'), value: textAt(json, 'status', 'phase') },
        capacity !== undefined && { name: t('resources.kindFacts.capacity'), value: formatBytes(capacity) },
        wanted !== undefined && { name: t('resources.kindFacts.requested'), value: formatBytes(wanted) },
        {
          name: t('resources.kindFacts.class'),
          value: sibling(object, 'storageclasses.storage.k8s.io', textAt(json, 'spec', 'storageClassName'), false),
        },
        {
          name: t('resources.kindFacts.volume'),
          value: sibling(object, 'persistentvolumes', textAt(json, 'spec', 'volumeName'), false),
        },
        { name: t('resources.kindFacts.access'), value: textsAt(json, 'spec', 'accessModes').join(', ') },
        { name: t('resources.kindFacts.mode'), value: textAt(json, 'spec', 'volumeMode') },
      ]}
    />
  );
}

function ConfigMapSummary({ json }: KindProps) {
  const texts = entriesAt(json, 'data');
  const binary = entriesAt(json, 'binaryData');
  return (
    <Section title={t('resources.kindFacts.keys')} count={texts.length + binary.length}>
      <Grid
        label={t('resources.kindFacts.keys')}
        head={[t('resources.kindFacts.key'), t('resources.kindFacts.size'), '']}
        rows={[
          ...texts.map(([key, value]) => ({
            key,
            cells: [<code key="key">{key}</code>, formatBytes(new TextEncoder().encode(value).length), ''],
          })),
          ...binary.map(([key, value]) => ({
            key,
            cells: [<code key="key">{key}</code>, formatBytes(base64Bytes(value)), 'binary'],
          })),
        ]}
      />
    </Section>
  );
}

/** Bytes that a base64 text stands for. */
export function base64Bytes(text: string): number {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  return Math.max(0, Math.floor((text.length * 3) / 4) - padding);
}

/** Keys only. The engine leaves values out; where it tells a size, it is in place of the value. */
function SecretSummary({ json }: KindProps) {
  const keys = entriesAt(json, 'data');
  return (
    <>
      <Facts facts={[{ name: t('resources.kindFacts.type'), value: textAt(json, 'type') } satisfies Fact]} />
      <Section title={t('resources.kindFacts.keys')} count={keys.length}>
        <Grid
          label={t('resources.kindFacts.keys')}
          head={[t('resources.kindFacts.key'), t('resources.kindFacts.value')]}
          rows={keys.map(([key, value]) => ({
            key,
            cells: [
              <code key="key">{key}</code>,
              <span key="value" className={css.dim}>
                {sizeWord(value)}
              </span>,
            ],
          }))}
        />
      </Section>
    </>
  );
}

/** `24 B, not shown`: the size that a redaction mark tells; never the value itself. */
export function sizeWord(mark: string): string {
  const bytes = /(\d+) ?(?:bytes|B)\b/u.exec(mark)?.[1];
  return bytes === undefined ? 'not shown' : `${formatBytes(Number(bytes))}, not shown`;
}
