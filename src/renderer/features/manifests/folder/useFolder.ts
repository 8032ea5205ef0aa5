import { useCallback, useEffect, useState } from 'react';
import type { FolderInput } from '../../../../core/cluster/manifests/contract.ts';
import type { KubeSageError } from '../../../../core/kernel/errors.ts';
import { toError, useClient, useLive } from '../../../client/index.ts';
import { bring } from './bring.ts';
import { takeGiven } from './given.ts';
import type { GivenFolder } from './readFiles.ts';

export interface BroughtFolder extends GivenFolder {
  upload: string;
}

/** The files of a tab: handed over to the engine, and looked at there. */
export function useFolder(number: number, target: { cluster: string | undefined; namespace: string }) {
  const client = useClient();
  const [folder, setFolder] = useState<BroughtFolder>();
  const [bringing, setBringing] = useState(false);
  const [error, setError] = useState<KubeSageError>();
  const [way, setWay] = useState<{ kustomization?: string; recursive: boolean; force: boolean; turn: number }>({
    recursive: true,
    force: false,
    turn: 0,
  });

  const take = useCallback(
    async (reading: Promise<GivenFolder> | GivenFolder) => {
      setBringing(true);
      setError(undefined);
      try {
        const given = await reading;
        const upload = crypto.randomUUID();
        await bring(client, upload, given.files);
        const atTop = given.files.some(({ path }) => /^(kustomization\.ya?ml|Kustomization)$/.test(path));
        setWay({ recursive: true, force: false, turn: 0, ...(atTop && { kustomization: '' }) });
        setFolder({ ...given, upload });
      } catch (thrown) {
        setError(toError(thrown));
      } finally {
        setBringing(false);
      }
    },
    [client],
  );
  useEffect(() => {
    const given = takeGiven(number);
    if (given !== undefined) void take(given);
  }, [number, take]);

  const { kustomization, ...rest } = way;
  const name = [folder?.name, kustomization].filter((part) => part !== undefined && part !== '').join('/');
  const input: FolderInput | null =
    folder === undefined || folder.files.length === 0 || target.cluster === undefined
      ? null
      : {
          upload: folder.upload,
          // Loose files have no name in common: nothing is remembered of them.
          name: folder.name === '' ? '' : name,
          cluster: target.cluster,
          namespace: target.namespace === '' ? 'default' : target.namespace,
          ...rest,
          ...(kustomization !== undefined && { kustomization }),
        };
  const looked = useLive((c) => c.manifests.folder, input);
  const change = useCallback((next: Partial<typeof way>) => setWay((now) => ({ ...now, ...next })), []);
  const again = useCallback(() => setWay((now) => ({ ...now, turn: now.turn + 1 })), []);
  const files = useCallback(() => {
    setWay(({ kustomization: _, ...now }) => now);
  }, []);
  return { folder, bringing, error, take, way, change, again, asFiles: files, input, looked };
}
