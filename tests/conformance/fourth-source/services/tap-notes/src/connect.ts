import type { Connected, HttpClient } from '@pipeline/tap-kit';

export async function connect(http: HttpClient): Promise<Connected> {
  await http.json({ path: '/notes' });
  return {};
}
