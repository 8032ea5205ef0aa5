import { Download } from 'lucide-react';
import { toast } from 'sonner';
import { useClient } from '../../client/index.ts';
import { saveText } from '../../ui/download.ts';
import { copyText, IconButton, Menu, t } from '../../ui/index.ts';
import { type Line, noteSeverity } from './logBuffer.ts';
import type { LogSession, Reading } from './logSession.ts';
import { sourceNames } from './sourceNames.ts';
import type { LogSubject } from './subject.ts';

/** Of the whole past, in one file. */
const mostSaved = 200_000;

interface SaveMenuProps {
  session: LogSession;
  subject: LogSubject;
  reading: Reading;
  fileName: string;
}

/** Copies or saves what is shown, or all that the clusters keep. */
export function SaveMenu({ session, subject, reading, fileName }: SaveMenuProps) {
  const client = useClient();
  const say = (message: string) => (thrown: unknown) =>
    void toast.error(message, { description: thrown instanceof Error ? thrown.message : String(thrown) });
  const write = (lines: readonly Pick<Line, 'at' | 'source' | 'text'>[], names: ReadonlyMap<number, string>) =>
    lines
      .map(({ at, source, text }) => {
        const name = names.get(source) ?? '';
        return `${new Date(at).toISOString()} ${name === '' ? '' : `${name} `}${text}`;
      })
      .join('\n');
  const shown = () => session.buffer.shown.filter(({ severity }) => severity !== noteSeverity);
  const save = (text: string) => saveText(`${fileName}.log`, 'text/plain', `${text}\n`);
  const past = async () => {
    const { previous, containers } = reading;
    const { lines, sources, cut } = await client.logs.past({
      objects: [...subject.objects],
      previous,
      ...(containers !== undefined && { containers: [...containers] }),
      limit: mostSaved,
    });
    const rows = lines.text.map((text, index) => ({
      at: lines.at[index] as number,
      source: lines.source[index] as number,
      text,
    }));
    save(write(rows, sourceNames(sources)));
    if (cut > 0) toast(t('logs.savedCut', { count: cut }));
  };
  const names = () => sourceNames(session.state.sources);
  return (
    <Menu
      align="end"
      groups={[
        {
          id: 'logs.save',
          actions: [
            {
              id: 'logs.copyShown',
              label: t('logs.copyShown'),
              perform: () =>
                void copyText(
                  shown()
                    .map(({ text }) => text)
                    .join('\n'),
                ).then(() => toast(t('logs.copied', { count: shown().length })), say(t('logs.notCopied'))),
            },
            { id: 'logs.saveShown', label: t('logs.saveShown'), perform: () => save(write(shown(), names())) },
            { id: 'logs.saveAll', label: t('logs.saveAll'), perform: () => void past().catch(say(t('logs.notSaved'))) },
          ],
        },
      ]}
    >
      <IconButton icon={Download} label={t('logs.save')} />
    </Menu>
  );
}
