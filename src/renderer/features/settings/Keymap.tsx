import { Plus, RotateCcw, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import { type CommandInfo, conflicts, keysOf, knownCommands, useAllCommands } from '../../app/commands.ts';
import { usePreferences } from '../../state/preferences.ts';
import { Button, IconButton, Kbd, SearchInput, ToneShape, t } from '../../ui/index.ts';
import { chordOf, chordText } from '../../ui/keys.ts';
import { bind, groupCommands, withKeys } from './keymap.ts';
import styles from './settings.module.css';

/** Every command with its keys, to change. */
export function Keymap() {
  const { preferences, update } = usePreferences();
  const { keymap } = preferences;
  // Commands that come while this is open, such as those of a view that loads, are known at once.
  useAllCommands();
  const all = knownCommands();
  const [filter, setFilter] = useState('');
  const [recording, setRecording] = useState<string>();
  const nameOf = (command: CommandInfo) => t(command.label, command.labelValues);
  const clashes = conflicts(all, keymap);
  const wanted = filter.trim().toLowerCase();
  const shown = all.filter((command) =>
    `${nameOf(command)} ${keysOf(command, keymap).join(' ')}`.toLowerCase().includes(wanted),
  );
  // A failure is told by the frame, which shows the old keys again.
  const keep = (next: Record<string, string[] | null>) => void update({ keymap: next }).catch(() => undefined);

  return (
    <>
      <div className={styles.keyTools}>
        <SearchInput
          className={styles.keyFilter}
          label={t('settings.keyboard.filter')}
          value={filter}
          onChange={setFilter}
        />
        <Button icon={RotateCcw} variant="quiet" disabled={Object.keys(keymap).length === 0} onClick={() => keep({})}>
          {t('settings.keyboard.resetAll')}
        </Button>
      </div>
      {groupCommands(shown).map(({ group, commands }) => (
        <section key={group} className={styles.keyGroup}>
          <h2>{t(group)}</h2>
          <ul>
            {commands.map((command) => {
              const keys = keysOf(command, keymap);
              const clash = clashes.get(command.id);
              const changed = keymap[command.id] !== undefined;
              return (
                <li key={command.id} className={styles.keyLine}>
                  <span className={styles.keyName}>{nameOf(command)}</span>
                  {clash !== undefined && (
                    <span className={styles.clash}>
                      <ToneShape tone="warning" size={8} />
                      {t('settings.keyboard.clash', {
                        others: clash.map((id) => nameOf(all.find((other) => other.id === id) ?? command)).join(', '),
                      })}
                    </span>
                  )}
                  {keys.map((key) => (
                    <span key={key} className={styles.key}>
                      <Kbd keys={key} />
                      <IconButton
                        size="s"
                        icon={X}
                        className={styles.keyRemove}
                        label={t('settings.keyboard.remove', { keys: key, name: nameOf(command) })}
                        onClick={() =>
                          keep(
                            bind(
                              keymap,
                              command,
                              keys.filter((other) => other !== key),
                            ),
                          )
                        }
                      />
                    </span>
                  ))}
                  {recording === command.id ? (
                    <Recorder
                      onKeys={(added) => {
                        setRecording(undefined);
                        keep(bind(keymap, command, withKeys(keymap, command, added)));
                      }}
                      onCancel={() => setRecording(undefined)}
                    />
                  ) : (
                    <IconButton
                      size="s"
                      icon={Plus}
                      label={t('settings.keyboard.add', { name: nameOf(command) })}
                      onClick={() => setRecording(command.id)}
                    />
                  )}
                  <IconButton
                    size="s"
                    icon={RotateCcw}
                    disabled={!changed}
                    label={t('settings.keyboard.reset', { name: nameOf(command) })}
                    onClick={() => keep(bind(keymap, command, command.keys ?? []))}
                  />
                </li>
              );
            })}
          </ul>
        </section>
      ))}
      {shown.length === 0 && <p className={styles.intro}>{t('ui.nothingMatches')}</p>}
      <p className={styles.note}>{t('settings.keyboard.note')}</p>
    </>
  );
}

/** Waits for the next keys. Escape and a click elsewhere leave everything as it is. */
function Recorder({ onKeys, onCancel }: { onKeys(keys: string): void; onCancel(): void }) {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const chord = chordOf(event);
      // Before everybody else: keys that are bound already must not do what they do now.
      event.preventDefault();
      event.stopPropagation();
      if (chord === undefined) return;
      if (chord.key === 'Escape') onCancel();
      else onKeys(chordText(chord));
    };
    window.addEventListener('keydown', press, { capture: true });
    window.addEventListener('pointerdown', onCancel);
    return () => {
      window.removeEventListener('keydown', press, { capture: true });
      window.removeEventListener('pointerdown', onCancel);
    };
  }, [onKeys, onCancel]);
  return (
    <span className={styles.recording} role="status">
      {t('settings.keyboard.press')}
    </span>
  );
}
