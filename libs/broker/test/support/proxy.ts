import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A way to the broker that fails when it is told to. */
export interface BrokerProxy {
  /** The broker's URL, through here. */
  url: string;
  /** Ends all connections without a word. */
  cut(): void;
  /** Ends a connection after so many bytes of the client; 0 stops that. */
  cutEveryBytes(count: number): void;
  /** Holds back what the broker says, or lets it through again. */
  mute(isMuted: boolean): void;
  /** Throws away what the broker says, or lets it through again. */
  swallow(isSwallowing: boolean): void;
  /** Connections ended so far. */
  readonly cuts: number;
  close(): Promise<void>;
}

export async function startProxy(brokerUrl: string): Promise<BrokerProxy> {
  const target = new URL(brokerUrl);
  const links = new Set<{ client: Socket; broker: Socket }>();
  let cuts = 0;
  let bytesMax = 0;
  let isMuted = false;
  let isSwallowing = false;

  const server = createServer((client) => {
    const link = { client, broker: connect(Number(target.port), target.hostname) };
    const { broker } = link;
    let written = 0;
    links.add(link);
    const end = () => {
      links.delete(link);
      client.destroy();
      broker.destroy();
    };
    client.on('data', (bytes) => {
      written += bytes.length;
      if (bytesMax > 0 && written > bytesMax) {
        cuts += 1;
        end();
      } else broker.write(bytes);
    });
    broker.on('data', (bytes) => isSwallowing || client.write(bytes));
    if (isMuted) broker.pause();
    for (const socket of [client, broker]) socket.on('error', end).on('close', end);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(brokerUrl);
  url.hostname = '127.0.0.1';
  url.port = String(portOf(server.address()));

  const cut = () => {
    for (const { client, broker } of links) {
      cuts += 1;
      client.destroy();
      broker.destroy();
    }
  };
  return {
    url: url.href,
    cut,
    cutEveryBytes: (count) => {
      bytesMax = count;
    },
    mute: (muted) => {
      isMuted = muted;
      for (const { broker } of links) muted ? broker.pause() : broker.resume();
    },
    swallow: (swallowing) => {
      isSwallowing = swallowing;
    },
    get cuts() {
      return cuts;
    },
    close: async () => {
      cut();
      server.close();
      await once(server, 'close');
    },
  };
}

function portOf(address: AddressInfo | string | null): number {
  if (typeof address !== 'object' || address === null) throw new Error('the proxy does not listen');
  return address.port;
}
