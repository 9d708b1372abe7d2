#!/usr/bin/env -S node --max-semi-space-size=8
import { runTarget } from './run-target.ts';

/** A connection that PostgreSQL does not let go of must not keep a process alive that has nothing left to do. */
const LINGER_MS_MAX = 1_000;

process.exitCode = await runTarget(process.argv.slice(2), process.env);
setTimeout(() => process.exit(), LINGER_MS_MAX).unref();
