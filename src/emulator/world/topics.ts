/** A message as a pretend Google service publishes it: attributes, and JSON text when there is a body. */
export interface TopicMessage {
  readonly attributes: Readonly<Record<string, string>>;
  /** UTF-8 JSON, not yet base64. */
  readonly data?: string;
  /** Milliseconds since the epoch before which nobody receives it: events of global secrets come late. */
  readonly availableAt?: number;
}

/** How the other pretend services reach Pub/Sub. `topic` is the full name, `projects/P/topics/T`. */
export interface TopicBoard {
  /** `forbidden` when the service agent may not publish there. */
  state(topic: string): 'ok' | 'missing' | 'forbidden';
  publish(topic: string, message: TopicMessage): void;
}
