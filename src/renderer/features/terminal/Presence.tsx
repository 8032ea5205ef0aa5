import { useEffect } from 'react';
import { useClient } from '../../client/index.ts';
import { askWith, useAsked } from './asked.ts';
import { DebugDialog } from './DebugDialog.tsx';
import { NodeDialog } from './NodeDialog.tsx';

/** For the window's life: learns what may be opened, and asks for what a terminal needs. */
export function Presence() {
  const client = useClient();
  const { asked, ask } = useAsked();
  useEffect(() => askWith(client), [client]);
  if (asked === undefined) return null;
  const Asking = asked.kind === 'nodes' ? NodeDialog : DebugDialog;
  return <Asking key={JSON.stringify(asked)} object={asked} onClose={() => ask(undefined)} />;
}
