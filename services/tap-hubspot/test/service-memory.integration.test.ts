import { containerSettings } from '../../../tests/support/container-settings.ts';
import { serviceLoad } from '../../../tests/support/service-load.ts';

/** As many as 300 requests; more of them take more time, and hardly more memory: `node benchmarks/service-load.ts`. */
const DEALS = 10_000;
const STREAMS = 'deals,deals_contacts,deals_companies,deals_line_items,deals_tickets,deals_property_history'.split(',');
const RESIDENT_MAX_BYTES = 160_000_000;
const TEST_TIMEOUT_MS = 240_000;

/** Keeps every body of a response and what is made of it, as a reader would that holds its pages. */
const KEEP_PAGES = `
  const { concat } = Buffer;
  const pages = [];
  Buffer.concat = (...parts) => {
    const page = concat(...parts);
    pages.push(page, Buffer.from(page));
    return page;
  };
`;

/** The most that the service had resident while it read everything, its program file included. */
async function peak(options = ''): Promise<number> {
  const settings = containerSettings('tap-hubspot');
  const { usage, rows } = await serviceLoad({
    ...{ source: 'hubspot', deals: DEALS, streams: STREAMS, environment: {}, timeoutMs: TEST_TIMEOUT_MS },
    tapEnvironment: { ...settings, NODE_OPTIONS: `${settings['NODE_OPTIONS']} ${options}` },
  });
  expect(rows).toBeGreaterThan(DEALS);
  return usage['tap-hubspot']?.resident ?? Number.NaN;
}

describe('the memory of the service in its container', () => {
  it(
    'stays below 160 MB during a first load',
    async () => {
      expect(await peak()).toBeLessThan(RESIDENT_MAX_BYTES);
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'would not if it held its pages (mutation)',
    async () => {
      const code = `data:text/javascript;base64,${Buffer.from(KEEP_PAGES).toString('base64')}`;
      expect(await peak(`--import=${code}`)).toBeGreaterThan(RESIDENT_MAX_BYTES);
    },
    TEST_TIMEOUT_MS,
  );
});
