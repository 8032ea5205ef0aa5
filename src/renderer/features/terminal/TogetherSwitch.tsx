import { Strip, Switch, t } from '../../ui/index.ts';
import css from './terminal.module.css';
import { join, leave, togetherAll, useTogether } from './together.ts';

/** Types into all terminals, or into those that are together already. */
export function TogetherSwitch({ tab }: { tab: string }) {
  const { open, members } = useTogether();
  if (open < 2) return null;
  const label = members.size > 0 ? t('terminal.takesPart') : t('terminal.together', { count: open });
  const set = (on: boolean) => {
    if (!on) leave(tab);
    else if (members.size > 0) join(tab);
    else togetherAll();
  };
  return (
    <>
      <span className={css.label}>{label}</span>
      <Switch label={label} checked={members.has(tab)} onChange={set} />
    </>
  );
}

/** While it is on, nobody is to overlook it. */
export function TogetherStrip({ tab }: { tab: string }) {
  const { members } = useTogether();
  if (!members.has(tab)) return null;
  return <Strip tone="warning">{t('terminal.togetherOn', { count: members.size })}</Strip>;
}
