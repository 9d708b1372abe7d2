import { PipelineError } from '@pipeline/protocol';
import { errorFields } from '../src/error-fields.ts';
import { prettyLine } from '../src/pretty-line.ts';
import { Redaction } from '../src/redaction.ts';

describe('the redaction', () => {
  const secret = 'p"w/ö-1234567890';
  const redaction = new Redaction();
  redaction.add(secret, 'postgres', 'short');

  it.each([
    ['as it is', secret],
    ['in JSON', JSON.stringify({ note: `it is ${secret}!` })],
    ['in a URL', `https://host/?key=${encodeURIComponent(secret)}`],
    ['in base64', Buffer.from(secret).toString('base64')],
    ['between letters', `x${secret}x`],
  ])('masks a secret %s', (_, text) => {
    const masked = redaction.apply(text);
    expect(masked).toContain('[redacted]');
    expect(masked).not.toMatch(/1234567890|MTIzNDU2Nzg5/);
  });

  it('masks credentials in any address', () => {
    expect(redaction.apply('to amqp://me:unknown@rabbit:5672/ now')).toBe('to amqp://[redacted]@rabbit:5672/ now');
  });

  it('masks a short secret where it stands alone, and not inside other words', () => {
    expect(redaction.apply('password=short')).toBe('password=[redacted]');
    expect(redaction.apply('pipeline_xero_to_postgres, a shortage')).toBe('pipeline_xero_to_postgres, a shortage');
  });

  it('knows the names of secret fields', () => {
    const names = ['authorization', 'Set-Cookie', 'refresh_token', 'clientSecret', 'DB_PASSWORD', 'api_key', 'apiKey'];
    for (const name of names) expect(redaction.field(name, 'x')).toBe('[redacted]');
    for (const name of ['rows', 'stream', 'key']) expect(redaction.field(name, 'x')).toBe('x');
  });
});

describe('what a log says of an error', () => {
  it('never holds a value that PostgreSQL refused', () => {
    const error = Object.assign(new Error('invalid input syntax for type integer: "canary"'), {
      code: '22P02',
      table: 'deals',
      column: 'amount',
      detail: 'Failing row contains (canary)',
      where: 'COPY deals, line 1, column amount: "canary"',
    });
    const fields = errorFields(
      new PipelineError({ code: 'X', recovery: 'fail', message: 'load failed', cause: error }),
    );
    expect(JSON.stringify(fields)).not.toContain('canary');
    expect(fields.cause?.message).toBe('a value was refused (SQLSTATE 22P02, table deals, column amount)');
  });

  it('never holds the request or the response of an HTTP error', () => {
    const error = Object.assign(new Error('Request failed with status code 401'), {
      config: { headers: { authorization: 'Bearer canary' } },
      response: { data: 'canary' },
    });
    expect(JSON.stringify(errorFields(error))).not.toContain('canary');
  });

  it('ends, however long the chain of causes is', () => {
    const error = new Error('round');
    error.cause = error;
    expect(JSON.stringify(errorFields(error)).match(/round/g)?.length).toBeLessThan(20);
  });

  it('names the reasons that Node hides in an AggregateError', () => {
    const error = new AggregateError([new Error('connect ECONNREFUSED ::1:5432'), new Error('and 127.0.0.1')]);
    expect(errorFields(error).message).toBe('connect ECONNREFUSED ::1:5432; and 127.0.0.1');
  });
});

describe('a log line for people', () => {
  const line = (entry: object) =>
    prettyLine(JSON.stringify({ level: 'info', time: 't', msg: 'catalog sent', ...entry }));

  it('starts with the pipeline and the system', () => {
    expect(line({ pipeline: 'pipeline_xero_to_postgres', system: 'xero', rows: 5 })).toBe(
      '[pipeline_xero_to_postgres] [xero] catalog sent rows=5\n',
    );
  });

  it('starts with [system] where there is no pipeline, and names what is worse than information', () => {
    expect(line({ level: 'error', service: 'loader' })).toBe('[system] error: catalog sent (loader)\n');
  });

  it('cannot be forged or coloured by what is logged', () => {
    expect(line({ msg: 'a\n[system] forged \u001b[31m', table: 'x\u202ey' })).toBe(
      '[system] a\\u000a[system] forged \\u001b[31m table=x\\u202ey\n',
    );
  });
});
