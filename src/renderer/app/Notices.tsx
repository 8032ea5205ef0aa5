import { type LucideIcon, X } from 'lucide-react';
import { Popover } from 'radix-ui';
import { useLive } from '../client/index.ts';
import { Age, CopyButton, IconButton, StatusMark, t } from '../ui/index.ts';
import styles from './shell.module.css';

/** What the user should know about the engine itself. The bell carries their number only when there are any. */
export function Notices({ icon }: { icon: LucideIcon }) {
  const { rows } = useLive((client) => client.system.notices, {});
  const label = rows.length === 0 ? t('app.notices.none') : t('app.notices.count', { count: rows.length });
  return (
    <Popover.Root>
      <span className={styles.bell}>
        <Popover.Trigger asChild>
          <IconButton label={label} icon={icon} />
        </Popover.Trigger>
        {rows.length > 0 && (
          <span className={styles.bellCount} aria-hidden>
            {rows.length}
          </span>
        )}
      </span>
      <Popover.Portal>
        <Popover.Content
          className={styles.notices}
          align="end"
          sideOffset={6}
          collisionPadding={8}
          aria-label={t('app.notices.title')}
        >
          <div className={styles.noticesHead}>
            <h2>{t('app.notices.title')}</h2>
            <Popover.Close asChild>
              <IconButton size="s" label={t('ui.close')} icon={X} />
            </Popover.Close>
          </div>
          {rows.length === 0 && <p className={styles.noticesEmpty}>{t('app.notices.empty')}</p>}
          <ul>
            {rows.map((notice) => (
              <li key={notice.key} className={styles.notice}>
                <div className={styles.noticeHead}>
                  <StatusMark tone={notice.tone} />
                  <span className={styles.noticeAge}>
                    <Age at={notice.at} />
                  </span>
                  <CopyButton text={[notice.message, notice.hint].filter(Boolean).join('\n')} />
                </div>
                <p>{notice.message}</p>
                {notice.hint !== undefined && <p className={styles.noticeHint}>{notice.hint}</p>}
              </li>
            ))}
          </ul>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
