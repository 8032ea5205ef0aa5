import { setParams } from '../../app/router.ts';
import { listParams, readRef, readTab } from './address.ts';
import { ObjectDrawer } from './ObjectDrawer.tsx';
import { OpenObjectContext } from './objectLinks.tsx';

/** The object that `show` of an address names, beside what another feature shows. Its links lead on in the same place. */
export function ShownObject({ show, tab, onClose }: { show: string; tab: string | undefined; onClose(): void }) {
  const object = readRef(show);
  if (object === null) return null;
  return (
    <OpenObjectContext value={(next) => setParams(listParams({ show: next }))}>
      <ObjectDrawer object={object} tab={readTab(tab ?? null)} onClose={onClose} />
    </OpenObjectContext>
  );
}
