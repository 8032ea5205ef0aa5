import type { Implementations } from '../../kernel/contract.ts';
import type { OpenClusters } from '../fleet/openClusters.ts';
import type { crds } from './contract.ts';
import { countInstances, DefinitionList, definitionsPath } from './definitions.ts';
import { detailOf, headOf, type RawDefinition, thereOf } from './model.ts';

interface CrdsDeps {
  fleet: OpenClusters;
}

export function crdsApi({ fleet }: CrdsDeps): Implementations<typeof crds> {
  return {
    definitions: ({ clusters }) => new DefinitionList(fleet, clusters),
    async definition({ cluster, name }, { signal }) {
      const answer = await fleet.request(cluster, {
        path: `${definitionsPath}/${encodeURIComponent(name)}`,
        headers: { Accept: 'application/json' },
        signal,
      });
      const raw = JSON.parse(new TextDecoder().decode(answer.body)) as RawDefinition;
      const instances = await countInstances(fleet, headOf(raw), thereOf(cluster, raw), signal);
      return detailOf(cluster, raw, instances);
    },
  };
}
