import { PipelineError } from '@pipeline/protocol';
import type { Extract } from '@pipeline/tap-kit';
import { inParallel } from '@pipeline/tap-kit';
import { ChildPace } from './child-pace.ts';
import type { ChildAccess, Children } from './children.ts';
import type { CrmObject } from './crm-object.ts';
import { LIST_PAGE } from './pages.ts';
import { rejected } from './rejected.ts';

/** Parents whose children are read together: as many as one request for associations takes. */
export const PARENTS_AT_ONCE = 1_000;

/** The child streams of one read. One that fails is out of it, and the parent and the others go on. */
export class ChildReaders {
  readonly #access: ChildAccess;
  readonly #pace: ChildPace;
  readonly #active: Set<Children>;

  constructor(access: ChildAccess, children: Iterable<Children>) {
    this.#active = new Set(children);
    this.#pace = new ChildPace(this.calls(PARENTS_AT_ONCE) / (PARENTS_AT_ONCE / LIST_PAGE));
    this.#access = { ...access, http: this.#pace.client(access.http) };
  }

  /** Told of each page that is listed meanwhile. */
  get pace(): Pick<ChildPace, 'page' | 'free'> {
    return this.#pace;
  }

  /** Requests for the children of so many parents. */
  calls(parents: number): number {
    return this.active.reduce((sum, child) => sum + child.calls(parents), 0);
  }

  get active(): readonly Children[] {
    return [...this.#active];
  }

  /** Proves that each can be read before anything is listed for it, but for those that were read last time. */
  async *probe(known: readonly string[]): AsyncGenerator<Extract> {
    for (const child of this.active.filter(({ shape }) => !known.includes(shape.name))) {
      yield* await this.#guarded(child, async () => {
        await child.probe?.(this.#access);
        return [];
      });
    }
  }

  /** The children of these parents, those of all streams at the same time. */
  async read(parents: readonly CrmObject[]): Promise<Extract[]> {
    if (parents.length === 0) return [];
    const reads = await inParallel(this.active, (child) =>
      this.#guarded(child, () => this.#childrenOf(child, parents)),
    );
    return reads.flat();
  }

  async #childrenOf(child: Children, parents: readonly CrmObject[]): Promise<Extract[]> {
    const { rows, faulty } = await child.read(this.#access, parents);
    const stream = child.shape.name;
    const [key = 'id'] = Object.keys(child.parentKey);
    return [
      ...(rows.length > 0 ? [{ type: 'records' as const, stream, records: rows }] : []),
      ...faulty.map((one) => rejected(stream, one, key)),
    ];
  }

  async #guarded(child: Children, work: () => Promise<Extract[]>): Promise<Extract[]> {
    try {
      return await work();
    } catch (error) {
      if (!isOfOneStream(error)) throw error;
      this.#active.delete(child);
      return [{ type: 'incomplete', stream: child.shape.name, error }];
    }
  }
}

/** A daily limit, a shutdown and refused credentials concern everything. */
function isOfOneStream(error: unknown): error is PipelineError {
  if (!(error instanceof PipelineError) || error.context['stopsRun'] === true) return false;
  return error.code !== 'INTERRUPTED' && error.code !== 'SOURCE_UNAUTHORISED';
}
