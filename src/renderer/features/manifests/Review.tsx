import { TriangleAlert } from 'lucide-react';
import type { DocumentPreview } from '../../../core/cluster/manifests/contract.ts';
import type { FieldChange } from '../../../core/platform/audit/contract.ts';
import { Age, Button, classes, Name, t } from '../../ui/index.ts';
import { DiffFrame } from './Frames.tsx';
import css from './manifests.module.css';

export interface ReviewProps {
  documents: readonly DocumentPreview[];
  chosen: number;
  wrap: boolean;
  /** Others' fields are taken over. */
  force: boolean;
  onChoose(index: number): void;
  onForce(): void;
  onMerge(document: DocumentPreview): void;
  onGoTo(line: number, column: number): void;
}

/** What would happen, document by document: the difference, and what should be known before. */
export function Review(props: ReviewProps) {
  const { documents, chosen } = props;
  const document = documents[chosen];
  if (document === undefined) return null;
  return (
    <div className={css.review}>
      <DiffFrame label={t('manifests.difference')} before={document.before} after={document.after} wrap={props.wrap} />
      <aside className={css.side} aria-label={t('manifests.summary')}>
        {documents.length > 1 && (
          <ul className={css.documents}>
            {documents.map((each, index) => (
              <li key={`${each.line}/${each.object.kind}/${each.object.name}`}>
                <button
                  type="button"
                  className={css.document}
                  aria-pressed={index === chosen}
                  onClick={() => props.onChoose(index)}
                >
                  {isTroubled(each, props.force) && <TriangleAlert size={12} aria-label={t('manifests.refused')} />}
                  <Name>{each.object.name}</Name>
                  <span className={css.dim}>{each.object.kind}</span>
                  <span className={css.grow} />
                  <span className={css.dim}>{outcome(each)}</span>
                </button>
              </li>
            ))}
          </ul>
        )}
        <Findings {...props} document={document} />
      </aside>
    </div>
  );
}

/** It would not be done as it is. */
export function isTroubled(document: DocumentPreview, force: boolean): boolean {
  if (document.error !== undefined) return true;
  if (force) return false;
  return document.conflicts.length > 0 || document.meanwhile.some(({ contested }) => contested);
}

function outcome({ mode, changes, error }: DocumentPreview): string {
  if (error !== undefined) return t('manifests.refused');
  if (mode === 'create') return t('manifests.created');
  return changes.length === 0 ? t('manifests.same') : t('manifests.fields', { count: changes.length });
}

/** What should be known of one document before it is applied. */
export function Findings({
  document,
  force,
  onForce,
  onMerge,
  onGoTo,
}: Pick<ReviewProps, 'force' | 'onForce'> &
  Partial<Pick<ReviewProps, 'onMerge' | 'onGoTo'>> & { document: DocumentPreview }) {
  const { conflicts, meanwhile, warnings, problems, error, hint, changes, mode } = document;
  const contested = meanwhile.filter((change) => change.contested);
  const others = meanwhile.filter((change) => !change.contested);
  return (
    <div className={css.findings}>
      {error !== undefined && (
        <section role="alert">
          <h3 className={css.failedTitle}>{t('manifests.wouldRefuse')}</h3>
          {problems.map(({ line, column, message }) => (
            <button
              key={`${line}/${message}`}
              type="button"
              className={css.problem}
              disabled={onGoTo === undefined}
              onClick={() => onGoTo?.(line, column)}
            >
              <span className={css.dim}>{t('manifests.line', { line })}</span> {message}
            </button>
          ))}
          {hint !== undefined && <p className={css.dim}>{hint}</p>}
        </section>
      )}
      {contested.length > 0 && (
        <section role="alert">
          <h3 className={classes(css.title, css.warningTitle)}>{t('manifests.contested')}</h3>
          <ul className={css.list}>
            {contested.map(({ path, manager, at, opened, now }) => (
              <li key={path}>
                <code>{pathText(path)}</code>
                <div className={css.dim}>
                  {t('manifests.by', { manager: manager ?? t('manifests.somebody') })}{' '}
                  {at !== undefined && <Age at={at} />}
                </div>
                <Values before={opened} after={now} />
              </li>
            ))}
          </ul>
          {force ? (
            <p className={css.dim}>{t('manifests.willOverwrite')}</p>
          ) : (
            <div className={css.choices}>
              <Button size="s" variant="primary" onClick={() => onMerge?.(document)}>
                {t('manifests.merge')}
              </Button>
              <Button size="s" onClick={onForce}>
                {t('manifests.overwrite')}
              </Button>
            </div>
          )}
          <p className={css.dim}>{t('manifests.mergeHint')}</p>
        </section>
      )}
      {conflicts.length > 0 && (
        <section role="alert">
          <h3 className={classes(css.title, css.warningTitle)}>{t('manifests.conflicts')}</h3>
          <ul className={css.list}>
            {conflicts.map(({ manager, field }) => (
              <li key={`${manager} ${field}`}>
                <code>{field}</code>
                <div className={css.dim}>{t('manifests.heldBy', { manager })}</div>
              </li>
            ))}
          </ul>
          <div className={css.choices}>
            <Button size="s" onClick={onForce}>
              {t('manifests.takeOver')}
            </Button>
          </div>
          <p className={css.dim}>{t('manifests.takeOverHint')}</p>
        </section>
      )}
      {warnings.map((warning) => (
        <p key={warning} className={css.warning}>
          {warning}
        </p>
      ))}
      {others.length > 0 && (
        <section>
          <h3 className={css.title}>{t('manifests.stays')}</h3>
          <ul className={css.list}>
            {others.map(({ path, manager }) => (
              <li key={path}>
                <code>{pathText(path)}</code> <span className={css.dim}>{manager}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
      {error === undefined && (
        <section>
          <h3 className={css.title}>
            {mode === 'create'
              ? t('manifests.newObject')
              : changes.length === 0
                ? t('manifests.nothingChanges')
                : t('manifests.changedFields', { count: changes.length })}
          </h3>
          {mode !== 'create' && (
            <ul className={css.list}>
              {changes.slice(0, 60).map((change) => (
                <li key={change.path}>
                  <code>{pathText(change.path)}</code>
                  <Values {...change} />
                </li>
              ))}
            </ul>
          )}
        </section>
      )}
    </div>
  );
}

function Values({ before, after }: Pick<FieldChange, 'before' | 'after'>) {
  return (
    <div className={css.values}>
      {before !== undefined && <del>{valueText(before)}</del>}
      {after !== undefined && <ins>{valueText(after)}</ins>}
    </div>
  );
}

function pathText(pointer: string): string {
  return pointer
    .slice(1)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .join('.');
}

const longest = 160;

function valueText(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}
