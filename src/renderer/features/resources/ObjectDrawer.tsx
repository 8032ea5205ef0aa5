import type { ObjectRef } from '../../../core/cluster/resources/contract.ts';
import { navigate } from '../../app/router.ts';
import { useLayout } from '../../state/layout.ts';
import { Drawer, Name } from '../../ui/index.ts';
import { type DetailTab, objectPath } from './address.ts';

export function ObjectDrawer(props: { object: ObjectRef; tab: DetailTab; onClose(): void }) {
  const width = useLayout((layout) => layout.drawerWidth);
  const setLayout = useLayout((layout) => layout.set);
  return (
    <Drawer
      label={props.object.name}
      title={<Name>{props.object.name}</Name>}
      width={width}
      onWidth={(next) => setLayout({ drawerWidth: next })}
      onClose={props.onClose}
      onExpand={() => navigate(objectPath(props.object, props.tab))}
    >
      {null}
    </Drawer>
  );
}
