import { FilePlus, List } from 'lucide-react';
import type { PageProps } from '../../app/feature.ts';
import { formatLocation, href, navigate, setParams, useLocation } from '../../app/router.ts';
import { useClusters } from '../../app/scope.ts';
import { useLive } from '../../client/index.ts';
import { createFrom } from '../../state/newObject.ts';
import {
  Button,
  classes,
  Dot,
  ErrorState,
  formatCount,
  Select,
  Skeleton,
  Strip,
  type Tab,
  Tabs,
  t,
  useDelayed,
} from '../../ui/index.ts';
import { explainPath, type KindTab, kindTabs } from './address.ts';
import css from './crds.module.css';
import { DefinitionTab } from './DefinitionTab.tsx';
import { ExampleTab } from './ExampleTab.tsx';
import { exampleText } from './exampleText.ts';
import { FieldsTab } from './FieldsTab.tsx';
import { type KindDocs, useKindDocs } from './useKindDocs.ts';
import { VersionsTab } from './VersionsTab.tsx';

/** One kind as its documentation: fields, versions, an example, the definition itself. */
export function KindPage({ parts }: PageProps) {
  const { cluster = '', kind = '' } = parts;
  const { params } = useLocation();
  const { docs, error, row, retry } = useKindDocs(cluster, kind, params.version);
  const waiting = useDelayed(docs === undefined && error === undefined);
  if (error !== undefined) return <ErrorState title={t('crds.kindFailed', { kind })} error={error} onRetry={retry} />;
  if (docs === undefined) {
    return (
      <div className={css.page} aria-busy="true">
        {waiting && (
          <div className={css.bones}>
            {[30, 62, 48, 70, 55, 64].map((width) => (
              <Skeleton key={width} width={`${width}%`} />
            ))}
          </div>
        )}
      </div>
    );
  }
  return <Shown cluster={cluster} id={kind} docs={docs} served={row !== undefined} />;
}

function Shown({ cluster, id, docs, served }: { cluster: string; id: string; docs: KindDocs; served: boolean }) {
  const { params } = useLocation();
  const { byId, rows } = useClusters();
  const { set, detail, version, versions } = docs;
  const there = detail?.definition.clusters[0];
  const thisVersion = there?.versions.find(({ name }) => name === version);
  const tab: KindTab = kindTabs.find((each) => each === params.tab) ?? 'fields';
  const apiVersion = docs.group === '' ? version : `${docs.group}/${version}`;
  const tabs: Tab[] = [
    {
      id: 'fields',
      label: t('crds.tab.fields'),
      content:
        set === undefined ? (
          <p className={css.note}>{t('crds.noSchema')}</p>
        ) : (
          <FieldsTab key={`${cluster} ${id} ${version}`} set={set} cluster={cluster} id={id} version={version} />
        ),
    },
    ...(detail === undefined
      ? []
      : [
          {
            id: 'versions',
            label: t('crds.tab.versions'),
            count: versions.length,
            content: <VersionsTab cluster={cluster} id={id} detail={detail} />,
          },
        ]),
    {
      id: 'example',
      label: t('crds.tab.example'),
      content:
        set === undefined ? (
          <p className={css.note}>{t('crds.noSchema')}</p>
        ) : (
          <ExampleTab cluster={cluster} docs={docs} />
        ),
    },
    ...(detail === undefined
      ? []
      : [
          {
            id: 'definition',
            label: t('crds.tab.definition'),
            content: <DefinitionTab cluster={cluster} id={id} version={version} detail={detail} />,
          },
        ]),
  ];
  return (
    <div className={classes(css.page, css.kindPage)}>
      <header className={css.head}>
        <h1 className={css.title}>{docs.kind}</h1>
        <span className={css.mono}>{apiVersion}</span>
        <span className={css.dim}>{t(`crds.scope.${docs.namespaced ? 'Namespaced' : 'Cluster'}`)}</span>
        <span className={css.grow} />
        <Select
          aria-label={t('crds.cluster')}
          className={css.select}
          value={cluster}
          options={rows
            .filter(({ state, key }) => state === 'live' || key === cluster)
            .map(({ key, name }) => ({ value: key, label: name }))}
          onChange={(next) => navigate(explainPath(next, id, { tab, field: params.field }))}
        />
        {versions.length > 1 && (
          <Select
            aria-label={t('crds.version')}
            className={css.select}
            value={version}
            options={versions.map((name) => ({ value: name, label: name }))}
            onChange={(next) => setParams({ version: next === versions[0] ? undefined : next })}
          />
        )}
        {served && (
          <>
            <Button
              icon={List}
              onClick={() => navigate(formatLocation(`/resources/${encodeURIComponent(id)}`, { clusters: cluster }))}
            >
              {there?.instances === null || there === undefined
                ? t('crds.instances')
                : t('crds.instancesCount', { number: formatCount(there.instances), count: there.instances })}
            </Button>
            {set !== undefined && (
              <Button icon={FilePlus} onClick={() => createFrom({ cluster, text: exampleText(docs), form: true })}>
                {t('crds.create')}
              </Button>
            )}
          </>
        )}
      </header>
      {thisVersion?.deprecated === true && (
        <Strip tone="warning">{thisVersion.warning ?? t('crds.deprecatedVersion', { version })}</Strip>
      )}
      {thisVersion?.served === false && <Strip tone="warning">{t('crds.notServedVersion', { version })}</Strip>}
      {there?.problem !== undefined && <Strip tone="failed">{there.problem}</Strip>}
      {detail !== undefined && <Elsewhere id={id} cluster={cluster} name={(key) => byId.get(key)?.name ?? key} />}
      <Tabs
        label={t('crds.tabs', { kind: docs.kind })}
        className={css.tabs}
        tabs={tabs}
        value={tabs.some((each) => each.id === tab) ? tab : 'fields'}
        onChange={(next) => setParams({ tab: next === 'fields' ? undefined : next })}
      />
    </div>
  );
}

/** Says which other clusters have another definition of it. */
function Elsewhere({ id, cluster, name }: { id: string; cluster: string; name(cluster: string): string }) {
  const { rows } = useLive((client) => client.crds.definitions, {});
  const { byId } = useClusters();
  const definition = rows.find(({ key }) => key === id);
  if (definition?.differs !== true) return null;
  const shape = (key: string) => {
    const there = definition.clusters.find((each) => each.cluster === key);
    return JSON.stringify([
      there?.conversion,
      there?.versions.map(({ name, served, storage, hash }) => [name, served, storage, hash]),
    ]);
  };
  const others = definition.clusters.filter((each) => shape(each.cluster) !== shape(cluster));
  return (
    <Strip
      tone="warning"
      actions={
        <a className={css.link} href={href(explainPath(cluster, id, { tab: 'versions' }))}>
          {t('crds.compare')}
        </a>
      }
    >
      {t('crds.differsIn')}{' '}
      {others.map(({ cluster: other, versions }) => (
        <span key={other} className={css.other}>
          <Dot color={byId.get(other)?.color ?? ''} />
          {name(other)} ({versions.map((each) => each.name).join(', ')})
        </span>
      ))}
    </Strip>
  );
}
