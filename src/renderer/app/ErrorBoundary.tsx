import { Component, type ErrorInfo, type ReactNode } from 'react';
import { ErrorState, t } from '../ui/index.ts';

interface Props {
  /** What failed, in words. */
  region: string;
  children: ReactNode;
}

/** One region may fail without the rest of the window: it says what happened, can be copied and tried again. */
export class ErrorBoundary extends Component<Props, { error: Error | undefined; where: string }> {
  override state: { error: Error | undefined; where: string } = { error: undefined, where: '' };

  static getDerivedStateFromError(error: unknown) {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override componentDidCatch(_error: unknown, info: ErrorInfo): void {
    this.setState({ where: info.componentStack ?? '' });
  }

  override render(): ReactNode {
    const { error, where } = this.state;
    if (error === undefined) return this.props.children;
    const frames = where.split('\n').filter(Boolean).slice(0, 3).join(' ').trim();
    return (
      <ErrorState
        title={t('app.regionFailed', { region: this.props.region })}
        error={{ message: error.message, hint: frames === '' ? undefined : frames }}
        onRetry={() => this.setState({ error: undefined, where: '' })}
      />
    );
  }
}
