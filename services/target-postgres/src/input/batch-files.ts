import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createGunzip } from 'node:zlib';
import { PipelineError } from '@pipeline/protocol';
import { z } from 'zod';

/** A BATCH message: records in files instead of lines, in the form of the Meltano SDK or of PipelineWise. */
export const BatchMessage = z.union([
  z.object({
    stream: z.string(),
    encoding: z.object({ format: z.literal('jsonl'), compression: z.enum(['gzip', 'none']).nullish() }),
    manifest: z.array(z.string()),
  }),
  z
    .object({
      stream: z.string(),
      filepath: z.string(),
      format: z.literal('jsonl'),
      compression: z.enum(['gzip', 'none']).nullish(),
    })
    .transform(({ stream, filepath, format, compression }) => ({
      stream,
      encoding: { format, compression },
      manifest: [filepath],
    })),
]);
export type BatchMessage = z.output<typeof BatchMessage>;

/** The records of a BATCH, in order, each as a line of JSON.
 *  @throws PipelineError `BATCH_UNREADABLE`. */
export async function* batchRecords(message: BatchMessage): AsyncGenerator<string> {
  for (const file of message.manifest) {
    try {
      const path = file.startsWith('file://') ? fileURLToPath(file) : file;
      const raw = createReadStream(path);
      const input = message.encoding.compression === 'gzip' ? raw.pipe(createGunzip()) : raw;
      raw.on('error', (error) => input.destroy(error));
      for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
        if (line.trim() !== '') yield line;
      }
    } catch (cause) {
      throw new PipelineError({
        code: 'BATCH_UNREADABLE',
        recovery: 'fail',
        message: `stream ${message.stream}: the BATCH file ${file} cannot be read`,
        cause,
      });
    }
  }
}
