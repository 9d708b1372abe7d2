#!/usr/bin/env node
import { runTarget } from './run-target.ts';

process.exitCode = await runTarget(process.argv.slice(2), process.env);
