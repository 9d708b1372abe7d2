import type { SecurityPoint } from './security-point.ts';

const BROKER_USERS = 'libs/broker/test/users.integration.test.ts';
const SUPPLY_CHAIN = 'tests/conformance/supply-chain.test.ts';
const CONTAINERS = 'tests/containers/containers.test.ts';

/** Points of RabbitMQ, containers, secrets, logs and dependencies. */
export const operationPoints: SecurityPoint[] = [
  {
    point: 'a service that may do everything in RabbitMQ',
    done: 'a user per service with permissions, topic permissions and signed messages (docs/guides/roles.md); `guest` is never made, the management page is bound to this machine',
    tests: [
      { file: BROKER_USERS, name: 'does not let %s read %s' },
      { file: BROKER_USERS, name: 'does not let %s publish to %s' },
      { file: BROKER_USERS, name: 'lets %s neither make, delete nor bind anything' },
      { file: BROKER_USERS, name: 'fails what a tap publishes in the name of another source' },
      { file: BROKER_USERS, name: 'refuses a signature that is not that of the user' },
      { file: BROKER_USERS, name: 'knows no guest' },
      { file: 'services/loader/test/batch.test.ts', name: 'refuses a batch from %s' },
      { file: CONTAINERS, name: 'runs every service as a user of its own in PostgreSQL and in RabbitMQ' },
      { file: CONTAINERS, name: 'publishes ports on this machine only' },
    ],
  },
  {
    point: 'the ports of Erlang',
    done: 'not published; the cookie is made by chance',
    tests: [{ file: CONTAINERS, name: 'publishes ports on this machine only' }],
  },
  {
    point: 'a container that is taken over',
    done: 'no root, no capability, a read-only file system, bounded memory and processes, networks apart',
    tests: [
      {
        file: CONTAINERS,
        name: 'runs every container without rights: no root, nothing to write to, no capability, bounded memory and processes',
      },
      {
        file: CONTAINERS,
        name: 'ends what takes more memory or processes than its container has, and all of it together needs less than 2 GB',
      },
    ],
  },
  {
    point: 'secrets in the environment',
    done: 'files (`_FILE`), and `process.env` without them after the start; compose and `run.sh` give each service what it declares',
    tests: [
      {
        file: 'services/supervisor/test/environment.integration.test.ts',
        name: '%s has the secrets that it needs in its environment, and no others',
      },
      { file: CONTAINERS, name: 'keeps secrets out of what docker inspect and the logs show' },
      { file: CONTAINERS, name: 'gives a container its own secrets and nobody else’s' },
      {
        file: 'libs/service/test/config.test.ts',
        name: 'takes the value of a variable from the file that the variable with _FILE names',
      },
    ],
  },
  {
    point: 'secrets and records in logs, forged lines',
    done: 'redaction by name and by value, a whitelist of what is told of an error, escaped control characters',
    tests: [
      { file: 'libs/service/test/log.test.ts', name: 'masks credentials in any address' },
      { file: 'libs/service/test/log.test.ts', name: 'never holds a value that PostgreSQL refused' },
      { file: 'libs/service/test/log.test.ts', name: 'cannot be forged or coloured by what is logged' },
      { file: 'libs/postgres/test/failure.test.ts', name: 'quotes no value of a record' },
    ],
  },
  {
    point: 'a dependency that turns bad',
    done: 'exact versions and a lock file, no install scripts (`.npmrc`), few dependencies; in CI `npm run supply-chain`: audit, a week of age, list of parts (SBOM)',
    tests: [
      { file: SUPPLY_CHAIN, name: 'run no install script: .npmrc forbids all of them' },
      { file: SUPPLY_CHAIN, name: 'fail the gate when one brings an install script that nobody has named' },
      { file: SUPPLY_CHAIN, name: 'are at least a week old: %s is %s' },
      { file: SUPPLY_CHAIN, name: 'uses actions by commit, which nobody can move as a tag' },
      { file: SUPPLY_CHAIN, name: 'fail the gate with a high weakness, and say so where a registry has no audit' },
    ],
  },
];
