import { stringify } from 'yaml';
import { KubeSageError } from '../../kernel/errors.ts';
import { isWhole } from './release.ts';
import type { ReleaseBody } from './sources/body.ts';

/**
 * The chart that stands in a release, as files by relative path.
 * @throws KubeSageError `unsupported` when it had subcharts: helm does not store those.
 */
export function chartFiles(body: Pick<ReleaseBody, 'chart'>): Map<string, string | Uint8Array> {
  const { chart } = body;
  if (!isWhole(body)) {
    throw new KubeSageError('unsupported', `Helm does not keep the subcharts of ${chart.metadata.name}`, {
      hint: 'Name the chart: a folder, an archive, oci://… or repository/chart.',
    });
  }
  const files = new Map<string, string | Uint8Array>();
  for (const { name, data } of [...chart.files, ...chart.templates]) files.set(name, Buffer.from(data, 'base64'));
  if (chart.schema !== '') files.set('values.schema.json', Buffer.from(chart.schema, 'base64'));
  files.set('values.yaml', stringify(chart.values));
  files.set('Chart.yaml', stringify(chart.metadata));
  return files;
}
