import { Counter, type Registry } from 'prom-client';

/** Counts the defects of a loop, a lease or a consumer: what nobody expected of it. */
export type Defects = (loop: string) => () => void;

/** The metric `service_defects_total`, to alert on: anything but 0 is a defect. */
export function createDefects(registry: Registry): Defects {
  const counter = new Counter({
    name: 'service_defects_total',
    help: 'Errors that nobody expected, by the loop, lease or consumer that met them. Anything but 0 is a defect.',
    labelNames: ['loop'],
    registers: [registry],
  });
  return (loop) => {
    // Zero is said as well, so that there is something to alert on.
    counter.inc({ loop }, 0);
    return () => counter.inc({ loop });
  };
}
