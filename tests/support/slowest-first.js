// JavaScript: the package's types describe its CommonJS form, and this is a module.
import Sequencer from '@jest/test-sequencer';

/** Where Jest has not seen a file before, as in CI, it begins with the longest text. These take long in time, and are short to read: begun last, one of
 *  them keeps one worker busy while the other has nothing left. */
const SLOWEST = [
  'services/tap-hubspot/test/day.',
  'services/tap-wrike/test/engine.',
  'services/tap-hubspot/test/crm-engine.',
  'services/tap-hubspot/test/first-load.',
  'services/target-postgres/test/fixtures.',
  'services/dbt-runner/test/trouble.',
  'services/dbt-runner/test/builds.',
  'services/dbt-runner/test/replicas.',
  'tests/simulation/simulation.',
  'tests/simulation/more-seeds.',
  'tests/chaos/soak.',
  'tests/chaos/server-trouble.',
  'tests/chaos/failpoints.',
  'tests/chaos/kill-loop.',
  'tests/browser/story.',
];

/** Jest's order, with the slowest files of a layer before all others. */
export default class SlowestFirst extends Sequencer {
  sort(tests) {
    return [...super.sort(tests)].sort((one, other) => rank(one.path) - rank(other.path));
  }
}

function rank(path) {
  const index = SLOWEST.findIndex((part) => path.includes(part));
  return index === -1 ? SLOWEST.length : index;
}
