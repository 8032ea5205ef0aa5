import { Download } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import type { CapturedLine, CapturedQuery, CapturedSource } from '../../../core/cluster/logs/capture/contract.ts';
import { type KubeSageClient, toError, useClient } from '../../client/index.ts';
import { saveText } from '../../ui/download.ts';
import { formatCount, IconButton, Menu, t } from '../../ui/index.ts';
import { severityNames } from './logBuffer.ts';

/** One file has so many lines at most, and one question asks for so many. */
const mostLines = 1_000_000;
const pageLines = 20_000;

type Format = 'log' | 'jsonl';

/** All lines that match, oldest first, as a file. */
export function CapturedSave({ query, total }: { query: CapturedQuery; total: number }) {
  const client = useClient();
  const [busy, setBusy] = useState(false);
  const save = async (format: Format) => {
    setBusy(true);
    try {
      const { text, lines, more } = await readAll(client, query, format);
      saveText(`captured.${format}`, format === 'log' ? 'text/plain' : 'application/jsonl', text);
      toast(t(more ? 'logs.captured.savedCut' : 'logs.captured.saved', { count: lines, number: formatCount(lines) }));
    } catch (thrown) {
      toast.error(t('logs.notSaved'), { description: toError(thrown).message });
    } finally {
      setBusy(false);
    }
  };
  return (
    <Menu
      align="end"
      groups={[
        {
          id: 'logs.captured.save',
          actions: (['log', 'jsonl'] as const).map((format) => ({
            id: `logs.captured.${format}`,
            label: t(`logs.captured.save.${format}`),
            disabled: busy || total === 0,
            perform: () => void save(format),
          })),
        },
      ]}
    >
      <IconButton size="s" icon={Download} label={t('logs.captured.saveLabel')} aria-busy={busy} />
    </Menu>
  );
}

async function readAll(client: KubeSageClient, query: CapturedQuery, format: Format) {
  const parts: string[] = [];
  const sources = new Map<number, CapturedSource>();
  let lines = 0;
  let after: Pick<CapturedLine, 'source' | 'number' | 'at'> | undefined;
  for (;;) {
    const page = await client.logs.search({
      ...query,
      order: 'oldest',
      limit: pageLines,
      ...(after !== undefined && { after }),
    });
    for (const source of page.sources) sources.set(source.index, source);
    for (const line of page.lines) parts.push(write(line, sources.get(line.source), format));
    lines += page.lines.length;
    const last = page.lines[page.lines.length - 1];
    if (!page.more || last === undefined || lines >= mostLines) return { text: parts.join(''), lines, more: page.more };
    after = { source: last.source, number: last.number, at: last.at };
  }
}

function write(line: CapturedLine, source: CapturedSource | undefined, format: Format): string {
  const time = new Date(line.at).toISOString();
  const { cluster = '', namespace = '', pod = '', container = '' } = source ?? {};
  if (format === 'log') return `${time} ${namespace}/${pod}/${container} ${line.text}\n`;
  const severity = severityNames[line.severity];
  return `${JSON.stringify({ time, cluster, namespace, pod, container, severity, line: line.text })}\n`;
}
