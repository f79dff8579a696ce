/** A message on its way out. */
export interface Outgoing {
  /** For systems that can tell a repeated message from a new one. */
  readonly key: string;
  readonly release: string;
  readonly channel: string;
  readonly audience: string;
  readonly text: string;
  /** Where more of it is found: paths of the API. */
  readonly links?: readonly { readonly rel: string; readonly path: string }[];
}

/** A way to reach people. Throws when it may be tried again; answers what became of it. */
export interface Channel {
  /** Says by which way it went, such as `slack #ops` or `webhook (for Status page)`. */
  send(message: Outgoing): Promise<{ readonly via: string }>;
}
