import { Circle, CircleStop, Disc } from 'lucide-react';
import { IconButton, type MenuAction, Tooltip, t } from '../../ui/index.ts';
import type { SessionState } from './session.ts';
import css from './terminal.module.css';

interface RecordProps {
  state: SessionState;
  onRecord(on: boolean, input: boolean): void;
}

/** Says that the terminal is recorded, and begins or ends it. */
export function RecordButton({ state, onRecord }: RecordProps) {
  const { recording } = state;
  if (recording === undefined) {
    return (
      <IconButton
        size="s"
        icon={Disc}
        label={t('terminal.record.start')}
        disabled={state.name !== 'open'}
        onClick={() => onRecord(true, false)}
      />
    );
  }
  const words = recording.required ? 'required' : recording.withInput ? 'withInput' : 'output';
  return (
    <>
      <Tooltip content={t(`terminal.record.${words}`)}>
        <span className={css.recorded}>
          <Circle size={9} aria-hidden fill="currentColor" />
          {t('terminal.record.on')}
        </span>
      </Tooltip>
      {!recording.required && (
        <IconButton
          size="s"
          icon={CircleStop}
          label={t('terminal.record.stop')}
          onClick={() => onRecord(false, false)}
        />
      )}
    </>
  );
}

export function recordActions({ name, recording }: SessionState, record: RecordProps['onRecord']): MenuAction[] {
  const open = name === 'open';
  if (recording !== undefined) {
    return [
      {
        id: 'stop',
        label: t('terminal.record.stop'),
        icon: CircleStop,
        disabled: recording.required || !open,
        ...(recording.required && { reason: t('terminal.record.required') }),
        perform: () => record(false, false),
      },
    ];
  }
  return [
    {
      id: 'record',
      label: t('terminal.record.start'),
      icon: Disc,
      disabled: !open,
      perform: () => record(true, false),
    },
    {
      id: 'recordKeys',
      label: t('terminal.record.startWithInput'),
      disabled: !open,
      perform: () => record(true, true),
    },
  ];
}
