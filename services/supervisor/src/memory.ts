import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment } from '@pipeline/service/config';
import { z } from 'zod';
import { ROOT } from './root.ts';

/** Largest heap in MB, as docker-compose.yml has it: V8 keeps freed memory unless told otherwise. A tap may declare another one in its `package.json`. */
const HEAP_MB: Record<string, number> = { scheduler: 192, 'dbt-runner': 192, loader: 288 };
const TAP_HEAP_MB = 96;
/** malloc frees large buffers at once, and keeps no arena for each thread. */
const MALLOC = { MALLOC_ARENA_MAX: '2', MALLOC_MMAP_THRESHOLD_: '131072' };

const Manifest = z.object({ container: z.object({ heapMb: z.int() }).optional() });

/** The memory settings of a service's process. NODE_OPTIONS of `environment` come last, so that they win. */
export function memorySettings(service: string, { NODE_OPTIONS = '' }: Environment): Environment {
  const heapMb = service.startsWith('tap-') ? tapHeapMb(service) : HEAP_MB[service];
  const heap = heapMb === undefined ? '' : `--max-old-space-size=${heapMb}`;
  return { ...MALLOC, NODE_OPTIONS: [heap, NODE_OPTIONS].filter((options) => options !== '').join(' ') };
}

function tapHeapMb(service: string): number {
  const text = readFileSync(join(ROOT, 'services', service, 'package.json'), 'utf8');
  return Manifest.parse(JSON.parse(text)).container?.heapMb ?? TAP_HEAP_MB;
}
