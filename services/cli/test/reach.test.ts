import { readFileSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { join } from 'node:path';
import { type Route, type RouteName, routes } from '@pipeline/protocol/api';

const ROOT = join(import.meta.dirname, '../../..');
const list = Object.entries(routes) as [RouteName, Route][];

/** What the command line does in another way, or not at all, and why. */
const NOT_OF_THE_COMMAND_LINE: Partial<Record<RouteName, string>> = {
  login: 'it has a token and needs no session',
  logout: 'it has a token and needs no session',
  startConsent: "a consent is given in a browser; a tap's --connect does it without the page",
  finishConsent: 'the source sends the browser there',
  getConsent: 'a consent is given in a browser',
  runStream: 'run xero.invoices asks for it by runPipeline',
  createConnection: 'apply',
  changeConnection: 'apply',
  checkSettings: 'apply, then check',
  getNow: 'status: the same in short',
  getLoad: 'curves; the figures are metrics',
  getCycle: 'cycles has all of it',
  streamEvents: 'status --watch and logs -f ask again',
  getLogText: 'logs',
  getOpenApi: 'open api/docs',
  getDocs: 'open api/docs',
};
/** The same for the page. */
const NOT_OF_THE_PAGE: Partial<Record<RouteName, string>> = {
  finishConsent: 'the source sends the browser there',
  getStatus: 'getNow has all of it',
  listIncidents: 'getNow has those that are open, and what happened lists the others',
  getCycle: 'listCycles has all of it',
  listBatches: 'the waterfall shows each commit as a tick',
  listRuns: 'listCycles has all of it',
  getPipeline: 'listPipelines and getConnection have all of it',
  setSchedule: "saved with the connection's form",
  getDeadLetter: 'listDeadLetters has all of it',
  getOpenApi: 'for programs',
  getDocs: 'a page of its own',
};

async function sourceOf(pattern: string): Promise<string> {
  const texts: string[] = [];
  for await (const file of glob(pattern, { cwd: ROOT })) texts.push(readFileSync(join(ROOT, file), 'utf8'));
  return texts.join('\n');
}

/** How the page asks for this route: its path in a text, with something in the place of each parameter, perhaps behind another text. */
function askedFor({ method, path }: Route): RegExp {
  const inserted = String.raw`\$\{[^}]*\}`;
  const parts = path
    .split('/')
    .slice(2)
    .map((part) => (part.startsWith(':') ? inserted : `(?:${part.replace('.', String.raw`\.`)}|${inserted})`));
  const ends = parts.map((_, index) => `${inserted}/${parts.slice(index).join('/')}`);
  const text = `["'\`](?:/api/${parts.join('/')}|${ends.join('|')})["'\`?&$]`;
  return new RegExp(method === 'GET' ? text : `'${method}',\\s*${text}`);
}

describe('every route of the API', () => {
  it('is a command as well, or it is said why not', async () => {
    const source = await sourceOf('services/cli/src/**/*.ts');
    const called = ([name]: [RouteName, Route]) => new RegExp(`call(?:<'${name}'>|\\(\\s*'${name}')`).test(source);
    const missing = list.filter((route) => !called(route) && !(route[0] in NOT_OF_THE_COMMAND_LINE));
    expect(missing.map(([name]) => name).filter((name) => !source.includes(`'${name}'`))).toEqual([]);
    expect(list.filter((route) => called(route) && route[0] in NOT_OF_THE_COMMAND_LINE)).toEqual([]);
  });

  it('is used by the page as well, or it is said why not', async () => {
    const source = await sourceOf('services/scheduler/web/src/**/*.{ts,tsx}');
    const missing = list.filter(([name, route]) => !askedFor(route).test(source) && !(name in NOT_OF_THE_PAGE));
    expect(missing.map(([name]) => name)).toEqual([]);
  });
});
