import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { PipelineError } from '@pipeline/protocol';
import { z } from 'zod';

const SCRIPT = join(import.meta.dirname, '../python/resident_dbt.py');
/** Importing dbt and parsing the project takes 3 s, on a machine under load ten times as long. */
const START_TIMEOUT_MS = 120_000;
const STDERR_CHARS_MAX = 2_000;

export interface DbtProcessOptions {
  python: string;
  projectDir: string;
  parseArguments: string[];
  environment: Record<string, string>;
}

export interface Invocation {
  isSuccess: boolean;
  /** Why dbt could not run at all. Nodes that failed are in its artifacts. */
  error: string | null;
}

export interface FinishedNode {
  uniqueId: string;
  status: string;
}

const Message = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready'), version: z.string() }),
  z.object({ type: z.literal('node'), id: z.int(), uniqueId: z.string(), status: z.string() }),
  z.object({ type: z.literal('done'), id: z.int(), isSuccess: z.boolean(), error: z.string().nullable() }),
]);

interface Call {
  onNode: (node: FinishedNode) => void;
  done: PromiseWithResolvers<Invocation>;
}

/** One life of `resident_dbt.py`, from its start to its death. */
export class DbtProcess {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #ready = Promise.withResolvers<string>();
  readonly #calls = new Map<number, Call>();
  #stderr = '';
  #callsMade = 0;

  constructor({ python, projectDir, parseArguments, environment }: DbtProcessOptions) {
    this.#child = spawn(python, [SCRIPT, projectDir, ...parseArguments], { env: environment });
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-STDERR_CHARS_MAX);
    });
    // A write to a process that has just died; its exit is what counts.
    this.#child.stdin.on('error', () => undefined);
    createInterface({ input: this.#child.stdout }).on('line', (line) => this.#take(line));
    this.#child.once('error', (cause) => this.#end(`${python}: ${cause.message}`));
    this.#child.once('close', (code, signal) => this.#end(`it ended with ${signal ?? `exit code ${code}`}`));
  }

  /** Resolves when dbt is loaded and the project parsed. @throws PipelineError `DBT_NOT_STARTED` */
  async ready(): Promise<void> {
    const timer = setTimeout(() => this.kill(), START_TIMEOUT_MS);
    await this.#ready.promise.finally(() => clearTimeout(timer));
  }

  get isRunning(): boolean {
    return this.#child.pid !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  get callsMade(): number {
    return this.#callsMade;
  }

  /** Runs dbt with these arguments. One call at a time makes sense: dbt is not safe for parallel runs in one process.
   *  @throws PipelineError `DBT_DIED` when the process ends before dbt does. */
  async invoke(
    args: string[],
    environment: Record<string, string>,
    onNode: (node: FinishedNode) => void,
  ): Promise<Invocation> {
    this.#callsMade += 1;
    const id = this.#callsMade;
    const done = Promise.withResolvers<Invocation>();
    this.#calls.set(id, { onNode, done });
    if (!this.isRunning) this.#end('it is not running');
    this.#send({ type: 'invoke', id, args, env: environment });
    return done.promise;
  }

  /** The process ends by itself after this long unless it is granted more. Null: no limit. */
  grantLease(seconds: number | null): void {
    this.#send({ type: 'lease', seconds });
  }

  /** Ends dbt wherever it stands. */
  kill(): void {
    this.#child.kill('SIGKILL');
  }

  /** Ends the process and waits until it is gone. */
  async stop(): Promise<void> {
    if (!this.isRunning) return;
    const closed = once(this.#child, 'close');
    this.kill();
    await closed;
  }

  #send(message: object): void {
    if (this.#child.stdin.writable) this.#child.stdin.write(`${JSON.stringify(message)}\n`);
  }

  #take(line: string): void {
    const message = Message.parse(JSON.parse(line));
    switch (message.type) {
      case 'ready':
        this.#ready.resolve(message.version);
        break;
      case 'node':
        this.#calls.get(message.id)?.onNode(message);
        break;
      case 'done':
        this.#calls.get(message.id)?.done.resolve(message);
        this.#calls.delete(message.id);
    }
  }

  #end(reason: string): void {
    this.#ready.reject(notStarted(reason, this.#stderr));
    for (const { done } of this.#calls.values()) done.reject(died(reason));
    this.#calls.clear();
  }
}

function notStarted(reason: string, stderr: string): PipelineError {
  const lastLine = stderr.trim().split('\n').at(-1) ?? '';
  return new PipelineError({
    code: 'DBT_NOT_STARTED',
    recovery: 'fix-config',
    message: `dbt did not start: ${[reason, lastLine].filter((text) => text !== '').join(', ')}. DBT_PYTHON must name a Python with the packages of services/dbt-runner/requirements.txt`,
  });
}

function died(reason: string): PipelineError {
  return new PipelineError({ code: 'DBT_DIED', recovery: 'retry', message: `the dbt process died: ${reason}` });
}
