import { Command } from 'cmdk';
import { ChevronRight, Search } from 'lucide-react';
import { Dialog } from 'radix-ui';
import { type KeyboardEvent, useEffect, useState } from 'react';
import { useOverlays } from '../../state/overlays.ts';
import { classes, Kbd, type MenuAction, t } from '../../ui/index.ts';
import { Marked, type PaletteItem } from './items.tsx';
import { rank } from './match.ts';
import styles from './palette.module.css';
import { usePaletteGroups } from './usePaletteGroups.tsx';

/** Finds and does everything: objects, kinds, clusters, views, commands. */
export function Palette() {
  const { palette, close } = useOverlays();
  return (
    <Dialog.Root open={palette !== undefined} onOpenChange={(open) => !open && close()}>
      <Dialog.Portal>
        <Dialog.Overlay className={styles.scrim} />
        <Dialog.Content className={styles.palette} aria-describedby={undefined}>
          <Dialog.Title className="hidden-text">{t('app.palette.title')}</Dialog.Title>
          {palette !== undefined && <Body start={palette.text} close={close} />}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

interface Chosen {
  title: string;
  actions: readonly MenuAction[];
}

function Body({ start, close }: { start: string; close(): void }) {
  const [text, setText] = useState(start);
  const [value, setValue] = useState('');
  const [chosen, setChosen] = useState<Chosen>();
  const { groups, searching, incomplete, error } = usePaletteGroups(chosen === undefined ? text : '');
  // `:` and `@` pressed again while open start over.
  useEffect(() => setText(start), [start]);

  const run = (perform: () => void) => {
    close();
    perform();
  };
  const selected = groups.flatMap((group) => group.items).find((item) => item.id.toLowerCase() === value.toLowerCase());
  const press = (event: KeyboardEvent) => {
    if (event.key === 'Tab') {
      event.preventDefault();
      if (chosen === undefined && selected?.actions !== undefined) {
        setChosen({ title: selected.title, actions: selected.actions() });
        setText('');
        setValue('');
      }
    } else if (chosen !== undefined && (event.key === 'Escape' || (event.key === 'Backspace' && text === ''))) {
      event.preventDefault();
      event.stopPropagation();
      setChosen(undefined);
      setText('');
    }
  };
  return (
    <Command
      className={styles.command}
      label={t('app.palette.title')}
      shouldFilter={false}
      loop
      value={value}
      onValueChange={setValue}
      onKeyDown={press}
    >
      <div className={styles.inputRow}>
        {chosen === undefined ? (
          <Search size={16} aria-hidden />
        ) : (
          <span className={styles.chosen}>
            {chosen.title}
            <ChevronRight size={12} aria-hidden />
          </span>
        )}
        <Command.Input
          className={styles.input}
          autoFocus
          value={text}
          onValueChange={setText}
          aria-label={t('app.palette.title')}
          placeholder={chosen === undefined ? t('app.palette.placeholder') : t('app.palette.actionPlaceholder')}
        />
      </div>
      <Command.List className={styles.list} label={t('app.palette.results')}>
        {chosen !== undefined ? (
          <Actions chosen={chosen} text={text} run={run} />
        ) : (
          <>
            {groups.map((group) => (
              <Command.Group key={group.id} heading={group.title} className={styles.group}>
                {group.items.map((item) => (
                  <Line key={item.id} item={item} onSelect={() => run(item.perform)} />
                ))}
              </Command.Group>
            ))}
            {groups.length === 0 && (
              <div className={styles.nothing} role="status">
                {searching ? t('app.palette.searching') : (error ?? t('app.palette.nothing', { text }))}
              </div>
            )}
          </>
        )}
      </Command.List>
      <footer className={styles.foot}>
        {incomplete.length > 0 ? (
          <span className={styles.incomplete} title={incomplete.join('\n')}>
            {t('app.palette.incomplete', { what: incomplete[0] ?? '' })}
            {incomplete.length > 1 && ` (+${incomplete.length - 1})`}
          </span>
        ) : chosen !== undefined ? (
          <span>
            <Kbd keys="Escape" /> {t('ui.back')}
          </span>
        ) : (
          <span className={styles.modes}>
            <span>
              <kbd>:</kbd> {t('app.palette.modeKinds')}
            </span>
            <span>
              <kbd>@</kbd> {t('app.palette.modeClusters')}
            </span>
            <span>
              <kbd>&gt;</kbd> {t('app.palette.modeCommands')}
            </span>
          </span>
        )}
        {selected?.actions !== undefined && chosen === undefined && (
          <span>
            <Kbd keys="Tab" /> {t('app.palette.actions')}
          </span>
        )}
        <span>
          <Kbd keys="Enter" /> {t('app.palette.open')}
        </span>
      </footer>
    </Command>
  );
}

function Actions({ chosen, text, run }: { chosen: Chosen; text: string; run(perform: () => void): void }) {
  return (
    <Command.Group heading={t('app.palette.actions')} className={styles.group}>
      {rank(chosen.actions, text, (action) => action.label, 30).map(({ item, ranges }) => (
        <Line
          key={item.id}
          item={{
            id: `action ${item.id}`,
            title: item.label,
            ranges,
            ...(item.icon !== undefined && { icon: item.icon }),
            keys: item.keys,
            perform: item.perform,
          }}
          onSelect={() => run(item.perform)}
        />
      ))}
    </Command.Group>
  );
}

function Line({ item, onSelect }: { item: PaletteItem; onSelect(): void }) {
  const Icon = item.icon;
  return (
    <Command.Item value={item.id} className={styles.item} onSelect={onSelect}>
      <span className={styles.mark}>
        {item.mark}
        {Icon !== undefined && <Icon size={14} strokeWidth={1.75} aria-hidden />}
      </span>
      <span className={classes(styles.title, item.mono && styles.mono)}>
        <Marked text={item.title} ranges={item.ranges} />
      </span>
      {item.detail !== undefined && item.detail !== '' && <span className={styles.detail}>{item.detail}</span>}
      {item.keys !== undefined && <Kbd keys={item.keys} />}
    </Command.Item>
  );
}
