import vm from 'node:vm';
import { TestEnvironment } from 'jest-environment-node';

type Options = ConstructorParameters<typeof TestEnvironment>;

/** Node's own. Jest's hundred make each error of a test that retries or simulates ten times as dear. */
const STACK_TRACE_LIMIT = 10;

/** Jest's environment for Node with an ordinary global object. Jest's own is a proxy behind V8's interceptors, so that each `Map`, `Error` or
 *  `Promise` in a test is a call: what computes takes almost twice as long there. */
export default class PlainEnvironment extends TestEnvironment {
  constructor(...options: Options) {
    const { createContext } = vm;
    vm.createContext = () => createContext(vm.constants.DONT_CONTEXTIFY);
    try {
      super(...options);
    } finally {
      vm.createContext = createContext;
    }
    this.global.Error.stackTraceLimit = STACK_TRACE_LIMIT;
  }
}
