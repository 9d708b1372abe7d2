import { formatCount } from '@pipeline/protocol/format';
import { send } from '../../api.ts';
import type { Command } from '../../parts/action.tsx';
import { invalidate } from '../../queries.ts';
import type { Connection, Dependents, Requested } from '../../schema.ts';

export function checkCommand({ name }: Pick<Connection, 'name'>): Command {
  return {
    label: 'Check access',
    icon: 'refresh-cw',
    run: async () => {
      const { message } = await send<{ message: string }>('POST', `/api/connections/${name}/check`);
      invalidate(['/api/connections']);
      return message;
    },
  };
}

export function connectionCommands(connection: Connection): Command[] {
  const { pipeline, isPaused, label } = connection;
  return [
    checkCommand(connection),
    {
      label: 'Run now',
      icon: 'play',
      run: async () => (await send<Requested>('POST', `/api/pipelines/${pipeline}/runs`, {})).message,
    },
    {
      label: isPaused ? 'Resume' : 'Pause',
      icon: isPaused ? 'play' : 'pause',
      run: async () => {
        await send('POST', `/api/pipelines/${pipeline}/${isPaused ? 'resume' : 'pause'}`, ...(isPaused ? [] : [{}]));
        invalidate(['/api/connections', '/api/pipelines']);
        return isPaused ? `${label} runs by its schedule again` : `${label} is paused; a run that is live goes on`;
      },
    },
  ];
}

/** Removing shows first what depends on it; `dropTables` is a command of its own. */
export function removeCommand(
  { name, label }: Connection,
  dependents: Dependents,
  dropTables: boolean,
  done: () => void,
): Command {
  return {
    label: dropTables ? 'Remove it and its tables…' : 'Remove it, keep its tables…',
    needs: 'admin',
    question: () => ({
      title: `Remove ${label}?`,
      label: dropTables ? 'Remove it and drop the tables' : 'Remove it',
      isDanger: true,
      expect: name,
      body: (
        <p>
          {dropTables
            ? `${formatCount(dependents.tables.length, 'table')} with ${formatCount(dependents.rows, 'row')} are dropped.`
            : `${formatCount(dependents.tables.length, 'table')} with ${formatCount(dependents.rows, 'row')} stay as they are and get no newer.`}{' '}
          {dependents.models.length > 0 &&
            `Made of them: ${dependents.models.slice(0, 12).join(', ')}${dependents.models.length > 12 ? ' and more' : ''}.`}{' '}
          Its secrets are deleted.
        </p>
      ),
    }),
    run: async () => {
      await send('DELETE', `/api/connections/${name}`, { expected: name, dropTables });
      invalidate(['/api/connections', '/api/pipelines', '/api/streams']);
      done();
      return `${label} is removed`;
    },
  };
}
