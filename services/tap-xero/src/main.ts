#!/usr/bin/env -S node --disable-warning=ExperimentalWarning --max-semi-space-size=4
import { runTap } from '@pipeline/tap-kit';
import { tap } from './tap.ts';

await runTap(tap);
