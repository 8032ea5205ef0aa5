import { Age, legible, StatusMark, type Tone, t } from '../../../ui/index.ts';
import css from './detail.module.css';
import { instantAt, type JsonObject, listAt, textAt } from './json.ts';
import { Grid, Section } from './Sections.tsx';

/** Condition types that are good news when they are false; every other one is good news when it is true. */
const badWhenTrue =
  /Pressure$|Unavailable$|Failure$|Failed$|^Failed|Degraded|Stalled|Disruption|Terminating$|Suspended|NamesConflict|Deletion/u;

/** How a condition reads. An unknown one is neither good nor bad. */
export function conditionTone(type: string, status: string): Tone {
  if (status === 'Unknown' || status === '') return 'unknown';
  const good = (status === 'True') !== badWhenTrue.test(type);
  return good ? 'healthy' : 'warning';
}

export function Conditions({ json }: { json: unknown }) {
  const conditions = listAt(json, 'status', 'conditions');
  if (conditions.length === 0) return null;
  return (
    <Section title={t('resources.conditions.conditions')} count={conditions.length}>
      <Grid
        label={t('resources.conditions.conditions')}
        head={[t('resources.conditions.condition'), t('resources.conditions.since'), t('resources.conditions.reason')]}
        rows={conditions.map(conditionRow)}
      />
    </Section>
  );
}

function conditionRow(condition: JsonObject) {
  const type = textAt(condition, 'type');
  const status = textAt(condition, 'status');
  const message = textAt(condition, 'message');
  const reason = textAt(condition, 'reason');
  return {
    key: type,
    cells: [
      <span key="type" className={css.condition} data-tone={conditionTone(type, status)}>
        <StatusMark tone={conditionTone(type, status)}>
          {legible(type)}
          {status === 'True'
            ? ''
            : status === 'False'
              ? t('resources.conditions.no')
              : t('resources.conditions.unknown')}
        </StatusMark>
      </span>,
      <Age key="age" at={instantAt(condition, 'lastTransitionTime') ?? null} />,
      <span key="why" className={css.why}>
        {legible(reason)}
        {message !== '' && <span className={css.dim}> {legible(message)}</span>}
      </span>,
    ],
  };
}
