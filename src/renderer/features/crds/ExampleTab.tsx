import { FilePlus } from 'lucide-react';
import { useMemo } from 'react';
import { createFrom } from '../../state/newObject.ts';
import { Button, CopyButton, t } from '../../ui/index.ts';
import css from './crds.module.css';
import { exampleText } from './exampleText.ts';
import type { KindDocs } from './useKindDocs.ts';

export function ExampleTab({ cluster, docs }: { cluster: string; docs: KindDocs }) {
  const text = useMemo(() => exampleText(docs), [docs]);
  return (
    <div className={css.example}>
      <p className={css.dim}>{t('crds.exampleText')}</p>
      <div className={css.exampleActions}>
        <CopyButton text={text} label={t('crds.copyExample')} size="m" />
        <Button icon={FilePlus} onClick={() => createFrom({ cluster, text, form: false })}>
          {t('crds.openInEditor')}
        </Button>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keys */}
      <pre className={css.code} tabIndex={0}>
        {text}
      </pre>
    </div>
  );
}
