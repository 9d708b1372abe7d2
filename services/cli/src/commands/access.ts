import type { Command } from 'commander';
import { confirm } from '../confirm.ts';
import type { Context } from '../context.ts';
import { withDatabase } from '../database.ts';
import { Ended, EXIT } from '../exit.ts';

const ROLES = ['viewer', 'operator', 'admin'] as const;

export function accessCommands(root: Command, context: Context): void {
  const { client, output } = context;
  const token = root.command('token').description('access tokens');
  token.command('list').action(async () => {
    const page = await client.call('listTokens', { query: {} });
    context.showTable(
      page,
      ['id', 'name', 'role', 'last used', 'state'],
      page.items.map((item) => [
        item.id,
        item.name,
        item.role,
        item.lastUsedAt?.slice(0, 16) ?? 'never',
        item.revokedAt === null ? 'valid' : 'revoked',
      ]),
    );
  });
  token
    .command('create <name>')
    .option('--role <role>', 'viewer, operator or admin', 'viewer')
    .option('--days <n>')
    .option('--direct', 'in the database, as DB_HOST and the other variables say: also without a scheduler or a token')
    .action(async (name: string, { role, days, direct }: { role: string; days?: string; direct?: boolean }) => {
      const known = ROLES.find((candidate) => candidate === role);
      if (known === undefined) throw new Ended(EXIT.usage, `"${role}" is no role: expected ${ROLES.join(', ')}`);
      const wish = { name, role: known, days: days === undefined ? null : Number(days) };
      const made = direct === true ? await createHere(wish) : await client.call('createToken', { body: wish });
      if (context.isJson()) return output.json(made);
      output.line(made.token);
      output.hint('it is shown this once');
    });
  token.command('revoke <id>').action(async (id: string) => {
    await confirm(context, `Whoever uses token ${id} is locked out at once.`);
    const response = await client.call('revokeToken', { params: { id } });
    context.show(response, `token ${id} is revoked`);
  });
  root
    .command('settings')
    .description('settings in force, never a secret')
    .action(async () => {
      const page = await client.call('listSettings', {});
      context.showTable(
        page,
        ['service', 'name', 'value', 'from'],
        page.items.map((item) => [item.service, item.name, item.value ?? '', item.origin]),
      );
    });
  root
    .command('audit')
    .description('who did what')
    .option('--limit <n>', 'rows', '50')
    .action(async ({ limit }: { limit: string }) => {
      const page = await client.call('listAudit', { query: { limit: Number(limit) } });
      context.showTable(
        page,
        ['at', 'who', 'what', 'of'],
        page.items.map((item) => [item.at.slice(0, 19), item.actor, item.action, item.target]),
      );
    });
  root
    .command('open [page]')
    .description('the address of the dashboard')
    .action((page?: string) => {
      const url = `${client.url}/${page ?? ''}`;
      context.show({ url }, url);
    });
}

/** Whoever may write to the database may let people in. It is audited as a command of this machine. */
function createHere(wish: {
  name: string;
  role: (typeof ROLES)[number];
  days: number | null;
}): Promise<{ id: string; token: string }> {
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
