import type { LucideIcon } from 'lucide-react';
import { Button, type MenuAction } from '../../ui/index.ts';

/** An action of the menus as a button; where it is not allowed, disabled with the reason. */
export function OrderButton({ action, icon, primary }: { action: MenuAction; icon: LucideIcon; primary?: boolean }) {
  return (
    <Button
      size="s"
      icon={icon}
      variant={primary === true ? 'primary' : 'default'}
      disabled={action.disabled === true}
      title={action.reason}
      onClick={() => action.perform()}
    >
      {action.label}
    </Button>
  );
}
