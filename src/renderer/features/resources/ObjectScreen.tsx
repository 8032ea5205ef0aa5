import { Ellipsis } from 'lucide-react';
import { useMemo } from 'react';
import type { ObjectRef } from '../../../core/cluster/resources/contract.ts';
import { useCommands } from '../../app/commands.ts';
import { useObjectActions } from '../../app/objectActions.ts';
import { href, setParams, useLocation } from '../../app/router.ts';
import { IconButton, Menu, Name, t } from '../../ui/index.ts';
import { listPath, readTab } from './address.ts';
import css from './detail/detail.module.css';
import { ObjectDetail } from './detail/ObjectDetail.tsx';
import { pluralTitle, useKinds } from './kinds.ts';
import { actionCommands, performAction } from './objectActions.ts';
import listCss from './resources.module.css';

/** An object as a page of its own. */
export function ObjectScreen({ parts }: { parts: Readonly<Record<string, string>> }) {
  const { cluster = '', kind = '', namespace = '', name = '' } = parts;
  const object = useMemo<ObjectRef>(
    () => ({ cluster, kind, namespace: namespace === '-' ? '' : namespace, name }),
    [cluster, kind, namespace, name],
  );
  const { params } = useLocation();
  const kinds = useKinds();
  const actionsOf = useObjectActions();
  const actions = actionsOf([object]);
  useCommands(
    actionCommands(actions, {
      perform: (id) => {
        if (id === 'resources.yaml') setParams({ tab: 'yaml' });
        else performAction(actions, id);
      },
    }),
  );
  return (
    <div className={css.page}>
      <header className={css.pageHead}>
        <a className={css.dim} href={href(listPath(kind))}>
          {pluralTitle(kinds, kind)}
        </a>
        <span className={css.dim}>/</span>
        <h1 className={css.pageTitle} aria-label={name}>
          <Name>{name}</Name>
        </h1>
        <span className={listCss.grow} />
        <Menu align="end" groups={actions}>
          <IconButton icon={Ellipsis} label={t('resources.objectScreen.actions')} />
        </Menu>
      </header>
      <ObjectDetail
        key={`${cluster}/${kind}/${namespace}/${name}`}
        object={object}
        tab={readTab(params.tab ?? null)}
        onTab={(tab) => setParams({ tab: tab === 'overview' ? undefined : tab }, { replace: true })}
      />
    </div>
  );
}
