/** A request that says it is a webhook of a source, as it came. */
export interface HookRequest {
  method: string;
  /** As the sender addressed it: scheme, host, path and query. */
  url: string;
  header: (name: string) => string | undefined;
  body: Buffer;
}

/** `wake`: a genuine event. `respond`: genuine, but nothing has changed. `refuse`: not from the source, or too old. */
export type HookResult = { kind: 'wake' | 'refuse' } | { kind: 'respond'; headers: Record<string, string> };

/** Says whether a request was signed with this secret. */
export type VerifyHook = (request: HookRequest, secret: string, nowMs: number) => HookResult;

export const WAKE: HookResult = { kind: 'wake' };
export const REFUSE: HookResult = { kind: 'refuse' };
