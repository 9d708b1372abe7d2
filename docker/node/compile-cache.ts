// Fills NODE_COMPILE_CACHE while the image is built: imports every module of the service but its main file.
import { globSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { join } from 'node:path';

const folder = join(process.cwd(), 'service', 'src');
for (const path of globSync('**/*.ts', { cwd: folder })) {
  if (path !== 'main.ts') await import(join(folder, path));
}
flushCompileCache();
process.exit(0);
