/** Apart from the schemas of messages, which a server that has just been started can do without. */
export interface MessageLimits {
  /** The most that one message may weigh, in bytes. */
  messageBytes: number;
  /** How deep its values may be nested. */
  depth: number;
}

/** Manifests are the largest: the installation of a large operator is a text of megabytes. */
export const messageLimits: MessageLimits = { messageBytes: 8 * 1024 * 1024, depth: 64 };
