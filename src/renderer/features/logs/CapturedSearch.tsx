import { Regex } from 'lucide-react';
import { useEffect, useState } from 'react';
import { IconButton, SearchInput, Segments, TextInput, t } from '../../ui/index.ts';
import css from './captured.module.css';
import type { CapturedWish } from './capturedWish.ts';
import { useQuiet } from './useQuiet.ts';

interface Props {
  wish: CapturedWish;
  onWish(change: Partial<CapturedWish>): void;
}

/** What is searched for. What is typed counts once the typing rests. */
export function CapturedSearch({ wish, onWish }: Props) {
  return (
    <search className={css.search}>
      <Typed wish={wish.find} onWish={(find) => onWish({ find })}>
        {(value, change) => (
          <SearchInput className={css.find} label={t('logs.captured.find')} value={value} onChange={change} />
        )}
      </Typed>
      <IconButton
        icon={Regex}
        label={t('logs.regex')}
        pressed={wish.regex}
        onClick={() => onWish({ regex: !wish.regex })}
      />
      <Typed wish={wish.exclude} onWish={(exclude) => onWish({ exclude })}>
        {(value, change) => (
          <TextInput
            className={css.short}
            aria-label={t('logs.exclude')}
            placeholder={t('logs.exclude')}
            value={value}
            onChange={(event) => change(event.target.value)}
          />
        )}
      </Typed>
      <Typed wish={wish.pod} onWish={(pod) => onWish({ pod })}>
        {(value, change) => (
          <TextInput
            className={css.short}
            aria-label={t('logs.captured.pod')}
            placeholder={t('logs.captured.pod')}
            value={value}
            onChange={(event) => change(event.target.value)}
          />
        )}
      </Typed>
      <Segments
        label={t('logs.severities')}
        options={(['all', 'info', 'warn', 'error'] as const).map((value) => ({
          value,
          label: t(`logs.captured.atLeast.${value}`),
        }))}
        value={wish.atLeast}
        onChange={(atLeast) => onWish({ atLeast })}
      />
      <Moment label={t('logs.captured.from')} at={wish.from} onAt={(from) => onWish({ from })} />
      <Moment label={t('logs.captured.to')} at={wish.to} onAt={(to) => onWish({ to })} />
    </search>
  );
}

function Typed(props: {
  wish: string;
  onWish(value: string): void;
  children(value: string, change: (value: string) => void): React.ReactNode;
}) {
  const { wish, onWish, children } = props;
  const [text, setText] = useState(wish);
  const quiet = useQuiet(text);
  // The address changed by itself, such as by going back.
  useEffect(() => setText(wish), [wish]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what was typed is a new wish
  useEffect(() => {
    if (quiet === text && quiet !== wish) onWish(quiet);
  }, [quiet]);
  return children(text, setText);
}

/** A moment by this computer's clock. */
function Moment({ label, at, onAt }: { label: string; at: number | undefined; onAt(at: number | undefined): void }) {
  return (
    <label className={css.moment}>
      {label}
      <input
        type="datetime-local"
        step="1"
        value={at === undefined ? '' : localText(at)}
        onChange={(event) => {
          const next = Date.parse(event.target.value);
          onAt(Number.isNaN(next) ? undefined : next);
        }}
      />
    </label>
  );
}

function localText(at: number): string {
  const shifted = new Date(at - new Date(at).getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 19);
}
