import { randomBytes } from 'node:crypto';
import { decrypt, encrypt, encryptionKey } from '../src/access/encryption.ts';

const key = encryptionKey(randomBytes(32).toString('hex'));

test('what is encrypted can be decrypted with the same key under the same name', () => {
  expect(decrypt(key, 'xero', encrypt(key, 'xero', 'tøken'))).toBe('tøken');
});

test('the same text is encrypted differently each time', () => {
  expect(encrypt(key, 'xero', 'token').equals(encrypt(key, 'xero', 'token'))).toBe(false);
});

test('another key, another name or a changed byte opens nothing', () => {
  const sealed = encrypt(key, 'xero', 'token');
  const changed = Buffer.from(sealed);
  changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;
  const unreadable = expect.objectContaining({ code: 'CREDENTIALS_UNREADABLE' });
  expect(() => decrypt(encryptionKey(randomBytes(32).toString('base64')), 'xero', sealed)).toThrow(unreadable);
  expect(() => decrypt(key, 'wrike', sealed)).toThrow(unreadable);
  expect(() => decrypt(key, 'xero', changed)).toThrow(unreadable);
  expect(() => decrypt(key, 'xero', Buffer.alloc(3))).toThrow(unreadable);
});

test.each(['', 'short', 'a'.repeat(63), randomBytes(31).toString('base64'), randomBytes(33).toString('base64')])(
  'a key that is not 32 bytes is refused: %s',
  (text) => {
    expect(() => encryptionKey(text)).toThrow(expect.objectContaining({ code: 'CREDENTIALS_KEY_INVALID' }));
  },
);
