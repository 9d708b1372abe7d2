import { formatDuration, formatNumber } from '@pipeline/protocol/format';
import { Prose } from '../../parts/prose.tsx';
import { Time } from '../../parts/time.tsx';
import type { Run, TaskItem } from '../../schema.ts';

/** The attempts of a task, opened in the waterfall. */
export function Attempts({ run, task }: { run: Run; task: TaskItem }) {
  return (
    <div class="line">
      <div class="pad btns">
        <h3>
          <a class="link" href={`/streams/${run.source}/${task.stream}`}>
            {task.stream}
          </a>
          {task.children.length > 0 && <span class="muted"> with {task.children.join(', ')}</span>}
        </h3>
      </div>
      {task.error !== null && (
        <p class="pad soft anywhere">
          <Prose text={task.error} />
        </p>
      )}
      <div class="scroll">
        <table>
          <caption class="vh">Attempts of {task.stream}</caption>
          <thead>
            <tr>
              <th>Attempt</th>
              <th>Result</th>
              <th>Began</th>
              <th>Window</th>
              <th class="num">Rows read</th>
              <th class="num">Requests</th>
              <th class="num">Waited</th>
            </tr>
          </thead>
          <tbody>
            {task.attempts.map((attempt) => (
              <tr key={attempt.epoch}>
                <td class="mono">{attempt.epoch}</td>
                <td>
                  {attempt.state}
                  {attempt.fullRead && <span class="muted">, whole stream</span>}
                </td>
                <td class="nowrap">
                  <Time at={attempt.startedAt} as="clock" />
                </td>
                <td class="mono small soft">
                  {attempt.windowFrom ?? ''}
                  {attempt.windowTo !== null && ` to ${attempt.windowTo}`}
                </td>
                <td class="num">{formatNumber(attempt.rowsRead)}</td>
                <td class="num">
                  {formatNumber(attempt.requests)}
                  {attempt.requestsFailed !== null && attempt.requestsFailed > 0 && (
                    <span class="muted"> {attempt.requestsFailed} failed</span>
                  )}
                </td>
                <td class="num">
                  {formatDuration(
                    attempt.waits.reduce((sum, { from, until }) => sum + Date.parse(until) - Date.parse(from), 0),
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}
