import { useOverlays } from '../state/overlays.ts';
import { usePreferences } from '../state/preferences.ts';
import { Dialog, Kbd, t } from '../ui/index.ts';
import { type Command, keysOf, useAllCommands } from './commands.ts';
import styles from './help.module.css';

/** Every key that works at the moment, by group. */
export function HelpSheet() {
  const { help, close } = useOverlays();
  return (
    <Dialog open={help} onOpenChange={(open) => !open && close()} title={t('app.help.title')} size="l">
      {help && <Sheet />}
    </Dialog>
  );
}

function Sheet() {
  const { preferences } = usePreferences();
  const all = useAllCommands();
  const groups = new Map<string, Command[]>();
  for (const command of all) {
    if (command.when?.() === false || keysOf(command, preferences.keymap).length === 0) continue;
    const group = groups.get(command.group);
    if (group === undefined) groups.set(command.group, [command]);
    else group.push(command);
  }
  return (
    <div className={styles.sheet}>
      {[...groups].map(([group, commands]) => (
        <section key={group} className={styles.group}>
          <h3>{t(group)}</h3>
          <dl>
            {commands.map((command) => (
              <div key={command.id} className={styles.line}>
                <dt>{t(command.label, command.labelValues)}</dt>
                <dd>
                  {keysOf(command, preferences.keymap).map((keys) => (
                    <Kbd key={keys} keys={keys} />
                  ))}
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
      <p className={styles.more}>{t('app.help.more')}</p>
    </div>
  );
}
