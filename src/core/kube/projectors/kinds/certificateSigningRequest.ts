import type { CertificatesigningrequestsCertificatesK8sIo } from '../generated/partials.ts';
import { columns, kind, number, say, type ToneIndex, text, tone } from '../kind.ts';
import { because, conditionFields } from './parts.ts';

const own = columns({
  signer: text('Signer', 0, 260),
  requestor: text('Requestor', 0, 220),
  duration: number('Requested duration', 'seconds'),
  usages: text('Usages', 1, 200),
});
const { at } = own;

export const certificateSigningRequests = kind<CertificatesigningrequestsCertificatesK8sIo>({
  id: 'certificatesigningrequests.certificates.k8s.io',
  kind: 'CertificateSigningRequest',
  version: 'v1',
  section: 'Access',
  shortNames: ['csr'],
  cluster: true,
  columns: own.list,
  select: `spec { signerName expirationSeconds? usages username } status { conditions { ${conditionFields} } certificate# }`,
  row({ spec, status }, meta, cells) {
    const conditions = status?.conditions ?? [];
    const has = (wanted: string): boolean => conditions.some(({ type }) => type === wanted);
    // As kubectl's extractCSRStatus.
    let words = has('Denied') ? 'Denied' : has('Approved') ? 'Approved' : 'Pending';
    let how: ToneIndex = has('Denied') || has('Failed') ? tone.failed : tone.progressing;
    if (has('Failed')) words += ',Failed';
    if ((status?.certificate ?? 0) > 0) {
      words += ',Issued';
      if (how !== tone.failed) how = tone.healthy;
    }
    const why = conditions.at(-1);
    say(cells, meta, words, how, why === undefined ? '' : because(why));
    cells.text(at.signer, spec?.signerName ?? '');
    cells.text(at.requestor, spec?.username ?? '');
    cells.number(at.duration, spec?.expirationSeconds ?? Number.NaN);
    cells.text(at.usages, spec?.usages.join(', ') ?? '');
  },
});
