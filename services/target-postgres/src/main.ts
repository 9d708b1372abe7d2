#!/usr/bin/env -S node --max-semi-space-size=8
import { runTarget } from './run-target.ts';

process.exitCode = await runTarget(process.argv.slice(2), process.env);
