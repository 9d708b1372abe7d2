// JavaScript: the package's types describe its CommonJS form, and this is a module.
import Sequencer from '@jest/test-sequencer';

/** Where Jest has not seen a file before, as in CI, it begins with the longest text. These take long in time, and are short to read: begun last, one of
 *  them keeps one worker busy while the other has nothing left. */
const SLOWEST = [
  'tests/containers/containers.',
  'tests/chaos/server-trouble.',
  'tests/e2e/three-cycles.',
  'tests/chaos/kill-loop.',
  'tests/chaos/failpoints.',
  'tests/chaos/soak.',
  'tests/browser/pages.',
  'tests/browser/story.',
  'tests/chaos/',
  'services/dbt-runner/test/',
  'libs/testing/test/local-servers.',
  'libs/service/test/run-service.',
  'services/tap-hubspot/test/service-memory.',
  'tests/',
  'services/target-postgres/test/fixtures.',
  'services/tap-hubspot/test/day.',
  'services/tap-wrike/test/engine.',
  'services/tap-hubspot/test/crm-engine.',
  'services/tap-hubspot/test/first-load.',
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
