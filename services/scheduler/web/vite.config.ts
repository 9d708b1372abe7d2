import { defineConfig } from 'vite';
import { budgets } from './build/budgets.ts';
import { compressed } from './build/compressed.ts';
import { fontPreload } from './build/font-preload.ts';
import { sprite } from './build/sprite.ts';

export default defineConfig({
  plugins: [sprite(), fontPreload(), compressed(), budgets()],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    target: 'es2024',
    // An inlined font or picture would be loaded by everyone, and an inlined script is what the content security policy refuses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      // 'use client' means something to React's servers only.
      onLog(level, log, handle) {
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') handle(level, log);
      },
    },
  },
});
