import type { ClustertrustbundlesCertificatesK8sIo } from '../generated/partials.ts';
import { columns, kind, text } from '../kind.ts';
import { present } from './parts.ts';

const own = columns({ signer: text('Signer', 0, 260) });

export const clusterTrustBundles = kind<ClustertrustbundlesCertificatesK8sIo>({
  id: 'clustertrustbundles.certificates.k8s.io',
  kind: 'ClusterTrustBundle',
  version: 'v1',
  section: 'Access',
  cluster: true,
  columns: own.list,
  select: 'spec { signerName }',
  row({ spec }, meta, cells) {
    present(cells, meta);
    cells.text(own.at.signer, spec?.signerName ?? '');
  },
});
