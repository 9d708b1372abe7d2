import { randomBytes } from 'node:crypto';
import type { GenericContainer, StartedTestContainer } from 'testcontainers';
import type { TestStack } from './connections.ts';
import { POSTGRES_SETTINGS } from './postgres-settings.ts';

const POSTGRES_IMAGE = 'postgres:17';
const RABBITMQ_IMAGE = 'rabbitmq:4-management';

/** Includes the download of an image. */
const START_TIMEOUT_MS = 180_000;
const STOP_TIMEOUT_MS = 5_000;

/** Names the process that will remove the container, so that the next run finds what a killed one left. */
const OWNER_LABEL = 'pipeline.test-stack.owner-pid';

/** Starts both servers as containers. @throws when no Docker engine responds or an image cannot be had. */
export async function startContainers(): Promise<TestStack> {
  // Testcontainers' own reaper is one more image to download; our label does its work.
  process.env['TESTCONTAINERS_RYUK_DISABLED'] ??= 'true';
  const { GenericContainer, Wait, getContainerRuntimeClient } = await import('testcontainers');
  const { container: client } = await getContainerRuntimeClient();
  await removeLeftovers(client.dockerode);

  const user = 'test';
  const password = randomBytes(16).toString('hex');
  const postgres = new GenericContainer(POSTGRES_IMAGE)
    .withEnvironment({ POSTGRES_USER: user, POSTGRES_PASSWORD: password })
    .withCommand([
      'postgres',
      ...Object.entries(POSTGRES_SETTINGS).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ])
    .withExposedPorts(5432)
    // Over TCP: the server that runs the image's first set-up listens on a socket file only. Asked until it responds, and not all the time.
    .withWaitStrategy(Wait.forSuccessfulCommand(`pg_isready --host=127.0.0.1 --username=${user}`));
  const rabbitmq = new GenericContainer(RABBITMQ_IMAGE)
    .withEnvironment({ RABBITMQ_DEFAULT_USER: user, RABBITMQ_DEFAULT_PASS: password })
    .withExposedPorts(5672, 15672)
    .withWaitStrategy(Wait.forHttp('/api/overview', 15672).withBasicCredentials(user, password).forStatusCode(200));

  const started = await startAll([postgres, rabbitmq]);
  const [database, broker] = started;
  if (database === undefined || broker === undefined) throw new Error('unreachable: both containers started');
  return {
    connections: {
      kind: 'containers',
      postgres: { host: database.getHost(), port: database.getMappedPort(5432), user, password },
      rabbitmq: {
        host: broker.getHost(),
        port: broker.getMappedPort(5672),
        managementPort: broker.getMappedPort(15672),
        user,
        password,
      },
    },
    stop: () => stopAll(started),
  };
}

async function startAll(containers: GenericContainer[]): Promise<StartedTestContainer[]> {
  const starts = await Promise.allSettled(
    containers.map((container) =>
      container
        .withLabels({ [OWNER_LABEL]: String(process.pid) })
        .withStartupTimeout(START_TIMEOUT_MS)
        .start(),
    ),
  );
  const failure = starts.find((start) => start.status === 'rejected');
  const started = starts.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []));
  if (failure === undefined) return started;
  await stopAll(started);
  throw failure.reason;
}

async function stopAll(containers: StartedTestContainer[]): Promise<void> {
  await Promise.all(containers.map((container) => container.stop({ timeout: STOP_TIMEOUT_MS, removeVolumes: true })));
}

type Docker = import('testcontainers').ContainerRuntimeClient['container']['dockerode'];

async function removeLeftovers(docker: Docker): Promise<void> {
  const containers = await docker.listContainers({ all: true, filters: { label: [OWNER_LABEL] } });
  for (const { Id, Labels } of containers) {
    if (isAlive(Number(Labels[OWNER_LABEL]))) continue;
    // Another run may be removing it at this moment.
    await docker
      .getContainer(Id)
      .remove({ force: true, v: true })
      .catch(() => undefined);
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
