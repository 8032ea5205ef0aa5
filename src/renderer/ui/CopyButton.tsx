import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { IconButton } from './Button.tsx';
import { t } from './text.ts';

/** Puts text on the clipboard; rejects when the host does not let it. */
export function copyText(text: string): Promise<void> {
  return navigator.clipboard.writeText(text);
}

export function CopyButton({ text, label, size = 's' }: { text: string; label?: string; size?: 's' | 'm' }) {
  const [state, setState] = useState<'ready' | 'done' | 'failed'>('ready');
  useEffect(() => {
    if (state === 'ready') return;
    const timer = setTimeout(() => setState('ready'), 1500);
    return () => clearTimeout(timer);
  }, [state]);
  return (
    <IconButton
      size={size}
      icon={state === 'done' ? Check : Copy}
      label={state === 'failed' ? t('ui.copyFailed') : state === 'done' ? t('ui.copied') : (label ?? t('ui.copy'))}
      onClick={() => {
        copyText(text).then(
          () => setState('done'),
          () => setState('failed'),
        );
      }}
    />
  );
}
