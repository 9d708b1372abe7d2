#!/usr/bin/env -S node --disable-warning=ExperimentalWarning
import { runTap } from '@pipeline/tap-kit';
import { tap } from './tap.ts';

await runTap(tap);
