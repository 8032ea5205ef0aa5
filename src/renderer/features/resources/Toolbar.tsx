import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import type { ListHead } from '../../../core/cluster/resources/contract.ts';
import { ChipButton, formatCount, type Tone, ToneBar, ToneShape, t, tonesByUrgency } from '../../ui/index.ts';
import { shownTone } from './CellView.tsx';
import { fieldValue, splitFilter, withField, withoutPart } from './filter.ts';
import { isEvents } from './kinds.ts';
import css from './resources.module.css';

/** Counts by status that filter when they are clicked, and the filter's parts, each to be taken away. */
export function StatusChips(props: {
  kindId: string;
  head: ListHead;
  filter: string;
  onFilter(filter: string): void;
  /** At the end of the line. */
  children?: ReactNode;
}) {
  const { kindId, head, filter, onFilter } = props;
  const word = (tone: Tone) =>
    t(isEvents(kindId) && tone === 'healthy' ? 'resources.tone.normal' : `resources.tone.${tone}`);
  const chosen = new Set((fieldValue(filter, 'is') ?? '').split(',').filter(Boolean));
  const toggle = (tone: Tone) => {
    const next = new Set(chosen);
    if (!next.delete(tone)) next.add(tone);
    onFilter(withField(filter, 'is', ':', next.size === 0 ? null : [...next].join(',')));
  };
  const parts = splitFilter(filter);
  // Parentheses and alternatives belong together: taking out one word of them would change what the others mean.
  const plain = !/[()|]|(^|\s)(OR|NOT|AND)(\s|$)/u.test(filter);
  return (
    <div className={css.chips}>
      {tonesByUrgency
        .filter((tone) => (head.tones[tone] ?? 0) > 0 || chosen.has(tone))
        .map((tone) => (
          <ChipButton key={tone} aria-pressed={chosen.has(tone)} className={css.toneChip} onClick={() => toggle(tone)}>
            <ToneShape tone={shownTone(tone, kindId)} size={9} />
            <b>{formatCount(head.tones[tone] ?? 0)}</b> {word(tone)}
          </ChipButton>
        ))}
      {plain &&
        parts.length > 0 &&
        parts.map((part, place) =>
          part.field === 'is' && !part.negated ? null : (
            <span key={`${part.start} ${part.text}`} className={css.partChip} data-not={part.negated ? '' : undefined}>
              <code>{part.text}</code>
              <button
                type="button"
                aria-label={t('resources.toolbar.remove', { text: part.text })}
                onClick={() => onFilter(withoutPart(filter, place))}
              >
                <X size={11} aria-hidden />
              </button>
            </span>
          ),
        )}
      {props.children}
    </div>
  );
}

/** The values of the grouped column with their counts; a click lets only that value through. */
export function GroupPanel(props: {
  title: string;
  column: string;
  groups: NonNullable<ListHead['groups']>;
  /** Values that are not among them, summed up. */
  others: ListHead['otherGroups'];
  filter: string;
  onFilter(filter: string): void;
  onClose(): void;
}) {
  const { title, column, groups, others, filter, onFilter } = props;
  const chosen = fieldValue(filter, column, '=');
  const largest = groups.reduce((most, group) => Math.max(most, group.count), 1);
  return (
    <section className={css.groups} aria-label={t('resources.toolbar.groupedBy', { title })}>
      <header className={css.groupsHead}>
        <span>{title}</span>
        <span className={css.dim}>{formatCount(groups.length + (others?.values ?? 0))}</span>
        <button
          type="button"
          className={css.iconOnly}
          aria-label={t('resources.toolbar.stopGrouping')}
          onClick={props.onClose}
        >
          <X size={13} aria-hidden />
        </button>
      </header>
      <ul className={css.groupList}>
        {groups.map((group) => (
          <li key={group.value}>
            <button
              type="button"
              className={css.group}
              aria-pressed={chosen === group.value}
              onClick={() => onFilter(withField(filter, column, '=', chosen === group.value ? null : group.value))}
            >
              <span className={css.ellipsis}>{group.value === '' ? t('resources.toolbar.none') : group.value}</span>
              <span className={css.groupCount}>{formatCount(group.count)}</span>
              {/* Its length is the group's share of the largest: groups compare at a glance. */}
              <span className={css.groupBar}>
                <span style={{ width: `${Math.max(3, (100 * group.count) / largest)}%` }}>
                  <ToneBar label={toneWords(group.tones)} counts={{ ...noTones, ...group.tones }} />
                </span>
              </span>
            </button>
          </li>
        ))}
        {others !== undefined && (
          <li className={css.group}>
            <span className={css.ellipsis}>
              {t('resources.toolbar.others', { values: formatCount(others.values) })}
            </span>
            <span className={css.groupCount}>{formatCount(others.count)}</span>
            <span className={css.groupBar}>
              <ToneBar label={toneWords(others.tones)} counts={{ ...noTones, ...others.tones }} />
            </span>
          </li>
        )}
      </ul>
    </section>
  );
}

const noTones: Record<Tone, number> = { healthy: 0, progressing: 0, warning: 0, failed: 0, unknown: 0, stopped: 0 };

/** `3 failed, 12 healthy` */
export function toneWords(tones: Partial<Record<Tone, number>>): string {
  return tonesByUrgency
    .filter((tone) => (tones[tone] ?? 0) > 0)
    .map((tone) => `${tones[tone]} ${t(`resources.tone.${tone}`)}`)
    .join(', ');
}
