import { CircleAlert, Inbox, type LucideIcon, RotateCw, ShieldX } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { Age } from './Age.tsx';
import { Button } from './Button.tsx';
import { CopyButton } from './CopyButton.tsx';
import styles from './feedback.module.css';
import { legible } from './legible.ts';
import { ToneShape } from './StatusMark.tsx';
import { t } from './text.ts';

/** The same text, code and advice that an error of the engine carries. */
export interface ShownError {
  code?: string;
  message: string;
  hint?: string | undefined;
}

interface StateProps {
  title: string;
  children?: ReactNode;
  actions?: ReactNode;
  /** In a panel and not in the middle of a page. */
  compact?: boolean;
}

/** Nothing is here: why, and what to do next. */
export function EmptyState({
  title,
  children,
  actions,
  compact,
  level: Heading = 'h2',
  icon: Icon = Inbox,
}: StateProps & { icon?: LucideIcon /** `h1` where it is all that the page shows. */; level?: 'h1' | 'h2' }) {
  return (
    <section className={styles.state} data-compact={compact}>
      <Icon className={styles.stateIcon} size={compact ? 18 : 24} strokeWidth={1.5} aria-hidden />
      <Heading className={styles.stateTitle}>{title}</Heading>
      {children !== undefined && <div className={styles.stateText}>{children}</div>}
      {actions !== undefined && <div className={styles.stateActions}>{actions}</div>}
    </section>
  );
}

/** This may not be seen: the verb and resource, and the rule that would grant it, ready to hand to an administrator. */
export function ForbiddenState({ title, children, rule, compact }: StateProps & { rule?: string }) {
  return (
    <section className={styles.state} data-compact={compact}>
      <ShieldX
        className={styles.stateIcon}
        data-tone="warning"
        size={compact ? 18 : 24}
        strokeWidth={1.5}
        aria-hidden
      />
      <h2 className={styles.stateTitle}>{title}</h2>
      {children !== undefined && <div className={styles.stateText}>{children}</div>}
      {rule !== undefined && (
        <>
          <p className={styles.stateText}>{t('ui.grantingRule')}</p>
          <div className={styles.rule}>
            <pre>{rule}</pre>
            <CopyButton text={rule} label={t('ui.copyRule')} />
          </div>
        </>
      )}
    </section>
  );
}

/** Something was tried and failed: what, why, what to do; retry and copy. */
export function ErrorState(props: { title: string; error: ShownError; onRetry?: () => void; compact?: boolean }) {
  const { title, error, onRetry, compact } = props;
  const text = [title, error.code, error.message, error.hint].filter(Boolean).join('\n');
  return (
    <section className={styles.state} data-compact={compact} role="alert">
      <CircleAlert
        className={styles.stateIcon}
        data-tone="failed"
        size={compact ? 18 : 24}
        strokeWidth={1.5}
        aria-hidden
      />
      <h2 className={styles.stateTitle}>{title}</h2>
      <p className={styles.stateText}>{legible(error.message)}</p>
      {error.hint !== undefined && <p className={styles.stateText}>{error.hint}</p>}
      <div className={styles.stateActions}>
        {onRetry !== undefined && (
          <Button icon={RotateCw} onClick={onRetry}>
            {t('ui.retry')}
          </Button>
        )}
        <CopyButton text={text} label={t('ui.copyError')} size="m" />
      </div>
    </section>
  );
}

/** A line above content that is true of it: stale, partly hidden, failing. */
export function Strip(props: {
  tone: 'warning' | 'failed' | 'progressing' | 'unknown';
  children: ReactNode;
  actions?: ReactNode;
}) {
  return (
    <div className={styles.strip} data-tone={props.tone} role={props.tone === 'failed' ? 'alert' : 'status'}>
      <ToneShape tone={props.tone} />
      <div className={styles.stripText}>{props.children}</div>
      {props.actions}
    </div>
  );
}

/** What is shown was true at a moment: since when it is not known to be, and why. */
export function StaleBar(props: { since: number; reason?: string | undefined; onRetry?: () => void }) {
  const { since, reason, onRetry } = props;
  return (
    <Strip
      tone="warning"
      actions={
        onRetry !== undefined && (
          <Button size="s" variant="quiet" icon={RotateCw} onClick={onRetry}>
            {t('ui.retry')}
          </Button>
        )
      }
    >
      {t('ui.staleFor')} <Age ahead={0} at={since} />
      {reason !== undefined && <span className={styles.stripHint}> · {legible(reason)}</span>}
    </Strip>
  );
}

/** One block of a skeleton; a caller lays several out as the real thing will be. Shows only after 150 ms. */
export function Skeleton({ width = '100%', height = 12 }: { width?: number | string; height?: number | string }) {
  return <span className={styles.bone} style={{ width, height }} aria-hidden />;
}

/** True once `waiting` has lasted long enough to be worth showing, 150 ms. */
export function useDelayed(waiting: boolean): boolean {
  const [shown, setShown] = useState(false);
  useEffect(() => {
    if (!waiting) {
      setShown(false);
      return;
    }
    const timer = setTimeout(() => setShown(true), 150);
    return () => clearTimeout(timer);
  }, [waiting]);
  return waiting && shown;
}
