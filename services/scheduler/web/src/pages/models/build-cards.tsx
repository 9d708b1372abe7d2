import { formatDuration, formatMinute, formatNumber } from '@pipeline/protocol/format';
import { zone } from '../../clock.ts';
import { Columns } from '../../parts/bars.tsx';
import { Status } from '../../parts/status.tsx';
import type { Build, BuildItem } from '../../schema.ts';
import { type NameOf, shortName } from './node-name.ts';

const SLOWEST = 5;
const BAD = ['fail', 'error'];

interface BuildCardProps {
  build: Build;
  nameOf: NameOf;
}

export function TestsToLookAt({ build, nameOf }: BuildCardProps) {
  const found = build.nodes
    .filter(({ status }) => status === 'warn' || BAD.includes(status))
    .toSorted((a, b) => Number(b.status !== 'warn') - Number(a.status !== 'warn'));
  return (
    <section class="card" aria-labelledby="tests">
      <header>
        <h2 id="tests">Tests to look at</h2>
      </header>
      {found.length === 0 ? (
        <p class="pad muted">None: every test passed.</p>
      ) : (
        <table>
          <tbody>
            {found.map((node) => (
              <tr key={node.id}>
                <td class="fit">
                  <Status tone={node.status === 'warn' ? 'warn' : 'fail'}>{node.status}</Status>
                </td>
                <td class="clip">
                  <a href={`/models?node=${encodeURIComponent(node.id)}`} title={shortName(node)}>
                    {nameOf(node)}
                  </a>
                </td>
                <td class="num">{node.failures === null ? '' : formatNumber(node.failures)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

export function BuildTimes({ builds }: { builds: BuildItem[] }) {
  const ended = builds.filter(({ seconds }) => seconds !== null).toReversed();
  const [first, last] = [ended[0], ended.at(-1)];
  if (first === undefined || last === undefined) return null;
  const failed = ended.filter(({ state }) => state === 'failed').length;
  const times = ended.map(({ seconds }) => seconds ?? 0);
  return (
    <section class="card" aria-labelledby="times">
      <header>
        <h2 id="times">Build time</h2>
        <span class="end">{ended.length === 1 ? 'the only build' : `last ${ended.length} builds`}</span>
      </header>
      <div class="pad">
        <Columns
          columns={ended.map(({ seconds, state }) => ({
            value: seconds ?? 0,
            tone: state === 'failed' ? 'k-fail' : 'k-d2',
          }))}
          width={380}
          height={46}
          step={380 / Math.max(20, ended.length)}
          gap={3}
          fluid
          label={`Build time of ${ended.length} builds, ${formatDuration(Math.min(...times) * 1_000)} to ${formatDuration(Math.max(...times) * 1_000)}; ${failed} failed`}
        />
        <div class="axis" aria-hidden="true">
          <span>{formatMinute(first.requestedAt, zone.value)}</span>
          <span>
            {formatMinute(last.requestedAt, zone.value)}, {formatDuration((last.seconds ?? 0) * 1_000)}
          </span>
        </div>
      </div>
    </section>
  );
}

export function Slowest({ build, nameOf }: BuildCardProps) {
  const slowest = build.nodes.toSorted((a, b) => b.seconds - a.seconds).slice(0, SLOWEST);
  if (slowest.length === 0) return null;
  return (
    <section class="card" aria-labelledby="slowest">
      <header>
        <h2 id="slowest">Slowest</h2>
      </header>
      <table>
        <tbody>
          {slowest.map((node) => (
            <tr key={node.id}>
              <td class="clip">
                <a href={`/models?node=${encodeURIComponent(node.id)}`} title={shortName(node)}>
                  {nameOf(node)}
                </a>
              </td>
              <td class="num">{formatDuration(node.seconds * 1_000)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
