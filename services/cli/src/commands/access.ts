import { Argument, type Command, Option } from 'commander';
import { type Part, paged, wholeNumber } from '../arguments.ts';
import { confirm } from '../confirm.ts';
import type { Context } from '../context.ts';
import { withDatabase } from '../database.ts';
import { minute, second } from '../words.ts';

const ROLES = ['viewer', 'operator', 'admin'] as const;
type Role = (typeof ROLES)[number];
/** Ten years, as the API has it. */
const DAYS_MAX = 3_650;
/** The pages of the dashboard. */
const PAGES = ['runs', 'streams', 'connections', 'connections/new', 'quarantine', 'models', 'system', 'api/docs'];

export function accessCommands(root: Command, context: Context): void {
  const { client, output } = context;
  const token = root.command('token').description('access tokens');
  paged(token.command('list').description('who has access')).action(async ({ limit, cursor }: Part) => {
    const page = await client.call('listTokens', { query: { limit, cursor } });
    context.showTable(
      page,
      ['id', 'name', 'role', 'last used', 'state'],
      page.items.map((item) => [
        item.id,
        item.name,
        item.role,
        item.lastUsedAt === null ? 'never' : minute(item.lastUsedAt),
        item.revokedAt === null ? 'valid' : 'revoked',
      ]),
      'there is no token',
    );
  });
  token
    .command('create <name>')
    .description('makes an access token and prints it, this once')
    .addOption(new Option('--role <role>', 'what it may').choices(ROLES).default('viewer'))
    .option('--days <n>', 'ends after so many; left out: it does not end', wholeNumber(1, DAYS_MAX))
    .option('--direct', 'in the database, as DB_HOST and the other variables say: also without a scheduler or a token')
    .action(async (name: string, { role, days, direct }: { role: Role; days?: number; direct?: boolean }) => {
      const wish = { name, role, days: days ?? null };
      const made = direct === true ? await createHere(wish) : await client.call('createToken', { body: wish });
      if (context.isJson()) return output.json(made);
      output.line(made.token);
      output.hint('it is shown this once');
    });
  token
    .command('revoke <id>')
    .description('ends its access and its sessions at once')
    .action(async (id: string) => {
      await confirm(context, `Whoever uses token ${id} is locked out at once.`);
      const response = await client.call('revokeToken', { params: { id } });
      context.show(response, `token ${id} is revoked`);
    });
  sessionCommands(root, context);
  otherCommands(root, context);
}

function sessionCommands(root: Command, context: Context): void {
  const { client } = context;
  const session = root.command('session').description('browsers that are logged in');
  paged(session.command('list').description('who is logged in, and from where')).action(
    async ({ limit, cursor }: Part) => {
      const page = await client.call('listSessions', { query: { limit, cursor } });
      context.showTable(
        page,
        ['id', 'token', 'role', 'since', 'last seen', 'from'],
        page.items.map((item) => [
          ...[item.id, item.name, item.role],
          ...[minute(item.createdAt), minute(item.lastSeenAt), item.address],
        ]),
        'nobody is logged in',
      );
    },
  );
  session
    .command('end <id>')
    .description('logs a browser out')
    .action(async (id: string) => {
      const response = await client.call('endSession', { params: { id } });
      context.show(response, `session ${id} is over`);
    });
}

function otherCommands(root: Command, context: Context): void {
  const { client } = context;
  root
    .command('whoami')
    .description('the name and the role of the token in use')
    .action(async () => {
      const own = await client.call('getMe', {});
      context.show(own, `${own.name}, ${own.role}`);
    });
  paged(root.command('audit').description('who did what')).action(async ({ limit, cursor }: Part) => {
    const page = await client.call('listAudit', { query: { limit, cursor } });
    context.showTable(
      page,
      ['at', 'who', 'what', 'of'],
      page.items.map((item) => [second(item.at), item.actor, item.action, item.target]),
      'nobody has done anything yet',
    );
  });
  root
    .command('open')
    .description('the address of the dashboard')
    .addArgument(new Argument('[page]').choices(PAGES))
    .action((page?: string) => {
      const url = `${client.url}/${page ?? ''}`;
      context.show({ url }, url);
    });
}

/** Whoever may write to the database may let people in. It is audited as a command of this machine. */
function createHere(wish: { name: string; role: Role; days: number | null }): Promise<{ id: string; token: string }> {
  return withDatabase(async ({ pool, control }) => {
    const token = control.newToken();
    const actor = 'command line';
    const entry = { actor, action: 'create-token', target: wish.name, details: { role: wish.role, days: wish.days } };
    const id = await control.operate(pool, entry, (client) =>
      control.insertToken(client, { ...wish, sha256: control.sha256(token), createdBy: actor }),
    );
    return { id, token };
  });
}
