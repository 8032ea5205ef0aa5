export interface ContentPolicy {
  /** Lets pages carry inline styles: only for parts of the interface that were shown to need it. */
  inlineStyles?: boolean;
  /** Lets pages start workers from blobs. */
  blobWorkers?: boolean;
}

/** Nothing is loaded but from here, nothing is evaluated, and nobody may frame it. `'self'` covers the WebSocket too. */
export function contentPolicy({ inlineStyles = false, blobWorkers = false }: ContentPolicy = {}): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self'${inlineStyles ? " 'unsafe-inline'" : ''}`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    `worker-src 'self'${blobWorkers ? ' blob:' : ''}`,
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** On every answer. */
export function securityHeaders(policy: string): Record<string, string> {
  return {
    'content-security-policy': policy,
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  };
}
