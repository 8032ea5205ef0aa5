import { FileText, FolderOpen } from 'lucide-react';
import { type ClipboardEvent, useRef } from 'react';
import { Button, EmptyState, t } from '../../../ui/index.ts';
import css from './folder.module.css';
import { type GivenFolder, readChosen, readPasted } from './readFiles.ts';

/** Asks for a folder or files by the platform's own dialog: a page reads nothing that was not chosen in it. */
export function Chooser(props: { busy: boolean; compact?: boolean; onTake(reading: Promise<GivenFolder>): void }) {
  const folder = useRef<HTMLInputElement>(null);
  const files = useRef<HTMLInputElement>(null);
  const took = (input: HTMLInputElement) => {
    if (input.files !== null && input.files.length > 0) props.onTake(readChosen([...input.files]));
    // The same folder may be chosen again.
    input.value = '';
  };
  const inputs = (
    <>
      <input
        ref={(input) => {
          folder.current = input;
          input?.setAttribute('webkitdirectory', '');
        }}
        type="file"
        hidden
        data-choose="folder"
        onChange={(event) => took(event.target)}
      />
      <input
        ref={files}
        type="file"
        hidden
        multiple
        accept=".yaml,.yml,.json"
        data-choose="files"
        onChange={(event) => took(event.target)}
      />
    </>
  );
  if (props.compact === true) {
    return (
      <>
        {inputs}
        <Button size="s" icon={FolderOpen} disabled={props.busy} onClick={() => folder.current?.click()}>
          {t('manifests.folder.another')}
        </Button>
      </>
    );
  }
  const pasted = (event: ClipboardEvent) => {
    const text = event.clipboardData.getData('text/plain');
    if (text.trim() === '') return;
    event.preventDefault();
    props.onTake(Promise.resolve(readPasted(text)));
  };
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what is pasted goes to what has the focus
    <section className={css.chooser} tabIndex={0} aria-label={t('manifests.folder.choosing')} onPaste={pasted}>
      {inputs}
      <EmptyState
        compact
        icon={FolderOpen}
        title={t('manifests.folder.choosing')}
        actions={
          <>
            <Button variant="primary" icon={FolderOpen} busy={props.busy} onClick={() => folder.current?.click()}>
              {t('manifests.folder.chooseFolder')}
            </Button>
            <Button icon={FileText} disabled={props.busy} onClick={() => files.current?.click()}>
              {t('manifests.folder.chooseFiles')}
            </Button>
          </>
        }
      >
        {t('manifests.folder.choosingText')}
      </EmptyState>
    </section>
  );
}
