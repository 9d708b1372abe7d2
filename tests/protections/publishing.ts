import type { Protection } from './protection.ts';

/** Of the broker and of what leaves a tap. */
export const publishing: Protection[] = [
  {
    protection: 'publishing is `mandatory`',
    file: 'libs/broker/test/publisher.integration.test.ts',
    test: 'fails a message that no queue takes, although the broker confirms it',
    mutation: 'would lose such a message in silence without the mandatory flag (mutation)',
  },
  {
    protection: 'waiting for RabbitMQ is said again as long as it lasts',
    file: 'libs/service/test/broker-watch.integration.test.ts',
    test: 'says so as long as it lasts, so that runs and alerts show it, and takes it back',
    mutation: 'would not be shown any more, a minute later, if it said so once only (mutation)',
  },
  {
    protection: 'a tap publishes for its own source only (topic permission)',
    file: 'libs/broker/test/users.integration.test.ts',
    test: 'fails what a tap publishes in the name of another source, and says which right is missing',
    mutation: 'would let a tap publish for another source without the topic permission (mutation)',
  },
  {
    protection: 'a name is looked up for private addresses when it is connected to',
    file: 'libs/tap-kit/test/public-address.integration.test.ts',
    test: 'is refused when it is connected to at %s: nothing is sent',
    mutation: 'would be given the token if nobody looked at the address (mutation)',
  },
  {
    protection: 'run.sh gives each service what it declares',
    file: 'services/supervisor/test/environment.integration.test.ts',
    test: '%s has the secrets that it needs in its environment, and no others',
    mutation: 'would have the secrets of all of them if it were given every variable (mutation)',
  },
];
