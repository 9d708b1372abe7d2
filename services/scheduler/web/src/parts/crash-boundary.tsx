import { Component, type ComponentChildren } from 'preact';
import { Icon } from './icon.tsx';

interface CrashBoundaryProps {
  /** Another page is tried anew. */
  path: string;
  children: ComponentChildren;
}

/** A page with a defect says so and leaves the rest standing. */
export class CrashBoundary extends Component<CrashBoundaryProps, { error?: Error | undefined }> {
  override state: { error?: Error | undefined } = {};

  override componentDidCatch(error: unknown): void {
    this.setState({ error: error instanceof Error ? error : new Error(String(error)) });
  }

  override componentDidUpdate(before: CrashBoundaryProps): void {
    if (before.path !== this.props.path && this.state.error !== undefined) this.setState({ error: undefined });
  }

  override render({ children }: CrashBoundaryProps, { error }: { error?: Error | undefined }) {
    if (error === undefined) return children;
    return (
      <div class="card">
        <div class="empty" role="alert">
          <Icon name="octagon-x" class="fail" />
          <b>This page has a defect</b>
          <span class="anywhere">
            {error.message} Nothing happened to your data. The command line shows the same: <code>pipeline status</code>
          </span>
          <a class="btn" href="/">
            Now
          </a>
        </div>
      </div>
    );
  }
}
