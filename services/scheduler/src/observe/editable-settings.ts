import type { z } from 'zod';
import { config } from '../config.ts';

const { PIPELINE_INTERVAL_SECONDS, PIPELINE_CONCURRENCY } = config.shape;

/** Settings that the page may set where no variable does; they take effect with the next cycle. */
export const EDITABLE_SETTINGS: Record<string, z.ZodType<number>> = { PIPELINE_INTERVAL_SECONDS, PIPELINE_CONCURRENCY };
