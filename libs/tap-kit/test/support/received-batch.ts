import type { BatchHeaders, Manifest } from '@pipeline/protocol';
import { isJsonObject, parseJson } from '@pipeline/singer';

/** A batch as it came out of the queue. */
export interface ReceivedBatch {
  headers: BatchHeaders;
  manifest: Manifest | undefined;
  body: Buffer;
  /** Lines of the Singer document. */
  lines: string[];
}

/** The types of the Singer messages in a batch. */
export function typesOf(batch: ReceivedBatch | undefined) {
  return batch?.lines.map((line) => {
    const message = parseJson(line);
    return isJsonObject(message) ? message['type'] : undefined;
  });
}
