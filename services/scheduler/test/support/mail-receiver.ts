import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';

/** A server that takes e-mail by SMTP (RFC 5321) and keeps it. */
export interface MailReceiver {
  url: string;
  mails: { from: string; to: string; text: string }[];
  close(): Promise<void>;
}

export async function startMailReceiver(): Promise<MailReceiver> {
  const mails: MailReceiver['mails'] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    void talk(socket, mails).catch(() => socket.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return {
    url: `smtp://127.0.0.1:${address.port}`,
    mails,
    close: async () => {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
}

async function talk(socket: Socket, mails: MailReceiver['mails']): Promise<void> {
  const say = (line: string) => void socket.write(`${line}\r\n`);
  const mail = { from: '', to: '', text: '' };
  let isData = false;
  say('220 test');
  for await (const line of createInterface({ input: socket })) {
    if (isData) {
      isData = line !== '.';
      if (isData) mail.text += `${line}\n`;
      else {
        mails.push({ ...mail });
        mail.text = '';
        say('250 taken');
      }
    } else if (line === 'DATA') {
      isData = true;
      say('354 go on');
    } else if (line === 'QUIT') {
      say('221 bye');
      socket.end();
    } else {
      mail.from = /^MAIL FROM:<(.*)>/.exec(line)?.[1] ?? mail.from;
      mail.to = /^RCPT TO:<(.*)>/.exec(line)?.[1] ?? mail.to;
      say('250 ok');
    }
  }
}
