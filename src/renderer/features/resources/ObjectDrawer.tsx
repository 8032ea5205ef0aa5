import { Ellipsis } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { ObjectRef } from '../../../core/cluster/resources/contract.ts';
import { useCommands } from '../../app/commands.ts';
import { useObjectActions } from '../../app/objectActions.ts';
import { navigate, setParams } from '../../app/router.ts';
import { useLayout } from '../../state/layout.ts';
import { Drawer, IconButton, Menu, Name, t } from '../../ui/index.ts';
import { type DetailTab, listParams, objectPath, writeRef } from './address.ts';
import { ObjectDetail } from './detail/ObjectDetail.tsx';
import { emptyTrail, stepTrail, type Trail, visitTrail } from './drawerTrail.ts';

/** An object beside the list, with the way that led to it. */
export function ObjectDrawer(props: { object: ObjectRef; tab: DetailTab; onClose(): void }) {
  const { object, tab } = props;
  const width = useLayout((layout) => layout.drawerWidth);
  const setLayout = useLayout((layout) => layout.set);
  const actionsOf = useObjectActions();
  const [trail, setTrail] = useState<Trail>(() => visitTrail(emptyTrail, object));
  const key = writeRef(object);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the object is compared by its address
  useEffect(() => setTrail((before) => visitTrail(before, object)), [key]);
  const go = (by: 1 | -1) => {
    const next = stepTrail(trail, by);
    const target = next.refs[next.at];
    if (target === undefined || next === trail) return;
    setTrail(next);
    setParams(listParams({ show: target, tab }), { replace: true });
  };
  const canBack = trail.at > 0;
  useCommands([
    {
      id: 'resources.previousObject',
      label: 'resources.commands.previousObject',
      group: 'resources.group',
      keys: ['['],
      when: () => canBack,
      perform: () => go(-1),
    },
    {
      id: 'resources.nextObject',
      label: 'resources.commands.nextObject',
      group: 'resources.group',
      keys: [']'],
      when: () => trail.at < trail.refs.length - 1,
      perform: () => go(1),
    },
  ]);
  return (
    <Drawer
      label={t('resources.objectDrawer.details', { name: object.name })}
      title={<Name>{object.name}</Name>}
      width={width}
      onWidth={(next) => setLayout({ drawerWidth: next })}
      onClose={props.onClose}
      onBack={canBack ? () => go(-1) : undefined}
      onExpand={() => navigate(objectPath(object, tab))}
      actions={
        <Menu align="end" groups={actionsOf([object])}>
          <IconButton icon={Ellipsis} label={t('resources.objectDrawer.actions')} />
        </Menu>
      }
    >
      <ObjectDetail
        key={key}
        object={object}
        tab={tab}
        onTab={(next) => setParams(listParams({ tab: next }), { replace: true })}
      />
    </Drawer>
  );
}
