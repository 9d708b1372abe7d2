import { waitFor } from '@pipeline/testing';
import { type ApiServer, startApiServer } from './support/api-server.ts';

/** What a browser has of the stream: the text so far, and how it leaves. */
interface Listener {
  text: () => string;
  ids: () => string[];
  leave: () => void;
}

describe('GET /api/events', () => {
  let server: ApiServer;
  const listeners: Listener[] = [];
  beforeAll(async () => {
    server = await startApiServer();
  });
  afterAll(async () => {
    for (const { leave } of listeners) leave();
    await server.close();
  });

  const listen = async (lastEventId?: string): Promise<Listener> => {
    const leaving = new AbortController();
    const response = await fetch(`${server.url}/api/events`, {
      headers: {
        authorization: `Bearer ${server.tokens.viewer}`,
        ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
      },
      signal: leaving.signal,
    });
    let text = '';
    const reading = async () => {
      const decoder = new TextDecoder();
      for await (const chunk of response.body ?? []) text += decoder.decode(chunk, { stream: true });
    };
    reading().catch(() => undefined);
    const listener = {
      text: () => text,
      ids: () => [...text.matchAll(/^id: (.+)$/gm)].map(([, id]) => id ?? ''),
      leave: () => leaving.abort(),
    };
    listeners.push(listener);
    await waitFor(() => text.includes('retry:'));
    return listener;
  };
  /** Something that pages are told of. */
  const pause = (verb: 'pause' | 'resume') => server.call('POST', `/pipelines/test/${verb}`, { body: {} });

  it('brings who comes back with Last-Event-ID what was missed: all of it, in order, once', async () => {
    const stays = await listen();
    const leaves = await listen();
    await pause('pause');
    await waitFor(() => leaves.text().includes('event: now'));
    leaves.leave();
    const [last = ''] = leaves.ids().slice(-1);
    const seen = stays.ids().length;
    await pause('resume');
    await waitFor(() => stays.ids().length > seen);
    await pause('pause');
    const missed = () => stays.ids().slice(stays.ids().indexOf(last) + 1);
    await waitFor(() => missed().length >= 2);
    const back = await listen(last);
    await waitFor(() => back.ids().length >= missed().length);
    expect(back.ids().slice(0, missed().length)).toEqual(missed());
    expect(back.text()).toContain('event: now');
    expect(back.text()).not.toContain('event: reset');
  });

  it('tells who was away for too long, or knew another process, to ask anew', async () => {
    const back = await listen('0123abcd-7');
    expect(back.text()).toContain('event: reset');
  });
});
