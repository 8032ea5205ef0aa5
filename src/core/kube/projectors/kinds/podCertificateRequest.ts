import type { PodcertificaterequestsCertificatesK8sIo } from '../generated/partials.ts';
import { columns, kind, say, type ToneIndex, text, time, tone } from '../kind.ts';
import { because, conditionFields } from './parts.ts';

const own = columns({
  pod: text('Pod', 0, 200),
  serviceaccount: text('Service account', 0, 150),
  node: text('Node', 0, 150),
  signer: text('Signer', 0, 220),
  expires: time('Expires', 1),
});
const { at } = own;
const words: Readonly<Record<string, ToneIndex>> = { Issued: tone.healthy, Denied: tone.failed, Failed: tone.failed };

export const podCertificateRequests = kind<PodcertificaterequestsCertificatesK8sIo>({
  id: 'podcertificaterequests.certificates.k8s.io',
  kind: 'PodCertificateRequest',
  version: 'v1',
  section: 'Access',
  columns: own.list,
  select: `spec { signerName podName serviceAccountName nodeName } status { conditions { ${conditionFields} } notAfter }`,
  row({ spec, status }, meta, cells) {
    const condition = status?.conditions.findLast(({ type }) => words[type] !== undefined);
    const how = condition === undefined ? tone.progressing : (words[condition.type] ?? tone.progressing);
    say(cells, meta, condition?.type ?? 'Pending', how, condition === undefined ? '' : because(condition));
    cells.text(at.pod, spec?.podName ?? '');
    cells.text(at.serviceaccount, spec?.serviceAccountName ?? '');
    cells.text(at.node, spec?.nodeName ?? '');
    cells.text(at.signer, spec?.signerName ?? '');
    cells.time(at.expires, status?.notAfter ?? 0);
  },
});
