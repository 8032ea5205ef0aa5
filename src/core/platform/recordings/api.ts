import type { Implementations } from '../../kernel/contract.ts';
import type { Audit } from '../audit/index.ts';
import type { recordings as contract } from './contract.ts';
import type { Recordings } from './recordings.ts';

export function recordingsApi(recordings: Recordings, audit: Audit): Implementations<typeof contract> {
  /** What the record of changes has of a recording's end. */
  const noted = (key: string) =>
    audit.entries.findLast(
      ({ changes }) =>
        changes.some(({ path, after }) => path === '/recording' && after === key) &&
        changes.some(({ path }) => path === '/sha256'),
    );
  return {
    list: async () => ({ recordings: await recordings.list() }),
    part: ({ key, offset }) => recordings.part(key, offset),
    async check({ key }) {
      const sha256 = await recordings.sha256(key);
      const then = noted(key)?.changes.find(({ path }) => path === '/sha256')?.after;
      return { sha256, state: then === undefined ? 'unknown' : then === sha256 ? 'intact' : 'changed' };
    },
    async remove({ key }, { principal }) {
      const found = (await recordings.list()).find((each) => each.key === key);
      const { run = '', kind = '', namespace = '', name = '' } = noted(key) ?? {};
      await audit.ready();
      await recordings.remove(key);
      await audit.record({
        principal: principal.id,
        user: '',
        run,
        action: 'removeRecording',
        cluster: found?.cluster ?? '',
        clusterName: found?.clusterName ?? '',
        kind,
        namespace,
        name,
        request: `DELETE recordings/${key}.cast`,
        changes: [{ path: '/recording', before: key }],
        result: 'done',
      });
      return {};
    },
  };
}
