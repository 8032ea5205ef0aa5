import type { ReactNode } from 'react';
import type { Cluster } from '../../../../core/cluster/fleet/contract.ts';
import type { FolderHead } from '../../../../core/cluster/manifests/contract.ts';
import { Select, Switch, TextInput, t } from '../../../ui/index.ts';
import css from './folder.module.css';

interface Way {
  kustomization?: string;
  recursive: boolean;
}

/** Where to, and how the folder is read. */
export function FolderBar(props: {
  clusters: readonly Cluster[];
  cluster: string | undefined;
  namespace: string;
  head: FolderHead | undefined;
  way: Way;
  locked: boolean;
  onTarget(change: { cluster?: string; namespace?: string }): void;
  onWay(change: Partial<Way>): void;
  /** The files as they are, without a kustomization. */
  onFiles(): void;
  children: ReactNode;
}) {
  const { head, way, locked } = props;
  const kustomizations = head?.kustomizations ?? [];
  return (
    <div className={css.bar}>
      <Select
        aria-label={t('manifests.cluster')}
        className={css.cluster}
        value={props.cluster ?? ''}
        disabled={locked}
        options={props.clusters.map(({ key, name }) => ({ value: key, label: name }))}
        onChange={(cluster) => props.onTarget({ cluster })}
      />
      <TextInput
        aria-label={t('manifests.namespace')}
        className={css.namespace}
        disabled={locked}
        defaultValue={props.namespace}
        onBlur={(event) => props.onTarget({ namespace: event.target.value })}
        onKeyDown={(event) => {
          if (event.key === 'Enter') props.onTarget({ namespace: event.currentTarget.value });
        }}
      />
      {kustomizations.length > 0 && (
        <Select
          aria-label={t('manifests.folder.readAs')}
          className={css.readAs}
          disabled={locked}
          value={way.kustomization === undefined ? 'files' : `k/${way.kustomization}`}
          options={[
            { value: 'files', label: t('manifests.folder.asFiles') },
            ...kustomizations.map((folder) => ({
              value: `k/${folder}`,
              label: t('manifests.folder.kustomization', { folder: folder === '' ? '.' : folder }),
            })),
          ]}
          onChange={(value) => (value === 'files' ? props.onFiles() : props.onWay({ kustomization: value.slice(2) }))}
        />
      )}
      {way.kustomization === undefined && (
        <span className={css.switch}>
          <Switch
            label={t('manifests.folder.recursive')}
            checked={way.recursive}
            disabled={locked}
            onChange={(recursive) => props.onWay({ recursive })}
          />
          {t('manifests.folder.recursive')}
        </span>
      )}
      <span className={css.grow} />
      {props.children}
    </div>
  );
}
