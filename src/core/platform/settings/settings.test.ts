import { expect, it } from 'vitest';
import { FakeClock } from '../../kernel/clock.ts';
import type { CallContext } from '../../kernel/contract.ts';
import { createSettingsApi } from './api.ts';
import { settings as contract } from './contract.ts';
import { createDocuments } from './documents.ts';
import { createMemoryFolder } from './folder.ts';
import { createSettings } from './settings.ts';

const context: CallContext = { principal: { id: 'local', name: 'me' }, signal: new AbortController().signal };

async function start() {
  const folder = createMemoryFolder();
  const settings = await createSettings({ documents: createDocuments({ folder, clock: new FakeClock() }) });
  return { folder, settings, api: createSettingsApi(settings) };
}

it('changes only what a change names, through the contract’s own parsing', async () => {
  const { settings, api } = await start();
  await api.update(contract.update.input.parse({ change: { theme: 'dark', fontSize: 15 } }), context);
  await api.update(contract.update.input.parse({ change: { density: 'comfortable' } }), context);
  expect(settings.preferences).toMatchObject({ theme: 'dark', fontSize: 15, density: 'comfortable', airGap: true });
  await api.update(contract.update.input.parse({ change: { theme: 'system' } }), context);
  expect(settings.preferences.theme).toBe('system');
});

it('tells a live reader once per change, with a growing revision', async () => {
  const { settings, api } = await start();
  const source = await api.preferences({}, context);
  const revisions = [source.read().rev];
  source.onChange(() => revisions.push(source.read().rev));
  await settings.update({ theme: 'dark' });
  await settings.update({ theme: 'dark' });
  await settings.update({ keymap: { save: ['ctrl+s'], close: null } });
  expect(revisions).toEqual([1, 2, 3]);
  expect(source.read().head).toMatchObject({ theme: 'dark', keymap: { save: ['ctrl+s'], close: null } });
  source.dispose();
});

it('finds the preferences again', async () => {
  const { folder, settings } = await start();
  await settings.update({ timeZone: 'Europe/Berlin', favoriteKinds: ['pods'] });
  const again = await createSettings({ documents: createDocuments({ folder, clock: new FakeClock() }) });
  expect(again.preferences).toEqual(settings.preferences);
});
