import { Link2 } from 'lucide-react';
import type { ReactNode } from 'react';
import { toast } from 'sonner';
import { toDeepLink } from '../../app/router.ts';
import { Button, CopyButton, copyText, legible, t } from '../../ui/index.ts';
import type { Schema, SchemaSet } from '../../ui/schema/schema.ts';
import { explainPath } from './address.ts';
import css from './crds.module.css';
import { type Field, fieldsIn, limitsOf } from './fields.ts';

/** One field in full: what it is, what it asks for, and what is in it. */
export function FieldDetail(props: {
  set: SchemaSet;
  root: Schema;
  field: Field | undefined;
  /** The address names a field that is not there. */
  missing: string | undefined;
  cluster: string;
  id: string;
  version: string;
}) {
  const { set, root, field, missing } = props;
  const schema = field?.schema ?? root;
  const limits = limitsOf(schema);
  const rules = schema['x-kubernetes-validations'] ?? [];
  const inside = field === undefined ? fieldsIn(set, root, '') : fieldsIn(set, field.schema, field.path);
  const link = toDeepLink(explainPath(props.cluster, props.id, { version: props.version, field: field?.path }));
  return (
    <article className={css.fieldDetail} aria-label={field?.path ?? t('crds.kindItself')}>
      {missing !== undefined && <p className={css.missing}>{t('crds.noField', { path: missing })}</p>}
      <header className={css.fieldHead}>
        <h2 className={css.fieldPath}>{field?.path ?? t('crds.kindItself')}</h2>
        {field !== undefined && (
          <span className={css.fieldActions}>
            <CopyButton text={field.path} label={t('crds.copyPath')} />
            <Button
              size="s"
              variant="quiet"
              icon={Link2}
              onClick={() =>
                void copyText(link).then(
                  () => toast(t('crds.linkCopied')),
                  () => toast.error(t('crds.notCopied')),
                )
              }
            >
              {t('crds.copyLink')}
            </Button>
          </span>
        )}
      </header>
      {field !== undefined && (
        <p className={css.facts}>
          <code>{field.type}</code>
          {field.required && <span className={css.required}>{t('crds.required')}</span>}
        </p>
      )}
      <p className={css.description}>{legible(schema.description ?? t('crds.noDescription'))}</p>
      {schema.default !== undefined && (
        <Fact title={t('crds.default')}>
          <code>{JSON.stringify(schema.default)}</code>
        </Fact>
      )}
      {schema.enum !== undefined && (
        <Fact title={t('crds.values')}>
          <span className={css.enum}>
            {schema.enum.map((value) => (
              <code key={String(value)}>{value === '' ? '""' : String(value)}</code>
            ))}
          </span>
        </Fact>
      )}
      {limits.length > 0 && (
        <Fact title={t('crds.limits')}>
          <ul className={css.plain}>
            {limits.map((limit) => (
              <li key={limit}>
                <code>{legible(limit)}</code>
              </li>
            ))}
          </ul>
        </Fact>
      )}
      {rules.length > 0 && (
        <Fact title={t('crds.rules')}>
          <ul className={css.plain}>
            {rules.map(({ rule, message, messageExpression }) => (
              <li key={rule}>
                <code className={css.rule}>{legible(rule)}</code>
                {(message ?? messageExpression) !== undefined && (
                  <p className={css.dim}>{legible(message ?? messageExpression ?? '')}</p>
                )}
              </li>
            ))}
          </ul>
        </Fact>
      )}
      {inside.length > 0 && (
        <Fact title={t('crds.inside', { count: inside.length })}>
          <ul className={css.inside}>
            {inside.map(({ path, name, type, required }) => (
              <li key={path}>
                <a
                  className={css.link}
                  href={`#${explainPath(props.cluster, props.id, { version: props.version, field: path })}`}
                >
                  <code>{name}</code>
                </a>{' '}
                <span className={css.type}>{type}</span>{' '}
                {required && <span className={css.required}>{t('crds.required')}</span>}
              </li>
            ))}
          </ul>
        </Fact>
      )}
    </article>
  );
}

function Fact({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={css.fact}>
      <h3>{title}</h3>
      {children}
    </section>
  );
}
